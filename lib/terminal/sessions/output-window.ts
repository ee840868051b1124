import { HELD_ABOVE_BYTES, RELEASED_BELOW_BYTES } from "./schema.ts";

/** How much output is on its way to the browser: above a bound the shell is held until enough of it was acknowledged. */
export class OutputWindow {
  #unacknowledged = 0;
  #held: PromiseWithResolvers<void> | null = null;

  sent(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#unacknowledged > HELD_ABOVE_BYTES) this.#held ??= Promise.withResolvers();
  }

  /** What was never sent cannot be acknowledged. */
  acknowledge(bytes: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - bytes);
    if (this.#unacknowledged < RELEASED_BELOW_BYTES) this.#release();
  }

  /** The browser has the whole screen: nothing is on its way. */
  restart(): void {
    this.#unacknowledged = 0;
    this.#release();
  }

  /** Resolves when more may be written; undefined where it may now. */
  room(): Promise<void> | undefined {
    return this.#held?.promise;
  }

  #release(): void {
    this.#held?.resolve();
    this.#held = null;
  }
}
