const OVER_SECONDS = 20;

/** Records a second, as of late: what was sent longer ago counts ever less. */
export class Throughput {
  #rate = 0;
  #at = performance.now();

  /** `count` more were taken. */
  note(count: number): number {
    const now = performance.now();
    const seconds = Math.max((now - this.#at) / 1_000, 0.001);
    this.#at = now;
    const weight = 1 - Math.exp(-seconds / OVER_SECONDS);
    this.#rate += weight * (count / seconds - this.#rate);
    return this.#rate;
  }
}
