/** Longer than this no timer of Node's waits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer for the earliest of many times. */
export class Alarm {
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** `ring` sets it anew. It may ring before anything is due: a timer's wait has an end. */
  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at `at` (milliseconds since the epoch) at the latest. */
  setAtLatest(at: number): void {
    if (at >= this.#at) return;
    this.stop();
    this.#at = at;
    const wait = Math.min(Math.max(at - Date.now(), 1), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    }, wait);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Number.POSITIVE_INFINITY;
  }
}
