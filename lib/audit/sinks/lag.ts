/** How far behind a reader of the record is: what it has, what it knows to be there, and since when there is a difference. */
export class Lag {
  /** The reader has everything up to this number; null before it knows. */
  lastNo: number | null = null;
  #newest = 0;
  #behindSince: number | null = null;

  /** The record is known to reach `lastNo`. */
  noteNewest(lastNo: number): void {
    this.#newest = Math.max(this.#newest, lastNo);
    if (this.records > 0) this.#behindSince ??= performance.now();
  }

  /**
   * The reader has everything up to `lastNo`. `wholeAt`: that was everything there was at this time (`performance.now()`), so that what waits
   * came later; null where more was there.
   */
  noteRead(lastNo: number, wholeAt: number | null): void {
    this.lastNo = lastNo;
    if (this.records === 0) this.#behindSince = null;
    else if (wholeAt !== null) this.#behindSince = wholeAt;
    else this.#behindSince ??= performance.now();
  }

  get records(): number {
    return this.lastNo === null ? 0 : Math.max(0, this.#newest - this.lastNo);
  }

  /** For how long the oldest of them has waited, at most; as far as this process has seen. */
  get seconds(): number {
    return this.#behindSince === null ? 0 : (performance.now() - this.#behindSince) / 1_000;
  }
}
