import type { ClusterRequest } from "../../clusters/calls/cluster-call.ts";
import type { ForwardableCall } from "../call/call.ts";
import { announcedLength, announcesBody } from "../request/announced-body.ts";
import type { RequestHead } from "../request/client-request.ts";
import { isMutation, type RequestInfo } from "../request/request-info.ts";

/** How long a cluster may take to begin an answer that is not long-running. */
const HEAD_TIMEOUT_MS = 300_000;

/** The request for the cluster. Its body is the one that was read before, or comes from the client as it goes. */
export function clusterRequest(
  head: RequestHead,
  { upstream, target, headers, body, permit }: ForwardableCall,
  { longRunning, isRetry }: { longRunning: boolean; isRetry: boolean },
): ClusterRequest {
  return {
    method: head.method ?? "GET",
    path: upstream.basePath + target.path + target.query,
    headers: withoutLength(headers),
    body: body ?? (announcesBody(head) ? announcedLength(head) : null),
    headTimeoutMs: longRunning ? 0 : HEAD_TIMEOUT_MS,
    carrierTag: permit.agentTag,
    isRetry,
  };
}

/** How long the body is, the connection to the cluster says itself. */
function withoutLength(headers: string[]): string[] {
  for (let i = 0; i < headers.length; i += 2) {
    if (isContentLength(headers[i]!)) {
      return headers.filter((_text, at) => !isContentLength(headers[at - (at % 2)]!));
    }
  }
  return headers;
}

function isContentLength(name: string): boolean {
  return name.length === 14 && name.toLowerCase() === "content-length";
}

const BROKEN_CONNECTION: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/**
 * A kept-alive connection may end at the moment it is used again. A request without a body that changes nothing and got no
 * answer at all may be made once more, as Go's and browsers' clients do (RFC 9110 §9.2.2).
 */
export function mayRetry(head: RequestHead, info: RequestInfo, error: NodeJS.ErrnoException): boolean {
  return !isMutation(info) && !announcesBody(head) && BROKEN_CONNECTION.has(error.code ?? "");
}
