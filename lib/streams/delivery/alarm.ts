/** Wakes who rests at the record's end: with what has gathered some time after the first news, or at once. */
export class Alarm {
  readonly #ended: AbortSignal;
  /** Since the last sleep. */
  #rung = false;
  #now = false;
  #wake = () => {};

  constructor(ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener("abort", () => this.ring({ now: true }), { once: true });
  }

  /** There is news; `now`: nothing more is to be gathered. */
  ring({ now }: { now: boolean }): void {
    this.#rung = true;
    this.#now ||= now;
    this.#wake();
  }

  /** Until there was news and `gatherMs` have gone by since; for `longestMs` where there is none. */
  async sleep(longestMs: number, gatherMs: number): Promise<void> {
    if (!this.#rung) await this.#wait(longestMs, () => this.#rung);
    if (this.#rung && !this.#now) await this.#wait(gatherMs, () => this.#now);
    this.#rung = false;
    this.#now = false;
  }

  async #wait(milliseconds: number, isOver: () => boolean): Promise<void> {
    if (isOver() || this.#ended.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => isOver() && resolve();
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
    this.#wake = () => {};
  }
}
