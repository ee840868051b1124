import { setImmediate } from "node:timers/promises";
import type { UnwrittenFrame } from "./unwritten.ts";

export interface PendingFrame extends UnwrittenFrame {
  /** Position of the byte after it. */
  end: number;
  waiter: { resolve(position: number): void; reject(error: Error): void };
}

/** What may wait for one write at most, so that one write does not grow without bound. */
const MAX_GROUP_BYTES = 4 * 2 ** 20;
/** Turns of the event loop that a group may gather for at most. */
const MAX_GATHERING_TURNS = 8;

/** Frames that wait for their write, in order; those that wait together go together. */
export class PendingFrames {
  #frames: PendingFrame[] = [];

  get size(): number {
    return this.#frames.length;
  }

  add(frame: PendingFrame): void {
    this.#frames.push(frame);
  }

  /**
   * Waits for as long as each turn of the event loop brings more frames, then takes what one write may take. A write costs as much whether it is
   * for one call or for many, and a turn takes microseconds where nothing comes.
   */
  async takeGroup(): Promise<PendingFrame[]> {
    let before = 0;
    for (let turn = 0; turn < MAX_GATHERING_TURNS && this.size > before; turn++) {
      before = this.size;
      await setImmediate();
    }
    let bytes = 0;
    let count = 0;
    for (const frame of this.#frames) {
      bytes += frame.bytes.length;
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
      count += 1;
    }
    return this.#frames.splice(0, count);
  }

  /** Moves what waits to later positions. */
  shift(by: number): void {
    for (const frame of this.#frames) frame.end += by;
  }

  takeAll(): PendingFrame[] {
    return this.#frames.splice(0);
  }
}
