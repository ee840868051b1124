import type { SessionKind } from "./circumstances.ts";
import type { RequestAttributes } from "./request-attributes.ts";

/**
 * Subresources that are only ever asked for by an upgrade: KubeVirt's (https://kubevirt.io/api-reference/main/operations.html) beside
 * Kubernetes' own. Of any other nothing tells beforehand whether a client will ask for it so.
 */
const SESSION_SUBRESOURCES: ReadonlySet<string> = new Set([
  "exec",
  "attach",
  "portforward",
  "console",
  "vnc",
  "usbredir",
  "vsock",
]);
const POD_SESSIONS: ReadonlySet<string> = new Set<SessionKind>(["exec", "attach", "portforward"]);

/** Which session a call with these attributes would open, as far as they tell; null where it would be none. */
export function sessionKindAskedFor(asks: RequestAttributes): SessionKind | null {
  if (!asks.isResourceRequest || !SESSION_SUBRESOURCES.has(asks.subresource)) return null;
  const isOfPod = asks.resource === "pods" && POD_SESSIONS.has(asks.subresource);
  return isOfPod ? (asks.subresource as SessionKind) : "unwatched";
}
