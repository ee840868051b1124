import { END_MESSAGES, type EndReason } from "../call/live-calls.ts";

/** Why the gateway ended a session, and what is said of it: `access was revoked`. */
export interface GivenEnd {
  reason: EndReason;
  message: string;
}

/** One signal for everything that ends a session from outside, and which of them it was. */
export class SessionEnding {
  /** Null: the gateway did not. */
  given: GivenEnd | null = null;
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): EndReason | null {
    return this.given?.reason ?? null;
  }

  end(reason: EndReason, message: string = END_MESSAGES[reason]): void {
    this.given ??= { reason, message };
    this.#controller.abort();
  }

  abort(): void {
    this.#controller.abort();
  }
}
