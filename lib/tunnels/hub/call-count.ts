/** Calls on one connection of an agent. */
export class CallCount {
  /** Of this process. */
  underWay = 0;
  #begun = 0;
  #untold = 0;

  /** All that began so far. */
  get begun(): number {
    return this.#begun;
  }

  /** Counts one; returns what ends it (more than once does no harm). */
  begin(): () => void {
    this.add(1);
    this.underWay += 1;
    let isUnderWay = true;
    return () => {
      if (isUnderWay) this.underWay -= 1;
      isUnderWay = false;
    };
  }

  /** Counts those that another process has begun. */
  add(calls: number): void {
    this.#begun += calls;
    this.#untold += calls;
  }

  /** How many began since the last time that this was asked. */
  take(): number {
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }
}
