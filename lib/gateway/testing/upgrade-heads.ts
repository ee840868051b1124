import { ALICE_TOKEN } from "./test-gateway.ts";

export const EXEC = "/api/v1/namespaces/shop/pods/web-1/exec";

export interface UpgradeHead {
  path?: string;
  method?: string;
  token?: string | null;
  protocols?: string[];
  lines?: string[];
}

/** A WebSocket handshake as kubectl writes it. */
export function webSocketHead({
  path = `${EXEC}?command=ls&command=-l&container=web&stdout=true`,
  method = "GET",
  token = ALICE_TOKEN,
  protocols = ["v5.channel.k8s.io"],
  lines = [],
}: UpgradeHead = {}): string {
  return head(method, path, [
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
    "Sec-WebSocket-Key: rZeycM0Tma6Lrsc/MAFULA==",
    ...(protocols.length > 0 ? [`Sec-WebSocket-Protocol: ${protocols.join(", ")}`] : []),
    ...lines,
  ]);
}

/** A SPDY upgrade as kubectl writes it. */
export function spdyHead({
  path = `${EXEC}?command=ls&stdout=true`,
  method = "POST",
  token = ALICE_TOKEN,
  lines = [],
}: UpgradeHead = {}): string {
  return head(method, path, [
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...["Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io"],
    ...["X-Stream-Protocol-Version: channel.k8s.io", "Content-Length: 0"],
    ...lines,
  ]);
}

function head(method: string, path: string, lines: string[]): string {
  return [`${method} /k8s/clusters/prod${path} HTTP/1.1`, "Host: gateway", ...lines, "\r\n"].join("\r\n");
}
