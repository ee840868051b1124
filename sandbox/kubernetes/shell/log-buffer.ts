/** One line of a container's log, with its line break. */
export interface LogLine {
  time: Date;
  text: string;
}

export interface ReadLogOptions {
  /** Go on with lines yet to come, until the container ends or `signal` fires. */
  follow?: boolean;
  /** Only the last so many lines. */
  tailLines?: number;
  /** Only lines written at or after this time. */
  sinceTime?: Date;
  signal?: AbortSignal;
}

const MAX_LINES = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A container's log: the newest lines, at most 20,000 and 8 MiB; older ones are dropped as kubelet's rotation does. */
export class LogBuffer {
  #lines: LogLine[] = [];
  #firstIndex = 0;
  #bytes = 0;
  #partial = "";
  #closed = false;
  #waiting = new Set<() => void>();

  /** Appends text, which may hold several lines or part of one; `time` is for lines of the past. */
  append(text: string, time: Date = new Date()): void {
    const pieces = (this.#partial + text).split("\n");
    this.#partial = pieces.pop() ?? "";
    if (this.#partial.length > 16 * 1024) {
      pieces.push(this.#partial);
      this.#partial = "";
    }
    for (const piece of pieces) this.#push({ time, text: `${piece}\n` });
    if (pieces.length > 0) this.#wakeAll();
  }

  /** The container has ended: followers finish. */
  close(): void {
    if (this.#partial !== "") this.#push({ time: new Date(), text: this.#partial });
    this.#partial = "";
    this.#closed = true;
    this.#wakeAll();
  }

  /** Lines in order. A follower that falls behind the buffer goes on with the oldest line still held. */
  async *read(options: ReadLogOptions = {}): AsyncGenerator<LogLine, void, void> {
    const { follow = false, tailLines, sinceTime, signal } = options;
    let index =
      tailLines === undefined ? this.#firstIndex : Math.max(this.#firstIndex, this.#end - tailLines);
    for (;;) {
      while (index < this.#end) {
        if (signal?.aborted) return;
        index = Math.max(index, this.#firstIndex);
        const line = this.#lines[index - this.#firstIndex]!;
        index++;
        if (sinceTime === undefined || line.time >= sinceTime) yield line;
      }
      if (!follow || this.#closed || signal?.aborted) return;
      await this.#change(signal);
    }
  }

  get #end(): number {
    return this.#firstIndex + this.#lines.length;
  }

  #push(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += line.text.length;
    if (this.#lines.length <= MAX_LINES && this.#bytes <= MAX_BYTES) return;
    // Dropped a thousand at a time: shifting one by one would copy the whole array for each line.
    const dropped = this.#lines.splice(0, Math.min(1000, this.#lines.length - 1));
    this.#firstIndex += dropped.length;
    for (const old of dropped) this.#bytes -= old.text.length;
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }

  #wakeAll(): void {
    for (const resume of [...this.#waiting]) resume();
  }
}
