const HOUR_MS = 3_600_000;

/** How many new terms the words of strangers may make, an hour. */
export class NewTermBudget {
  readonly #mostAnHour: number;
  #left = 0;
  #until = 0;

  constructor(mostAnHour: number) {
    this.#mostAnHour = mostAnHour;
  }

  /** Takes up to so many of what is left; returns how many. */
  readonly take = (wanted: number): number => {
    const now = Date.now();
    if (now >= this.#until) {
      this.#left = this.#mostAnHour;
      this.#until = now + HOUR_MS;
    }
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  };
}
