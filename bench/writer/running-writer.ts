import { setTimeout as delay } from "node:timers/promises";
import type { FromWriter, JournalRef } from "../../lib/audit/writer/thread-protocol.ts";
import { WriterThread } from "../../lib/audit/writer/writer-thread.ts";
import type { FilledJournal } from "./fill-journal.ts";

/** As a gateway's turns: its journal grows so often. */
const TURN_MS = 5;

/** The writer's thread on a journal that is filled already, and that it is shown bit by bit. */
export class RunningWriter {
  readonly #thread: WriterThread;
  #position = 0;
  #moved = Promise.withResolvers<void>();
  entries = 0;
  batches = 0;

  constructor(databaseUrl: string, own: JournalRef) {
    this.#thread = new WriterThread({
      databaseUrl,
      own,
      orphans: [],
      onMessage: (message) => this.#receive(message),
    });
  }

  /** Shows the journal up to a frame; resolves when that is in the database. */
  async writeUpTo(journal: FilledJournal, frames: number): Promise<void> {
    this.#show(journal, frames);
    while (this.#position < journal.ends[frames - 1]!) await this.#moved.promise;
  }

  /** Shows the rest of the journal from a frame on, at so many frames a second. */
  async writeAtRate(
    journal: FilledJournal,
    { from, framesASecond }: { from: number; framesASecond: number },
  ): Promise<void> {
    const startedAt = performance.now();
    for (let frames = from; frames < journal.frames; ) {
      await delay(TURN_MS);
      const shown = from + Math.floor(((performance.now() - startedAt) * framesASecond) / 1_000);
      frames = Math.min(journal.frames, shown);
      this.#show(journal, frames);
    }
    await this.writeUpTo(journal, journal.frames);
  }

  stop(): Promise<void> {
    return this.#thread.stop(10_000);
  }

  #show({ ends, counts }: FilledJournal, frames: number): void {
    if (frames === 0) return;
    this.#thread.advance({ position: ends[frames - 1]!, frames, entries: counts[frames - 1]! });
  }

  #receive(message: FromWriter): void {
    if (message.kind === "stopped") return;
    if (message.kind !== "committed") throw new Error(`the writer's thread: ${JSON.stringify(message)}`);
    this.entries += message.entries;
    this.batches += 1;
    this.#position = message.position;
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}
