/** How far behind a reader of the record is: what it has, what is known to be there, and since when there is a difference. */
export class Lag {
  /** The reader has everything up to this number; null before it knows. */
  lastNo: number | null = null;
  #newest = 0;
  #behindSince: number | null = null;

  /** The record is heard to reach `newest`. */
  noteNewest(newest: number): void {
    this.#note(this.lastNo, Math.max(this.#newest, newest));
  }

  /** It was looked: the reader has everything up to `lastNo`, and the record ends at `newest`. */
  noteLook({ lastNo, newest }: { lastNo: number; newest: number }): void {
    this.#note(lastNo, newest);
  }

  get records(): number {
    return this.lastNo === null ? 0 : Math.max(0, this.#newest - this.lastNo);
  }

  /** For how long the oldest of them has waited, at most; as far as this process has seen. */
  get seconds(): number {
    return this.#behindSince === null ? 0 : (performance.now() - this.#behindSince) / 1_000;
  }

  #note(lastNo: number | null, newest: number): void {
    this.lastNo = lastNo;
    this.#newest = newest;
    if (this.records === 0) this.#behindSince = null;
    else this.#behindSince ??= performance.now();
  }
}
