import type { EndReason } from "../call/live-calls.ts";

/** One signal for everything that ends a session from outside, and which of them it was. */
export class SessionEnding {
  reason: EndReason | null = null;
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(reason: EndReason): void {
    this.reason ??= reason;
    this.#controller.abort();
  }

  abort(): void {
    this.#controller.abort();
  }
}
