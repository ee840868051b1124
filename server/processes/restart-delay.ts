/** How long a process that ended is waited with before it is started again, milliseconds; from the last on the same. */
const DELAYS_MS = [500, 1_000, 2_000, 5_000, 15_000, 30_000];
/** What ended longer ago counts no more. */
const WINDOW_MS = 10 * 60_000;
/** From so many ends within the window on, health says that it does not stay up. */
const LOOP_FROM = 3;

/** Counts the ends of one process: how long the next start waits, and whether it ends again and again. */
export class RestartDelay {
  #ends: number[] = [];

  /** Notes an end. @returns milliseconds until it is to be started again. */
  noteEnd(now: number): number {
    this.#ends = [...this.#recent(now), now];
    return DELAYS_MS[Math.min(this.#ends.length, DELAYS_MS.length) - 1]!;
  }

  /** How often it ended of late, where that is too often; null otherwise. */
  loopAt(now: number): { ends: number; minutes: number } | null {
    const ends = this.#recent(now).length;
    return ends < LOOP_FROM ? null : { ends, minutes: WINDOW_MS / 60_000 };
  }

  #recent(now: number): number[] {
    return this.#ends.filter((end) => now - end < WINDOW_MS);
  }
}
