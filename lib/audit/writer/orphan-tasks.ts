import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type DrainReport, drainOrphan, type OrphanSink } from "./drain-orphan.ts";
import { PositionConflictError } from "./journal-position.ts";
import type { JournalRef } from "./thread-protocol.ts";

export interface OrphanOptions extends OrphanSink {
  onDrained(journal: JournalRef, report: DrainReport): Promise<void>;
  /** `waits`: it is tried again; otherwise it is left as it is. */
  onFailed(journal: JournalRef, failure: { error: Error; waits: boolean }): void;
}

const RETRY_MS = 5_000;
/** What passes with time; whatever else is wrong with a journal's files stays wrong. */
const PASSING = new Set([
  "ENOSPC",
  "EDQUOT",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "EBUSY",
  "ESTALE",
  "ETIMEDOUT",
]);

const NOTHING: DrainReport = { interrupted: 0, skippedBytes: 0, damagedBytes: 0 };

/** A conflict is another process that writes it: one of the two comes to its end. */
const isPassing = (error: unknown): boolean =>
  error instanceof PositionConflictError || PASSING.has((error as NodeJS.ErrnoException).code ?? "");

/**
 * Journals of earlier starts, each a task of its own beside the living journal's, which waits for none of them. One is written at a time; one that fails
 * holds up no other.
 */
export class OrphanTasks {
  readonly #options: OrphanOptions;
  readonly #tasks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OrphanOptions) {
    this.#options = options;
  }

  add(journal: JournalRef): void {
    const task = this.#run(journal).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Resolves when none is being written any more. What is left, the next start writes. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#tasks);
  }

  async #run(journal: JournalRef): Promise<void> {
    while (!this.#options.stopping()) {
      try {
        await this.#inTurn(() => this.#drain(journal));
        return;
      } catch (error) {
        // Another process has written it and taken it away.
        if (!existsSync(journal.directory)) return this.#options.onDrained(journal, NOTHING);
        const waits = isPassing(error);
        this.#options.onFailed(journal, { error: error as Error, waits });
        if (!waits) return;
      }
      await setTimeout(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #drain(journal: JournalRef): Promise<void> {
    const report = await drainOrphan(this.#options, journal);
    if (report) await this.#options.onDrained(journal, report);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
