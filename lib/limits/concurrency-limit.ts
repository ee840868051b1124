/** How many things of one key may be under way at once. Holds memory only for what is. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #running = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place; returns what gives it back (more than once does no harm), or null where all are taken. */
  take(key: string): (() => void) | null {
    const running = this.#running.get(key) ?? 0;
    if (running >= this.#most) return null;
    this.#running.set(key, running + 1);
    let taken = true;
    return () => {
      if (taken) this.#giveBack(key);
      taken = false;
    };
  }

  #giveBack(key: string): void {
    const running = (this.#running.get(key) ?? 1) - 1;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
  }
}
