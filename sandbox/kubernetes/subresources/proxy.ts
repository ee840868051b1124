import type { ResourceCall } from "../http/call.ts";
import { StatusError } from "../http/status-error.ts";
import { at, listOf, textOf } from "../objects/fields.ts";
import { findObject } from "../rest/find-object.ts";

/** A Status of 503 in the words of the proxy subresources. */
function unavailable(message: string): StatusError {
  return new StatusError({ code: 503, reason: "ServiceUnavailable", message });
}

/** `pods/proxy`, `services/proxy` and `nodes/proxy`: nothing in this cluster answers HTTP by itself. */
export function handleProxy(call: ResourceCall): void {
  const { resource, info, services } = call;
  // The name may be `https:name:port`.
  const parts = info.name.split(":");
  const name = parts.length === 3 ? (parts[1] ?? "") : (parts[0] ?? "");
  const port = parts.length > 1 ? (parts.at(-1) ?? "80") : "80";
  const named: ResourceCall = { ...call, info: { ...info, name } };
  const object = findObject(named);
  if (resource.resource === "services") {
    const endpoints = services.cluster.store.get("/endpoints", info.namespace, name);
    if (listOf(at(endpoints, "subsets")).length === 0)
      throw unavailable(`no endpoints available for service "${name}"`);
  }
  const address = textOf(at(object, "status", "podIP")) || textOf(at(object, "spec", "clusterIP")) || name;
  throw unavailable(
    `error trying to reach service: dial tcp ${address}:${port}: connect: connection refused`,
  );
}
