import { once } from "node:events";
import type { Socket } from "node:net";
import { type OpenSyslog, write } from "./write-and-close.ts";

/**
 * A connection that stays open between batches. What was written may still be lost with it: when it breaks, the batch before is written again on the
 * next one, as repeats with the ids that they had.
 */
export class KeptConnection {
  readonly #open: OpenSyslog;
  #socket: Socket | null = null;
  #closed: Promise<unknown> = Promise.resolve();
  /** The last batch that counted as written. */
  #last: readonly Buffer[] = [];

  constructor(open: OpenSyslog) {
    this.#open = open;
  }

  /** @throws Error where it is not written, or the connection broke meanwhile. */
  async write(pieces: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const again = this.#isOpen() ? [] : this.#last;
    const socket = await this.#connected(signal);
    const onAbort = () => socket.destroy(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await write(socket, [...again, ...pieces], this.#closed);
      await this.#stillOpen();
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    this.#last = pieces;
  }

  close(): void {
    this.#socket?.end();
  }

  #isOpen(): boolean {
    return this.#socket?.writable === true && !this.#socket.readableEnded && !this.#socket.destroyed;
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    if (this.#socket && this.#isOpen()) return this.#socket;
    this.#socket?.destroy();
    const socket = await this.#open(signal);
    this.#closed = once(socket, "close");
    this.#closed.catch(() => {});
    socket.on("error", () => {});
    socket.resume();
    this.#socket = socket;
    return socket;
  }

  /** Whatever the network has said meanwhile is heard first. */
  async #stillOpen(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.#isOpen()) throw new Error("the receiver closed the connection while it was being written to");
  }
}
