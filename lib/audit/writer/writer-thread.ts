import { Worker } from "node:worker_threads";
import {
  AWAKE,
  COUNTS,
  type FromWriter,
  type JournalRef,
  SHARED,
  SHARED_NUMBERS,
  type ThreadData,
  type ToWriter,
} from "./thread-protocol.ts";

const RESTART_MS = 1_000;

export interface WriterThreadOptions {
  databaseUrl: string;
  own: JournalRef;
  orphans: JournalRef[];
  onMessage(message: FromWriter): void;
}

/** The gateway's side of the writer's thread: starts it, starts it again when it fails, tells it of new frames. */
export class WriterThread {
  readonly #options: WriterThreadOptions;
  readonly #sharedBuffer = new SharedArrayBuffer(SHARED_NUMBERS * BigInt64Array.BYTES_PER_ELEMENT);
  readonly #shared = new BigInt64Array(this.#sharedBuffer);
  readonly #orphans: Map<string, JournalRef>;
  #worker: Worker | null = null;
  #stopping = false;
  #ended = Promise.withResolvers<void>();

  constructor(options: WriterThreadOptions) {
    this.#options = options;
    this.#orphans = new Map(options.orphans.map((orphan) => [orphan.id, orphan]));
    for (const { wakeAt } of Object.values(COUNTS)) Atomics.store(this.#shared, wakeAt, AWAKE);
    this.#start();
  }

  /** Tells how far the journal is durable; wakes the writer where it waits for that. Costs next to nothing. */
  advance({ position, frames, entries }: { position: number; frames: number; entries: number }): void {
    Atomics.store(this.#shared, SHARED.durablePosition, BigInt(position));
    this.#count(COUNTS.entries, BigInt(entries));
    this.#count(COUNTS.frames, BigInt(frames));
  }

  #count({ durable, wakeAt }: (typeof COUNTS)[keyof typeof COUNTS], count: bigint): void {
    Atomics.store(this.#shared, durable, count);
    const awaited = Atomics.load(this.#shared, wakeAt);
    if (count < awaited) return;
    // Once: until the writer waits again there is nothing to wake.
    if (Atomics.compareExchange(this.#shared, wakeAt, awaited, AWAKE) === awaited)
      this.#post({ kind: "wake" });
  }

  /** Writes what is durable without waiting for a full batch. */
  flush(): void {
    this.#post({ kind: "flush" });
  }

  adopt(journal: JournalRef): void {
    this.#orphans.set(journal.id, journal);
    this.#post({ kind: "adopt", journal });
  }

  /** An orphan that this process has let go of. */
  forget(journalId: string): void {
    this.#orphans.delete(journalId);
  }

  /** Resolves when the thread has written what is durable and ended, or when `deadlineMs` have passed. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    this.#post({ kind: "stop" });
    const timer = setTimeout(() => this.#ended.resolve(), deadlineMs);
    await this.#ended.promise;
    clearTimeout(timer);
    await this.#worker?.terminate();
  }

  #post(message: ToWriter): void {
    this.#worker?.postMessage(message);
  }

  #start(): void {
    const { databaseUrl, own } = this.#options;
    const orphans = [...this.#orphans.values()];
    const workerData: ThreadData = { databaseUrl, shared: this.#sharedBuffer, own, orphans };
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData, name: "audit-writer" });
    worker.on("message", (message: FromWriter) => this.#receive(message));
    worker.on("error", (error) => this.#receive({ kind: "failed", message: String(error) }));
    worker.on("exit", () => this.#exited());
    this.#worker = worker;
  }

  #receive(message: FromWriter): void {
    if (message.kind === "drained" || (message.kind === "orphanFailed" && !message.waits))
      this.forget(message.journalId);
    this.#options.onMessage(message);
  }

  /** All that a thread knows is in the database: another goes on where it stopped. */
  #exited(): void {
    this.#worker = null;
    if (this.#stopping) this.#ended.resolve();
    else setTimeout(() => !this.#stopping && this.#start(), RESTART_MS).unref();
  }
}
