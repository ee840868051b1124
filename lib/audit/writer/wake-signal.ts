import { AWAKE, COUNTS } from "./thread-protocol.ts";

/** What the writer's thread waits on: more frames of its own journal, or a message. */
export class WakeSignal {
  readonly #shared: BigInt64Array;
  #wake: (() => void) | null = null;
  #flush = false;

  constructor(shared: BigInt64Array) {
    this.#shared = shared;
  }

  /** Ends the wait under way. `flush`: and the next ones that wait for a full batch. */
  wake({ flush }: { flush: boolean }): void {
    if (flush) this.#flush = true;
    this.#wake?.();
  }

  /** Whether a flush was asked for since the last call. */
  takeFlush(): boolean {
    const flush = this.#flush;
    this.#flush = false;
    return flush;
  }

  /** Waits until so many frames, or entries, are durable, a message comes, or `timeoutMs` have passed. */
  async waitFor(what: keyof typeof COUNTS, count: bigint, timeoutMs: number | null): Promise<void> {
    const { durable, wakeAt } = COUNTS[what];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    Atomics.store(this.#shared, wakeAt, count);
    const timer = timeoutMs === null ? undefined : setTimeout(resolve, timeoutMs);
    // They may have come between the caller's look and the store.
    if (!this.#flush && Atomics.load(this.#shared, durable) < count) await promise;
    clearTimeout(timer);
    Atomics.store(this.#shared, wakeAt, AWAKE);
    this.#wake = null;
  }
}
