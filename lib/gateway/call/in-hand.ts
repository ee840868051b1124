/** Counts the calls that something is still to be done for, those that the gateway answers by itself among them. */
export class InHand {
  #count = 0;
  #settled: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  /** Once for each that began. */
  readonly end = (): void => {
    this.#count -= 1;
    if (this.#count === 0) for (const settle of this.#settled.splice(0)) settle();
  };

  /** Resolves when there is none. */
  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#settled.push(resolve));
  }
}
