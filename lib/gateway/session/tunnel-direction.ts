import type { Duplex } from "node:stream";
import type { FrameBoundary } from "../../wire/frame-boundary.ts";

export interface TunnelDirectionInput {
  /** Follows the frames that are passed on; null: nothing is to follow them. */
  frames: FrameBoundary | null;
  from: Duplex;
  to: Duplex;
  /** Sees a chunk before it is passed on; a promise, which never rejects, holds it back. */
  observe(chunk: Buffer): Promise<unknown> | undefined;
}

/**
 * One direction of a tunnel. Reads on only while the receiver takes more and no observer holds a chunk back; then at most one chunk is held
 * here, and the rest is what the two sockets buffer.
 */
export class TunnelDirection {
  readonly #from: Duplex;
  readonly #to: Duplex;
  readonly #observe: TunnelDirectionInput["observe"];
  readonly #frames: FrameBoundary | null;
  /** The latest, where an observer holds it. */
  #heldChunk: Buffer | null = null;
  /** The receiver's buffer is full. */
  #full = false;
  #stopped = false;
  /** The sender's connection has ended; to be called once all that came on it has been passed on. */
  #whenPassed: (() => void) | null = null;

  /** Nothing is to be passed on behind the frame under way; to be called once its end has been. */
  #whenFrameEnds: (() => void) | null = null;

  constructor({ from, to, observe, frames }: TunnelDirectionInput) {
    this.#frames = frames;
    this.#from = from;
    this.#to = to;
    this.#observe = observe;
    to.on("drain", this.#onDrain);
  }

  /** The sender is not being read: it may have more to say. */
  get isWaiting(): boolean {
    return this.#heldChunk !== null || this.#full;
  }

  /** Reads from the sender. `head`: what it sent before. */
  start(head: Buffer): void {
    if (head.length > 0) this.#take(head);
    if (!this.#stopped) this.#from.on("data", this.#take);
  }

  /** The sender's connection has ended: `then` once all that came on it has been passed on. */
  end(then: () => void): void {
    if (this.#whenPassed !== null || this.#stopped) return;
    this.#whenPassed = then;
    this.#from.off("data", this.#take);
    if (this.#heldChunk === null) this.#passRest();
  }

  /** Passes on the rest of the frame under way, and nothing behind it: `then` once that is done, at once where there is none. */
  endFrame(then: () => void): void {
    if (this.#frames === null || this.#stopped) return;
    this.#whenFrameEnds = then;
    if (this.#frames.bytesLeft === 0) this.#endOfFrame();
  }

  /** Waits no longer for whoever holds a chunk. Once the end of a frame is waited for: no more of it passes than ends that frame. */
  passHeld(): void {
    const chunk = this.#heldChunk;
    if (chunk === null) return;
    this.#heldChunk = null;
    this.#pass(chunk);
    this.#goOn();
  }

  /** Nothing is read or passed on any more. */
  stop(): void {
    this.#stopped = true;
    this.#from.off("data", this.#take);
    this.#to.off("drain", this.#onDrain);
  }

  readonly #take = (chunk: Buffer): void => {
    if (this.#stopped) return;
    const holding = this.#observe(chunk);
    if (holding === undefined) this.#pass(chunk);
    else this.#hold(chunk, holding);
  };

  #hold(chunk: Buffer, holding: Promise<unknown>): void {
    this.#heldChunk = chunk;
    this.#from.pause();
    holding.then(() => this.passHeld());
  }

  #pass(chunk: Buffer): void {
    if (this.#stopped || !this.#to.writable) return;
    if (this.#whenFrameEnds !== null) this.#passRestOfFrame(chunk);
    else {
      this.#frames?.pass(chunk);
      this.#write(chunk);
    }
  }

  #write(chunk: Buffer): void {
    if (this.#to.write(chunk)) return;
    this.#full = true;
    this.#from.pause();
  }

  #passRestOfFrame(chunk: Buffer): void {
    const rest = this.#frames?.passToEnd(chunk) ?? 0;
    if (rest > 0) this.#write(chunk.subarray(0, rest));
    if (this.#frames?.bytesLeft === 0) this.#endOfFrame();
  }

  #endOfFrame(): void {
    this.stop();
    this.#whenFrameEnds?.();
  }

  readonly #onDrain = (): void => {
    this.#full = false;
    this.#goOn();
  };

  #goOn(): void {
    if (this.#stopped || this.#heldChunk !== null) return;
    if (this.#whenPassed !== null) this.#passRest();
    else if (!this.#full) this.#from.resume();
  }

  /** Where the receiver was slow, or an observer, what came before the connection broke is still in its buffer. */
  #passRest(): void {
    for (let chunk = this.#from.read(); chunk !== null; chunk = this.#from.read()) {
      this.#take(chunk);
      if (this.#heldChunk !== null || this.#stopped) return;
    }
    const then = this.#whenPassed;
    this.#whenPassed = () => undefined;
    then?.();
  }
}
