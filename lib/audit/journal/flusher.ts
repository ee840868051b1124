import { once } from "node:events";
import { Worker } from "node:worker_threads";
import {
  type CoverSegment,
  type FlushFailed,
  type FlushThreadData,
  isReached,
  WORD,
  WORDS,
} from "./flush-protocol.ts";

export interface FlusherOptions {
  /** The journal's folder. */
  directory: string;
  /** Called after `watch`, once more turns are on the disk. */
  onFlushed: () => void;
  /** Called once a flush has failed: nothing more is flushed before `cover` begins anew. */
  onFailed: (error: Error) => void;
}

/** The journal's side of the flush thread. Turns are told by their numbers. */
export class Flusher {
  readonly #options: FlusherOptions;
  readonly #shared = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.#shared);
  #worker: Worker | null = null;
  #asked = 0;
  #seen = 0;
  #isWatching = false;
  #isStopping = false;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  /** From here on bytes go to this file. `anew`: what was written before is given up. */
  cover(segment: CoverSegment): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(segment);
  }

  /** Has the disk take all turns up to this one, which have so many more frames. */
  ask(turn: number, frames: number): void {
    if (isReached(this.#asked, turn)) return;
    this.#asked = turn;
    Atomics.add(this.#words, WORD.frames, frames);
    Atomics.store(this.#words, WORD.asked, turn);
    Atomics.notify(this.#words, WORD.asked);
  }

  /** The last turn that is on the disk. */
  lastFlushed(): number {
    this.#seen = Atomics.load(this.#words, WORD.flushed);
    return this.#seen;
  }

  /** Has `onFlushed` called once `lastFlushed` answers otherwise than it did the last time. */
  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    Atomics.store(this.#words, WORD.waiting, 1);
    const waiting = Atomics.waitAsync(this.#words, WORD.flushed, this.#seen);
    // Where the thread was quicker there is nothing to wait for.
    if (waiting.async) void waiting.value.then(this.#woken);
    else queueMicrotask(this.#woken);
  }

  readonly #woken = (): void => {
    this.#isWatching = false;
    if (!this.#isStopping) this.#options.onFlushed();
  };

  /** Ends the thread, which flushes first what it was asked for. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const worker = this.#worker;
    if (!worker) return;
    const ended = once(worker, "exit");
    Atomics.store(this.#words, WORD.stop, 1);
    // It sleeps until what it was asked for changes.
    Atomics.add(this.#words, WORD.asked, 1);
    Atomics.notify(this.#words, WORD.asked);
    await ended;
  }

  #start(): Worker {
    const workerData: FlushThreadData = { shared: this.#shared, directory: this.#options.directory };
    const worker = new Worker(new URL("./flush-thread.ts", import.meta.url), {
      workerData,
      name: "journal-flush",
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    worker.on("message", ({ message, code }: FlushFailed) =>
      this.#options.onFailed(Object.assign(new Error(message), { code })),
    );
    worker.on("error", (error: Error) => this.#options.onFailed(error));
    worker.on("exit", () => {
      this.#worker = null;
      if (!this.#isStopping) this.#options.onFailed(new Error("the thread that flushes it ended"));
    });
    return worker;
  }
}
