import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";

/** A connection in memory: what the other side sends is put in by `send`, what this side writes is kept. */
export class ByteStream extends Duplex {
  readonly written: Buffer[] = [];
  #isStopped = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }

  /** Nothing of it waits for anything outside: after a turn all that follows from a piece has happened. */
  async send(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      if (this.destroyed || this.#isStopped) return;
      this.push(piece);
      await nextTurn();
    }
    await nextTurn();
  }

  /** Nothing more that is sent comes here. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The other side sends no more. */
  async finish(): Promise<void> {
    if (!this.destroyed) this.push(null);
    await nextTurn();
    await nextTurn();
  }

  // What Node asks of a socket.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
