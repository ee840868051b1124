import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** How long a connection that has said its last word is waited for. */
export interface Patience {
  /** Milliseconds without a byte either way. */
  idleMs: number;
  /** Milliseconds in all. */
  totalMs: number;
}

/** For nobody known: the answer is small, and a body that goes on and on keeps no connection. */
export const FOR_STRANGERS: Patience = { idleMs: 5_000, totalMs: 5_000 };
/**
 * For somebody whose token counts. What a slow reader (a pager, a full pipe) has not read yet is in the buffers of both
 * kernels, where nothing shows how far it got; kubectl sends a ping every five seconds meanwhile.
 */
export const FOR_CALLERS: Patience = { idleMs: 300_000, totalMs: 3_600_000 };

/**
 * Writes the last bytes of a connection, says that no more comes, and closes it when the client has closed too. What the client
 * still sends is read and dropped: closed with unread bytes, or while bytes come in, the connection would be reset, and what is
 * still on its way would be lost (RFC 9112 §9.6).
 */
export function endConnection(socket: Duplex, lastBytes: Buffer | null, patience: Patience): void {
  closeWhenClientDoes(socket, patience);
  socket.removeAllListeners("data");
  socket.on("data", () => undefined);
  socket.resume();
  if (lastBytes === null) socket.end();
  else socket.end(lastBytes);
}

/**
 * The same where Node's server still reads the connection, and once all of the last answer was written: what is left of the
 * request's body has a reader that drops it. What comes after that is no request any more; see `isEnding`.
 */
export function endHttpConnection(socket: Socket, patience: Patience): void {
  closeWhenClientDoes(socket, patience);
  socket.end();
}

/** Whether the last answer of a connection was given: a further request on it must not be taken (RFC 9112 §9.6). */
export function isEnding(socket: Duplex): boolean {
  return socket.writableEnded;
}

function closeWhenClientDoes(socket: Duplex, { idleMs, totalMs }: Patience): void {
  const destroy = () => socket.destroy();
  const timer = setTimeout(destroy, totalMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
  // A socket's own time-out counts bytes both ways, also those of a long write that only partly went.
  (socket as Duplex & Partial<Pick<Socket, "setTimeout">>).setTimeout?.(idleMs, destroy);
  const destroyWhenWritten = () => {
    if (socket.writableFinished) destroy();
    else socket.once("finish", destroy);
  };
  if (socket.readableEnded) destroyWhenWritten();
  else socket.once("end", destroyWhenWritten);
}
