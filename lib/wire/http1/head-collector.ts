import { MAX_REQUEST_HEAD_BYTES } from "./head-text.ts";
import { CR, LF } from "./octets.ts";

const FIRST_BYTES = 4_096;

/**
 * Puts a head together that comes in pieces, at a bounded cost for each byte however they are cut. `read`: readRequestHead, or
 * readResponseHead for its request.
 */
export class HeadCollector<Head> {
  readonly #read: (bytes: Buffer, from: number) => Head | null;
  #held: Buffer = Buffer.alloc(0);
  #length = 0;
  /** From so many bytes on what has come is read again, also without its end: what cannot become a head is found early. */
  #nextLook = 0;

  constructor(read: (bytes: Buffer, from: number) => Head | null) {
    this.#read = read;
  }

  /** All that has come, the head first. */
  get bytes(): Buffer {
    return this.#held.subarray(0, this.#length);
  }

  /** The head, once it is whole: its `end` is an index of `bytes`. The chunk is copied. Throws a HeadError. */
  push(chunk: Buffer): Head | null {
    const start = this.#length;
    this.#add(chunk);
    if (!this.#hasEnd(chunk, start) && this.#length < this.#nextLook) return null;
    this.#nextLook = Math.min(this.#length * 2, MAX_REQUEST_HEAD_BYTES);
    return this.#read(this.bytes, 0);
  }

  #add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#held.length * 2, FIRST_BYTES));
      this.#held.copy(larger, 0, 0, this.#length);
      this.#held = larger;
    }
    chunk.copy(this.#held, this.#length);
    this.#length = length;
  }

  /** Whether with a chunk, which begins at `start`, an empty line has come. */
  #hasEnd(chunk: Buffer, start: number): boolean {
    const held = this.#held;
    for (let found = chunk.indexOf(LF); found !== -1; found = chunk.indexOf(LF, found + 1)) {
      const at = start + found;
      // A bare LF before it is enough: it makes the head none.
      if (at >= 1 && held[at - 1] === LF) return true;
      if (at >= 2 && held[at - 1] === CR && held[at - 2] === LF) return true;
    }
    return false;
  }
}
