import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { findChannelProtocol, TUNNELLED_PORT_FORWARD } from "../../../lib/wire/channel-protocol.ts";
import { serveSpdyCommand } from "./spdy-command.ts";
import { serveSpdyPortForward } from "./spdy-port-forward.ts";
import type { StreamRequest } from "./stream-request.ts";
import { serveTunnelledPortForward } from "./tunnelled-port-forward.ts";
import { acceptSpdy, acceptWebSocket, listHeader, refuseUpgrade, wantsUpgrade } from "./upgrade-response.ts";
import { UpgradedSocket } from "./upgraded-socket.ts";
import { serveWebSocketCommand } from "./websocket-command.ts";
import { serveWebSocketPortForward } from "./websocket-port-forward.ts";

export type { StreamRequest } from "./stream-request.ts";

const BEARER_SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";
const SPDY_COMMAND_PROTOCOLS = [
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
];
const SPDY_PORT_FORWARD_PROTOCOLS = ["portforward.k8s.io"];
const V5 = "v5.channel.k8s.io";

/**
 * Serves exec, attach and port-forward on an upgraded connection: WebSocket (v5, v4, base64, none, tunnelled SPDY) and
 * SPDY/3.1. Takes the socket over, answers the handshake itself, and never throws; what is no valid upgrade gets an
 * ordinary 400 or 403 answer.
 */
export function handleStreamUpgrade(
  request: StreamRequest,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on("error", () => socket.destroy());
  const serving = wantsUpgrade(req, "websocket")
    ? serveWebSocket(request, req, socket, head)
    : wantsUpgrade(req, "spdy/3.1")
      ? serveSpdy(request, req, socket, head)
      : refuse(socket, 400, `Upgrade request required: "Upgrade" must be websocket or SPDY/3.1`);
  serving.catch(() => socket.destroy());
}

async function serveWebSocket(
  request: StreamRequest,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  if (req.headers["sec-websocket-version"] !== "13" || req.headers["sec-websocket-key"] === undefined) {
    return refuse(socket, 400, "missing or bad WebSocket-Version or Sec-WebSocket-Key");
  }
  const offered = listHeader(req, "sec-websocket-protocol").filter(
    (name) => !name.startsWith(BEARER_SUBPROTOCOL),
  );
  const tunnelled = request.subresource === "portforward" && offered.includes(TUNNELLED_PORT_FORWARD);
  if (tunnelled) {
    acceptWebSocket(req, socket, TUNNELLED_PORT_FORWARD);
    return serveTunnelledPortForward({ request, transport: new UpgradedSocket(socket), head });
  }
  const name = chooseChannelProtocol(request, offered);
  const protocol = name === undefined ? undefined : findChannelProtocol(name);
  if (protocol === undefined) {
    return refuse(socket, 403, `requested protocol(s) are not supported: [${offered.join(" ")}]`);
  }
  acceptWebSocket(req, socket, protocol.name);
  const session = { request, protocol, transport: new UpgradedSocket(socket), head };
  return request.subresource === "portforward"
    ? serveWebSocketPortForward(session)
    : serveWebSocketCommand(session);
}

/** kube-apiserver answers v5 itself wherever it is offered; otherwise kubelet takes the first name that it knows. */
function chooseChannelProtocol(request: StreamRequest, offered: string[]): string | undefined {
  if (offered.length === 0) return "";
  const forCommands = request.subresource !== "portforward";
  if (forCommands && offered.includes(V5)) return V5;
  return offered.find((name) => {
    if (name === V5) return false;
    return forCommands
      ? findChannelProtocol(name) !== undefined
      : /^v4(\.base64)?\.channel\.k8s\.io$/.test(name);
  });
}

async function serveSpdy(
  request: StreamRequest,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const offered = listHeader(req, "x-stream-protocol-version");
  const accepted =
    request.subresource === "portforward" ? SPDY_PORT_FORWARD_PROTOCOLS : SPDY_COMMAND_PROTOCOLS;
  // Clients older than the negotiation send no version: the first protocol, unnamed in the answer.
  const version = offered.length === 0 ? "" : offered.find((name) => accepted.includes(name));
  if (version === undefined) {
    refuseUpgrade(socket, {
      code: 403,
      text: `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(" ")}], server accepts [${accepted.join(" ")}]`,
      headers: accepted.map((name) => `X-Accepted-Stream-Protocol-Versions: ${name}`),
    });
    return;
  }
  acceptSpdy(socket, version);
  const transport = new UpgradedSocket(socket);
  return request.subresource === "portforward"
    ? serveSpdyPortForward({ request, transport, head })
    : serveSpdyCommand({ request, transport, head, version });
}

async function refuse(socket: Duplex, code: number, text: string): Promise<void> {
  refuseUpgrade(socket, { code, text });
}
