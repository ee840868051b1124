interface Pace {
  /** How long nobody may have asked before it runs. */
  quietMs: number;
  /** Within which time it runs though they keep asking. */
  mostMs: number;
}

/**
 * Runs something once for many that ask in a burst: when they pause, and in a stream of them at a steady pace. Never twice at a time;
 * whoever asks while it runs gets a run of their own after it.
 */
export class Coalesced {
  readonly #run: () => Promise<void>;
  readonly #pace: Pace;
  #firstAskedAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #stopped = false;

  /** `run` handles its own failures. */
  constructor(run: () => Promise<void>, pace: Pace) {
    this.#run = run;
    this.#pace = pace;
  }

  ask(): void {
    const now = performance.now();
    this.#firstAskedAt ??= now;
    if (!this.#running) this.#schedule(now, this.#firstAskedAt);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(now: number, firstAskedAt: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const { quietMs, mostMs } = this.#pace;
    const leftMs = Math.max(0, firstAskedAt + mostMs - now);
    this.#timer = setTimeout(() => void this.#start(), Math.min(quietMs, leftMs));
    this.#timer.unref();
  }

  async #start(): Promise<void> {
    this.#firstAskedAt = null;
    this.#running = true;
    await this.#run();
    this.#running = false;
    if (this.#firstAskedAt !== null) this.#schedule(performance.now(), this.#firstAskedAt);
  }
}
