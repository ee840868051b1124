/** What waits for one who watches, at most; whoever is further behind is cut off, and begins anew. */
const MOST_WAITING_BYTES = 16 * 2 ** 20;

/** One who watches: messages wait here until they are read. They are shared with all who watch the same session. */
export class Watcher {
  readonly stream: ReadableStream<Uint8Array>;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #over = false;
  #wake = () => {};
  readonly #onGone: () => void;

  /** `onGone`: it watches no more, whoever ended that; called once. */
  constructor(signal: AbortSignal, onGone: () => void) {
    this.#onGone = onGone;
    this.stream = new ReadableStream(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#leave() },
      { highWaterMark: 0 },
    );
    if (signal.aborted) this.#leave();
    signal.addEventListener("abort", () => this.#leave(), { once: true });
  }

  send(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#leave();
    else this.#wake();
  }

  /** Nothing comes behind what was sent. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onGone();
    this.#wake();
  }

  /** What waits is not sent any more either. */
  #leave(): void {
    this.#waiting = [];
    this.end();
    this.#wake();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (this.#waiting.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const next = this.#waiting.shift();
    if (next === undefined) {
      controller.close();
      return;
    }
    this.#waitingBytes -= next.length;
    controller.enqueue(next);
  }
}
