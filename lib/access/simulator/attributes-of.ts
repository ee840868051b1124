import type { RequestAttributes } from "../policy/request-attributes.ts";
import type { SimulateInput } from "./schema.ts";

type Named = Pick<SimulateInput, "verb" | "apiGroup" | "resource" | "namespace" | "name" | "path">;

/** What is asked of the cluster, from words: the resource with its subresource, or a path. */
export function attributesOf({ resource: named, path, ...rest }: Named): RequestAttributes {
  const [resource = "", ...subresource] = named.split("/");
  const { verb } = rest;
  if (named === "") {
    const nothing = { apiGroup: "", namespace: "", resource: "", subresource: "", name: "" };
    return { isResourceRequest: false, path, verb, ...nothing };
  }
  return { isResourceRequest: true, path: "", resource, subresource: subresource.join("/"), ...rest };
}
