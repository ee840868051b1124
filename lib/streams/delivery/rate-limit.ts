/** Records a second at most, with a second's worth at once. */
export class RateLimit {
  readonly #perSecond: number | null;
  #tokens: number;
  #at = performance.now();

  /** null: no limit. */
  constructor(perSecond: number | null) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond ?? 0;
  }

  /** Takes `count` records, and answers how many milliseconds later they may be sent. */
  take(count: number): number {
    if (this.#perSecond === null) return 0;
    const now = performance.now();
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    this.#tokens -= count;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1_000;
  }
}
