/** Thrown to who writes where nobody reads any more: a broken pipe. */
export class ChannelClosed extends Error {
  override readonly name = "ChannelClosed";
}

/** From one program of a line to the next: holds one piece, and makes the writer wait for the reader. */
export class Channel implements AsyncIterable<Buffer> {
  #piece: Buffer | null = null;
  #ended = false;
  #abandoned = false;
  #wake: (() => void)[] = [];

  async write(data: Uint8Array): Promise<void> {
    while (this.#piece !== null && !this.#abandoned) await this.#change();
    if (this.#abandoned) throw new ChannelClosed("the next program reads no more");
    this.#piece = Buffer.from(data);
    this.#changed();
    while (this.#piece !== null && !this.#abandoned) await this.#change();
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  /** The reader has gone. */
  abandon(): void {
    this.#abandoned = true;
    this.#changed();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        while (this.#piece === null && !this.#ended) await this.#change();
        if (this.#piece === null) return;
        const piece = this.#piece;
        this.#piece = null;
        this.#changed();
        yield piece;
      }
    } finally {
      this.abandon();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
