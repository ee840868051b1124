import type { Cluster } from "../cluster.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";

/** The resource in the version that is stored. */
export function storageResource(cluster: Cluster, resource: Resource): Resource {
  return cluster.registry.storage(resource.storage);
}

/** A stored object in the version that was asked for. */
export function fromStorage(resource: Resource, object: KubeObject): KubeObject {
  return resource.conversion?.fromStorage(object) ?? object;
}

export function toStorage(resource: Resource, object: KubeObject): KubeObject {
  return resource.conversion?.toStorage(object) ?? object;
}
