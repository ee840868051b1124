import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Whether the request asks for that protocol in its Upgrade header. */
export function wantsUpgrade(req: IncomingMessage, protocol: "websocket" | "spdy/3.1"): boolean {
  return (req.headers.upgrade ?? "").toLowerCase() === protocol;
}

/** Values of a header that may be repeated or hold a comma-separated list. */
export function listHeader(req: IncomingMessage, name: string): string[] {
  const values = req.headersDistinct[name] ?? [];
  return values
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

/** Answers a WebSocket handshake (RFC 6455, section 4.2.2) as kube-apiserver writes it. */
export function acceptWebSocket(req: IncomingMessage, socket: Duplex, subprotocol: string): void {
  const key = req.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1").update(`${key}${WEBSOCKET_GUID}`).digest("base64");
  const head = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  if (subprotocol !== "") head.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
}

/** Answers a SPDY/3.1 upgrade as kubelet writes it. */
export function acceptSpdy(socket: Duplex, protocolVersion: string): void {
  const head = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: SPDY/3.1"];
  if (protocolVersion !== "") head.push(`X-Stream-Protocol-Version: ${protocolVersion}`);
  head.push(`Date: ${new Date().toUTCString()}`);
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
}

/** Answers an upgrade with an ordinary response and closes the connection. */
export function refuseUpgrade(
  socket: Duplex,
  input: { code: number; text: string; headers?: string[] },
): void {
  const body = Buffer.from(input.text);
  const head = [
    `HTTP/1.1 ${input.code} ${STATUS_CODES[input.code]}`,
    ...(input.headers ?? []),
    "Content-Type: text/plain; charset=utf-8",
    `Date: ${new Date().toUTCString()}`,
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
}
