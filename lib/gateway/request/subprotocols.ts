import type { RequestHead } from "./client-request.ts";
import { headerMembers } from "./raw-headers.ts";

/** A bearer token as a WebSocket subprotocol: the prefix, then the token in base64url without padding. */
const TOKEN_PREFIX = "base64url.bearer.authorization.k8s.io.";

export interface Subprotocols {
  /** Without the tokens: what goes on to the cluster, in order. */
  offered: string[];
  /** Tokens that came as subprotocols; an undecodable one is empty. */
  tokens: string[];
}

/** Takes the subprotocols of a WebSocket handshake apart (k8s.io/apiserver/pkg/authentication/request/websocket). */
export function readSubprotocols(rawHeaders: readonly string[]): Subprotocols {
  const offered: string[] = [];
  const tokens: string[] = [];
  for (const protocol of headerMembers(rawHeaders, "sec-websocket-protocol")) {
    // In other letters it is no token to kube-apiserver, and still somebody's secret.
    if (protocol.toLowerCase().startsWith(TOKEN_PREFIX))
      tokens.push(decodeToken(protocol.slice(TOKEN_PREFIX.length)));
    else offered.push(protocol);
  }
  return { offered, tokens };
}

export function isWebSocketUpgrade(request: Pick<RequestHead, "headers">): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

function decodeToken(encoded: string): string {
  return /^[A-Za-z0-9_-]+$/.test(encoded) ? Buffer.from(encoded, "base64url").toString("utf8") : "";
}
