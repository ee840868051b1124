/** A frame that the disk did not take. */
export interface UnwrittenFrame {
  bytes: Buffer;
  /** The call whose intent it closes. */
  closes: string | null;
}

const MAX_FRAMES = 10_000;
const MAX_BYTES = 32 * 2 ** 20;

/** Outcomes that are kept in memory while the disk fails: their calls failed for the client, but they did happen. Bounded. */
export class UnwrittenFrames {
  #frames: UnwrittenFrame[] = [];
  #bytes = 0;

  get size(): number {
    return this.#frames.length;
  }

  /** Answers whether there was room. */
  keep(frame: UnwrittenFrame): boolean {
    if (this.#frames.length >= MAX_FRAMES || this.#bytes + frame.bytes.length > MAX_BYTES) return false;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return true;
  }

  takeAll(): UnwrittenFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}
