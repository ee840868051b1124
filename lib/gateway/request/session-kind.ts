import type { SessionKind } from "../../access/policy/circumstances.ts";
import { isSession, type RequestInfo } from "./request-info.ts";

/** Which session a request opens; null where it is none. */
export function sessionKindOf(info: RequestInfo): SessionKind | null {
  if (info.unwatched) return "unwatched";
  return isSession(info) ? (info.subresource as SessionKind) : null;
}
