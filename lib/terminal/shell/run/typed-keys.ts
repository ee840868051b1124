const CTRL_C = 3;
const MOST_HELD = 4096;

/** What is typed while programs run side by side: for the one that reads keys; before one does, Ctrl-C ends the line. */
export class TypedKeys {
  #held: Uint8Array[] = [];
  #bytes = 0;
  #reading = false;
  #ended = false;
  #wake: (() => void) | null = null;
  readonly #interrupt: () => void;

  constructor(interrupt: () => void) {
    this.#interrupt = interrupt;
  }

  push(data: Uint8Array): void {
    if (!this.#reading && data.includes(CTRL_C)) this.#interrupt();
    else if (this.#bytes + data.length <= MOST_HELD) this.#hold(data);
  }

  #hold(data: Uint8Array): void {
    this.#held.push(data);
    this.#bytes += data.length;
    this.#wake?.();
  }

  /** What nobody has read. */
  unread(): Uint8Array {
    return Buffer.concat(this.#held.splice(0));
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    this.#reading = true;
    while (!this.#ended) {
      const data = this.#held.shift();
      if (data) {
        this.#bytes -= data.length;
        yield data;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
