import type { SessionKind } from "../../access/policy/circumstances.ts";
import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import { isSession, type RequestInfo } from "./request-info.ts";

/** Which session a request opens; null where it is none. */
export function sessionKindOf(info: RequestInfo): SessionKind | null {
  if (info.unwatched) return "unwatched";
  return isSession(info) ? (info.subresource as SessionKind) : null;
}

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

/** Which session a call with these attributes would open, as far as they tell; null where it would be none. */
export function sessionKindAskedFor(asks: RequestAttributes): SessionKind | null {
  if (!asks.isResourceRequest || !SESSION_SUBRESOURCES.has(asks.subresource)) return null;
  return isSession(asks) ? (asks.subresource as SessionKind) : "unwatched";
}
