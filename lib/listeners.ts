import { log } from "./log.ts";

/** Who wants to be told of something that happens in this process. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns the unsubscriber. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tells each; one that fails keeps it from nobody. */
  tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        log.error({ err: error }, "a listener failed");
      }
    }
  }
}
