import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { AppError } from "../../errors.ts";
import { MOST_MESSAGE_BYTES, RAW_PROTOCOL, WEBSOCKET_SUBPROTOCOL } from "../protocol/endpoints.ts";

/** An upgrade as a server has it. */
export interface UpgradeRequest {
  request: IncomingMessage;
  socket: Duplex;
  /** What came right behind the request's head. */
  head: Buffer;
}

/** Changes a connection's protocol: says 101 with these headers, and gives the stream of bytes that it carries from then on. */
export type ChangeProtocol = (headers: Record<string, string>) => Promise<Duplex>;

/** By what an agent wants to speak. @throws AppError `invalid_argument` for anything else. */
export function protocolOf(upgrade: UpgradeRequest): ChangeProtocol {
  const { headers } = upgrade.request;
  const asked = headers.upgrade?.toLowerCase();
  if (asked === RAW_PROTOCOL) return (answer) => changeToRaw(upgrade, answer);
  const subprotocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
  if (asked === "websocket" && subprotocols.includes(WEBSOCKET_SUBPROTOCOL)) {
    return (answer) => changeToWebSocket(upgrade, answer);
  }
  throw new AppError(
    "invalid_argument",
    `Upgrade: takes ${RAW_PROTOCOL}, or websocket with the subprotocol ${WEBSOCKET_SUBPROTOCOL}.`,
  );
}

async function changeToRaw(
  { socket, head }: UpgradeRequest,
  headers: Record<string, string>,
): Promise<Duplex> {
  const lines = Object.entries({ Connection: "Upgrade", Upgrade: RAW_PROTOCOL, ...headers });
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  // HTTP/2 takes over the connection's handle: the end of a write that began before it would end this process (an assertion of Node's).
  await new Promise<void>((resolve, reject) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${text}\r\n`, (error) =>
      error ? reject(error) : resolve(),
    );
  });
  if (head.length > 0) socket.unshift(head);
  return socket;
}

/** One for all: it keeps nothing. */
const webSockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MOST_MESSAGE_BYTES,
  handleProtocols: () => WEBSOCKET_SUBPROTOCOL,
});
const answers = new WeakMap<IncomingMessage, Record<string, string>>();
webSockets.on("headers", (lines, request) => {
  for (const [name, value] of Object.entries(answers.get(request) ?? {})) lines.push(`${name}: ${value}`);
});

function changeToWebSocket(
  { request, socket, head }: UpgradeRequest,
  headers: Record<string, string>,
): Promise<Duplex> {
  answers.set(request, headers);
  return new Promise((resolve, reject) => {
    // ws answers a head that is none, and closes.
    socket.once("close", () => reject(new Error("the connection ended before it was a WebSocket")));
    webSockets.handleUpgrade(request, socket, head, (webSocket) => resolve(createWebSocketStream(webSocket)));
  });
}
