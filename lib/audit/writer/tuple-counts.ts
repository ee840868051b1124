const LEAST_SLOTS = 64;
/** The golden ratio's and another odd number: they spread small numbers over 32 bits. */
const SPREAD = 0x9e3779b1;
const STIR = 0x85ebca6b;

/** Counts tuples of whole numbers (32 bits each) by themselves, without making a text of each. */
export class TupleCounts {
  readonly #width: number;
  /** Tuples one after the other, each with its count behind it. */
  #tuples: Int32Array;
  /** For each hash, the number of a tuple from 1 on; 0: none. At most half of it is in use. */
  #slots = new Int32Array(LEAST_SLOTS);
  #size = 0;

  /** `width`: numbers a tuple. */
  constructor(width: number) {
    this.#width = width;
    this.#tuples = new Int32Array((LEAST_SLOTS / 2) * (width + 1));
  }

  /** Counts one more of the tuple in `numbers`. */
  add(numbers: Int32Array): void {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(numbers, 0) & mask; ; slot = (slot + 1) & mask) {
      const tuple = this.#slots[slot]!;
      if (tuple === 0) {
        this.#insert(numbers, slot);
        return;
      }
      const at = (tuple - 1) * (this.#width + 1);
      if (!this.#isAt(at, numbers)) continue;
      this.#tuples[at + this.#width]! += 1;
      return;
    }
  }

  /** The numbers at one place of all tuples; at `width` their counts. */
  column(place: number): number[] {
    return Array.from({ length: this.#size }, (_, tuple) => this.#tuples[tuple * (this.#width + 1) + place]!);
  }

  #isAt(at: number, numbers: Int32Array): boolean {
    for (let place = 0; place < this.#width; place++)
      if (this.#tuples[at + place] !== numbers[place]) return false;
    return true;
  }

  #insert(numbers: Int32Array, slot: number): void {
    const at = this.#size * (this.#width + 1);
    this.#tuples.set(numbers, at);
    this.#tuples[at + this.#width] = 1;
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (this.#size * 2 >= this.#slots.length) this.#grow();
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const tuples = new Int32Array(this.#tuples.length * 2);
    tuples.set(this.#tuples);
    this.#tuples = tuples;
    const mask = slots.length - 1;
    for (let tuple = 0; tuple < this.#size; tuple++) {
      let slot = this.#hash(tuples, tuple * (this.#width + 1)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = tuple + 1;
    }
    this.#slots = slots;
  }

  #hash(numbers: Int32Array, from: number): number {
    let hash = 0;
    for (let place = 0; place < this.#width; place++) {
      hash = Math.imul(hash ^ numbers[from + place]!, SPREAD);
      hash = Math.imul(hash ^ (hash >>> 15), STIR);
    }
    return hash ^ (hash >>> 13);
  }
}
