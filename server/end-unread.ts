import type { IncomingMessage, ServerResponse } from "node:http";

/** How long the rest of a body that nobody wants is read and thrown away. */
const LINGER_MS = 5_000;

/**
 * Ends an answer while the request's body still comes. The answer goes out whole; what comes is dropped for a moment, since a connection
 * closed with unread bytes is reset and the answer lost (RFC 9112 §9.6). Then it is closed, so that nobody keeps it by sending on. The head
 * must be written, with `Content-Length` and `Connection: close`.
 */
export function endUnread(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  const end = () => response.end();
  response.once("close", () => clearTimeout(timer));
  response.write(body);
  if (request.complete) end();
  else request.once("end", end).resume();
}
