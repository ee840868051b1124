import type { Duplex } from "node:stream";

const IDLE_TIMEOUT_MS = 4 * 60 * 60 * 1000;
/** How long a client may take to read what was written last: without a byte either way, and in all. */
const CLOSE_IDLE_TIMEOUT_MS = 300_000;
const CLOSE_TIMEOUT_MS = 3_600_000;

/** Where the frames of a session go, and how it asks to receive less. */
export interface SessionTransport {
  /** Writes the pieces one after the other. Resolves when there is room for more, or when the connection is gone. */
  write(pieces: Buffer[]): Promise<void>;
  /** Receives nothing more until the promise settles. */
  holdInput(until: Promise<unknown>): void;
  /** Says no more: what was written is sent, then the connection closes. */
  end(): void;
  /** True once nothing can be sent any more. */
  readonly isClosed: boolean;
}

/** A connection after its 101: bytes in, bytes out, back-pressure both ways. */
export class UpgradedSocket implements SessionTransport {
  readonly #socket: Duplex;
  #holds = 0;
  #drained: Promise<void> | null = null;
  #closed = false;
  #onClose: (() => void)[] = [];

  constructor(socket: Duplex) {
    this.#socket = socket;
    if ("setNoDelay" in socket) (socket as Duplex & { setNoDelay(on: boolean): void }).setNoDelay(true);
    this.#closeWhenIdle(IDLE_TIMEOUT_MS);
    socket.on("error", () => this.#markClosed());
    socket.on("close", () => this.#markClosed());
    socket.on("end", () => this.#markClosed());
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Starts to deliver bytes: `head` is what came together with the upgrade request. */
  start(head: Buffer, onBytes: (chunk: Buffer) => void): void {
    if (head.length > 0) onBytes(head);
    this.#socket.on("data", onBytes);
    if (this.#holds > 0) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Called once, when the other end is gone or the connection is closed. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.push(listener);
  }

  async write(pieces: Buffer[]): Promise<void> {
    if (this.#closed || this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.cork();
    let hasRoom = true;
    for (const piece of pieces) hasRoom = this.#socket.write(piece);
    this.#socket.uncork();
    if (!hasRoom) await this.#untilDrained();
  }

  holdInput(until: Promise<unknown>): void {
    this.#holds++;
    this.#socket.pause();
    const release = () => {
      this.#holds--;
      if (this.#holds === 0) this.#socket.resume();
    };
    until.then(release, release);
  }

  end(): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.end();
    // Closed while the client still sends (its pings), the connection would be reset, and what it has not read yet lost.
    this.#closeWhenIdle(CLOSE_IDLE_TIMEOUT_MS);
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS);
    timer.unref();
    this.#socket.once("close", () => clearTimeout(timer));
    this.#socket.resume();
  }

  #closeWhenIdle(milliseconds: number): void {
    const socket = this.#socket as Duplex & { setTimeout?(ms: number, then: () => void): void };
    socket.setTimeout?.(milliseconds, () => socket.destroy());
  }

  #untilDrained(): Promise<void> {
    this.#drained ??= new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off("drain", done);
        this.#socket.off("close", done);
        this.#drained = null;
        resolve();
      };
      this.#socket.on("drain", done);
      this.#socket.on("close", done);
    });
    return this.#drained;
  }

  #markClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#onClose.splice(0)) listener();
    // A half-open connection is of no use to any of these protocols.
    if (!this.#socket.writableEnded) this.#socket.end();
  }
}
