import type { Services } from "../http/call.ts";
import { createObject } from "../objects/create-object.ts";
import type { Fields } from "../objects/fields.ts";
import type { KubeObject, NewObject } from "../objects/object.ts";
import { updateObject } from "../objects/update-object.ts";

const day = 24 * 60 * 60_000;
export const minute = 60_000;
export const hour = 60 * minute;

/** An object without the kind and version, which its resource tells. */
export type SeedObject = { metadata: NewObject["metadata"]; [field: string]: unknown };

/** Writes the seeded objects, in a made-up past that the controllers live through too. */
export class SeedContext {
  readonly services: Services;
  readonly #start: number;

  constructor(services: Services) {
    this.services = services;
    this.#start = Date.now();
  }

  get cluster() {
    return this.services.cluster;
  }

  /** Goes to a time before the start, in days or as milliseconds with `agoMs`. */
  goToDaysAgo(days: number): void {
    this.cluster.clock.setVirtual(new Date(this.#start - days * day));
  }

  goToAgo(milliseconds: number): void {
    this.cluster.clock.setVirtual(new Date(this.#start - milliseconds));
  }

  /** Lets the controllers work for a while. */
  settle(milliseconds = minute): void {
    this.cluster.clock.settle(milliseconds);
  }

  create(storage: string, object: SeedObject, manager = "kubectl-create"): KubeObject {
    const resource = this.cluster.registry.storage(storage);
    const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
    const whole = { kind: resource.kind, apiVersion, ...object } as NewObject;
    return createObject({ cluster: this.cluster, resource, object: whole, manager });
  }

  /** Creates an object as `kubectl apply` does, with what was applied in its annotation. */
  apply(storage: string, object: SeedObject): KubeObject {
    const resource = this.cluster.registry.storage(storage);
    const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
    const { metadata, ...rest } = object;
    const applied = { apiVersion, kind: resource.kind, metadata: { annotations: {}, ...metadata }, ...rest };
    const annotations = {
      ...metadata.annotations,
      "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(applied)}\n`,
    };
    return this.create(
      storage,
      { ...rest, metadata: { ...metadata, annotations } },
      "kubectl-client-side-apply",
    );
  }

  update(
    storage: string,
    object: KubeObject,
    change: (object: KubeObject) => KubeObject,
    manager = "kubectl-set",
  ): KubeObject {
    const resource = this.cluster.registry.storage(storage);
    const { namespace = "", name } = object.metadata;
    const before = this.cluster.store.get(storage, namespace, name) ?? object;
    return updateObject({ cluster: this.cluster, resource, before, after: change(before), manager });
  }

  updateStatus(storage: string, object: KubeObject, status: Fields, manager = "kubelet"): KubeObject {
    const resource = this.cluster.registry.storage(storage);
    const { namespace = "", name } = object.metadata;
    const before = this.cluster.store.get(storage, namespace, name) ?? object;
    const after = { ...before, status: { ...before.status, ...status } };
    return updateObject({ cluster: this.cluster, resource, before, after, manager, subresource: "status" });
  }
}
