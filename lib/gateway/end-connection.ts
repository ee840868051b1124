import type { Duplex } from "node:stream";

/** How long what the client still sends is read and thrown away. */
const LINGER_MS = 1_000;

/**
 * Writes the last bytes of a connection and closes it. What the client sent meanwhile is read and dropped for a moment: closed
 * with unread bytes, the connection would be reset and the answer lost on its way (RFC 9112 §9.6).
 */
export function endConnection(socket: Duplex, lastBytes: Buffer | null): void {
  const destroy = () => socket.destroy();
  const timer = setTimeout(destroy, LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.removeAllListeners("data");
  socket.on("data", () => undefined);
  socket.once("end", () => {
    if (socket.writableFinished) destroy();
    else socket.once("finish", destroy);
  });
  socket.resume();
  if (lastBytes === null) socket.end();
  else socket.end(lastBytes);
}
