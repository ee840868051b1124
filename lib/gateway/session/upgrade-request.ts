import type { IncomingMessage } from "node:http";
import { Refusal } from "../answer/refusal.ts";
import type { ForwardableCall } from "../call/call.ts";
import { headerLines } from "../request/raw-headers.ts";
import { isSession, type RequestInfo } from "../request/request-info.ts";
import { isWebSocketUpgrade, readSubprotocols } from "../request/subprotocols.ts";

export type UpgradeProtocol = "websocket" | "SPDY/3.1";

/**
 * Which protocol an upgrade request asks for, or why it is refused. A WebSocket handshake is a GET (RFC 6455 §4.1) and SPDY
 * comes as a POST from every Kubernetes client; the other way round, one of them would be taken for the wrong verb.
 */
export function readUpgrade(request: IncomingMessage, info: RequestInfo): UpgradeProtocol | Refusal {
  const protocols = headerLines(request.rawHeaders, "upgrade");
  if (protocols.length !== 1 || !isUpgradable(info)) {
    return new Refusal("BadRequest", "this request cannot change protocols");
  }
  if (request.headers["transfer-encoding"] !== undefined || !isEmptyBody(request.headers["content-length"])) {
    return new Refusal("BadRequest", "a request that changes protocols must have no body");
  }
  if (isWebSocketUpgrade(request)) {
    return request.method === "GET"
      ? "websocket"
      : new Refusal("BadRequest", `a WebSocket handshake must be a GET, not a ${request.method}`);
  }
  if (protocols[0]?.toUpperCase() === "SPDY/3.1") {
    return request.method === "POST"
      ? "SPDY/3.1"
      : new Refusal("BadRequest", `a change to SPDY/3.1 must be a POST, not a ${request.method}`);
  }
  return new Refusal(
    "BadRequest",
    "the protocol in the Upgrade header is not taken: websocket and SPDY/3.1 are",
  );
}

/**
 * The handshake's own headers for the cluster: without the token's subprotocol, and for a session without extensions: Kubernetes
 * negotiates none, and compressed frames could not be watched. `headers`: what goes on already.
 */
export function upgradeHeaders(
  request: IncomingMessage,
  { headers, info }: Pick<ForwardableCall, "headers" | "info">,
  protocol: UpgradeProtocol,
): string[] {
  const dropsExtensions = isSession(info);
  const result: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (dropsExtensions && headers[i]!.toLowerCase() === "sec-websocket-extensions") continue;
    result.push(headers[i]!, headers[i + 1]!);
  }
  const { offered } = readSubprotocols(request.rawHeaders);
  if (offered.length > 0) result.push("Sec-WebSocket-Protocol", offered.join(", "));
  result.push("Connection", "Upgrade", "Upgrade", protocol);
  return result;
}

/** Where Kubernetes speaks another protocol: sessions, proxied programs, watches and logs for browsers, and what other APIs make of it. */
function isUpgradable(info: RequestInfo): boolean {
  if (!info.isResourceRequest) return false;
  return (
    info.unwatched === true ||
    isSession(info) ||
    info.verb === "watch" ||
    info.subresource === "proxy" ||
    info.subresource === "log"
  );
}

function isEmptyBody(contentLength: string | undefined): boolean {
  return contentLength === undefined || contentLength === "0";
}
