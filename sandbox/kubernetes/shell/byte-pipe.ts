/** Where a process reads bytes. */
export interface ByteReader {
  /** The next bytes, of any length above zero, or null at the end. Rejects with the signal's reason, and takes nothing then. */
  read(signal?: AbortSignal): Promise<Buffer | null>;
  /** Puts bytes back that were read too far; the next `read` returns them. */
  unread(bytes: Buffer): void;
}

/** Where a process writes bytes. */
export interface ByteWriter {
  /** Resolves when there is room for more. Rejects with BrokenPipeError where nobody reads any more. */
  write(bytes: Buffer, signal?: AbortSignal): Promise<void>;
}

/** Written to a pipe whose reader is gone: EPIPE. */
export class BrokenPipeError extends Error {
  constructor() {
    super("Broken pipe");
    this.name = "BrokenPipeError";
  }
}

/** A bounded byte pipe in memory: a writer waits while more than `highWaterBytes` are unread. */
export class BytePipe implements ByteReader, ByteWriter {
  readonly #highWaterBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #cancelled = false;
  readonly #readers = new Set<() => void>();
  readonly #writers = new Set<() => void>();

  constructor(highWaterBytes = 64 * 1024) {
    this.#highWaterBytes = highWaterBytes;
  }

  /** Whether a writer would have to wait. */
  get isFull(): boolean {
    return this.#bytes > this.#highWaterBytes;
  }

  async write(bytes: Buffer, signal?: AbortSignal): Promise<void> {
    if (this.#cancelled || this.#ended) throw new BrokenPipeError();
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    wake(this.#readers);
    while (this.isFull && !this.#cancelled) await waitIn(this.#writers, signal);
    if (this.#cancelled) throw new BrokenPipeError();
  }

  async read(signal?: AbortSignal): Promise<Buffer | null> {
    while (this.#chunks.length === 0) {
      if (this.#ended || this.#cancelled) return null;
      await waitIn(this.#readers, signal);
    }
    const chunk = this.#chunks.shift()!;
    this.#bytes -= chunk.length;
    if (!this.isFull) wake(this.#writers);
    return chunk;
  }

  unread(bytes: Buffer): void {
    if (bytes.length === 0 || this.#cancelled) return;
    this.#chunks.unshift(bytes);
    this.#bytes += bytes.length;
    wake(this.#readers);
  }

  /** The writer is done: readers see the end once they have read the rest. */
  end(): void {
    this.#ended = true;
    wake(this.#readers);
    wake(this.#writers);
  }

  /** The reader is gone: what is unread is dropped, and writers fail. */
  cancel(): void {
    this.#cancelled = true;
    this.#chunks = [];
    this.#bytes = 0;
    wake(this.#readers);
    wake(this.#writers);
  }
}

function wake(waiting: Set<() => void>): void {
  const all = [...waiting];
  waiting.clear();
  for (const resume of all) resume();
}

/** Waits to be woken; rejects with the signal's reason when that fires first. */
export function waitIn(waiting: Set<() => void>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const resume = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      waiting.delete(resume);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    waiting.add(resume);
  });
}
