const RETRY_MS = 1_000;

/** Tries every second to put right what went wrong, one try after the other, until nothing is wrong any more. */
export class Mending {
  readonly #mend: () => Promise<void>;
  readonly #isNeeded: () => boolean;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ mend, isNeeded }: { mend: () => Promise<void>; isNeeded: () => boolean }) {
    this.#mend = mend;
    this.#isNeeded = isNeeded;
  }

  /** The next try, where one is needed. */
  later(): void {
    if (this.#isStopped || this.#timer || !this.#isNeeded()) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = this.#running.then(this.#mend).then(() => this.later());
    }, RETRY_MS);
    this.#timer.unref();
  }

  /** Resolves when no try is under way, and none will be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }
}
