/** What a terminal may take of a processor. */
export interface AllowedWork {
  seconds: number;
  secondsPerMegabyte: number;
}

/** Far more than any program's output needs. */
const USUAL: AllowedWork = { seconds: 30, secondsPerMegabyte: 3 };

/** Output that is made to be work without end, as far as a terminal is concerned. */
export class TooMuchWork extends Error {
  override name = "TooMuchWork";
}

/** Bounds the processor time of one rendering by the output that it has read. */
export class WorkBudget {
  readonly #begun = process.threadCpuUsage();
  readonly #allowed: AllowedWork;
  #characters = 0;

  constructor(allowed = USUAL) {
    this.#allowed = allowed;
  }

  /** So many characters are to be paid for from now on. */
  allow(characters: number): void {
    this.#characters += characters;
  }

  /** @throws TooMuchWork */
  spend(): void {
    const { user, system } = process.threadCpuUsage(this.#begun);
    const allowed = this.#allowed.seconds + (this.#characters / 1e6) * this.#allowed.secondsPerMegabyte;
    if ((user + system) / 1e6 > allowed)
      throw new TooMuchWork(
        `a terminal took more than ${Math.round(allowed)} s of a processor for its output`,
      );
  }
}
