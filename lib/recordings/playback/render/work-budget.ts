/** What a terminal may take of a processor: far more than any program's output needs. */
const FIRST_SECONDS = 30;
const SECONDS_PER_MEGABYTE = 3;

/** Output that is made to be work without end, as far as a terminal is concerned. */
export class TooMuchWork extends Error {
  override name = "TooMuchWork";
}

/** Bounds the processor time of one rendering by the output that it has read. */
export class WorkBudget {
  readonly #begun = process.threadCpuUsage();
  #characters = 0;

  /** So many characters are to be paid for from now on. */
  allow(characters: number): void {
    this.#characters += characters;
  }

  /** @throws TooMuchWork */
  spend(): void {
    const { user, system } = process.threadCpuUsage(this.#begun);
    const allowed = FIRST_SECONDS + (this.#characters / 1e6) * SECONDS_PER_MEGABYTE;
    if ((user + system) / 1e6 > allowed)
      throw new TooMuchWork(
        `a terminal took more than ${Math.round(allowed)} s of a processor for its output`,
      );
  }
}
