import type { ResourceCall } from "../http/call.ts";
import { notFound } from "../http/status-error.ts";
import type { KubeObject } from "../objects/object.ts";

export function namespaceOf({ resource, info }: ResourceCall): string {
  return resource.namespaced ? info.namespace : "";
}

/** The stored object that a call names; 404 when there is none. */
export function findObject(call: ResourceCall): KubeObject {
  const { services, resource, info } = call;
  const object = services.cluster.store.get(resource.storage, namespaceOf(call), info.name);
  if (object === undefined) throw notFound(resource, info.name);
  return object;
}
