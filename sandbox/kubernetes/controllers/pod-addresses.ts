import { at, isFields, listOf, textOf } from "../objects/fields.ts";
import type { Client } from "./controller.ts";

/** Pod addresses: a /24 for each node, as flannel hands them out. */
export class PodAddresses {
  #next = new Map<string, number>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  nodeAddress(node: string): string {
    const found = this.#client.get("/nodes", "", node);
    const addresses = listOf(at(found, "status", "addresses")).filter(isFields);
    return textOf(addresses.find(({ type }) => type === "InternalIP")?.address);
  }

  allocate(node: string): string {
    const cidr = textOf(at(this.#client.get("/nodes", "", node), "spec", "podCIDR")) || "10.42.0.0/24";
    const next = this.#next.get(node) ?? 2;
    this.#next.set(node, next >= 254 ? 2 : next + 1);
    return cidr.replace(/\.\d+\/\d+$/, `.${next}`);
  }
}
