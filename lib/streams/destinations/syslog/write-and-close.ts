import { once } from "node:events";
import type { Socket } from "node:net";

export type OpenSyslog = (signal: AbortSignal) => Promise<Socket>;

/** For a receiver that has read to the end, to close its side. */
const CLOSED_WITHIN_MS = 15_000;

/**
 * Writes on a connection of their own, ends it, and waits until the receiver has ended its side: it has read everything then. A receiver that
 * goes away before resets the connection, or ends it before we do.
 * @throws Error where anything else comes of it.
 */
export async function writeAndClose(
  open: OpenSyslog,
  pieces: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const socket = await open(signal);
  const stop = AbortSignal.any([signal, AbortSignal.timeout(CLOSED_WITHIN_MS)]);
  const onStop = () => socket.destroy(signal.aborted ? signal.reason : new NotClosed());
  stop.addEventListener("abort", onStop, { once: true });
  try {
    const closed = whenClosed(socket);
    // A failure is thrown by what waits for it below.
    closed.catch(() => {});
    await write(socket, pieces, closed);
    socket.end();
    await closed;
  } finally {
    stop.removeEventListener("abort", onStop);
    socket.destroy();
  }
}

class NotClosed extends Error {
  constructor() {
    super(
      `the receiver has not closed its side within ${CLOSED_WITHIN_MS / 1_000} s of the end of a batch: where it never does, set Delivered when to written`,
    );
  }
}

/** Resolves when both sides have ended, ours first. */
async function whenClosed(socket: Socket): Promise<void> {
  let endedFirst = false;
  socket.once("end", () => {
    endedFirst = !socket.writableEnded;
  });
  // What a receiver says is nothing that we know; without reading it, its end is never seen.
  socket.resume();
  await once(socket, "close");
  if (endedFirst || !socket.writableFinished)
    throw new Error("the receiver closed the connection before it had everything");
}

/** Writes with the receiver's pace, and resolves when all of it has left this process. `closed`: settles when the connection does. */
export async function write(
  socket: Socket,
  pieces: readonly Buffer[],
  closed: Promise<unknown>,
): Promise<void> {
  let left: Promise<unknown> = Promise.resolve();
  for (const piece of pieces) {
    let goesOn = true;
    left = new Promise((resolve) => {
      goesOn = socket.write(piece, resolve);
    });
    if (!goesOn) await Promise.race([left, closed]);
  }
  await Promise.race([left, closed]);
}
