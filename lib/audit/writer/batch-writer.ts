import { setTimeout } from "node:timers/promises";
import { withClient } from "../../db/pool.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { liftEntry } from "../journal/lift-entry.ts";
import { LEDGER_ID } from "../store/ledger.ts";
import { onPostgres } from "../store/sql.ts";
import { storableText } from "../store/stored-text.ts";
import { closedCalls } from "./closed-calls.ts";
import { isDataError } from "./database-error.ts";
import { advancePosition, findPosition, PositionConflictError, readPosition } from "./journal-position.ts";
import { type BatchStore, storeBatch } from "./store-batch.ts";

/** An entry as it stands in the journal. */
export interface JournalEntry {
  payload: string | Buffer;
  /** Of its frame: see `liftEntry`. */
  version: number;
  /** Position of the byte after it. */
  end: number;
}

/** A stretch of a journal: its entries, from one position to another. */
export interface JournalBatch {
  journalId: string;
  entries: readonly JournalEntry[];
  from: number;
  to: number;
}

export interface WriteReport {
  /** Number of the last row, null where the stretch had none. */
  lastNo: number | null;
  deadLetters: number;
}

export interface BatchWriterOptions {
  store: BatchStore;
  /** Told each time that a batch has to be tried again. */
  onRetry(error: Error): void;
  /** Told of each entry that the database refuses for what it is. */
  onDeadLetter(entry: { journalId: string; position: number }, error: Error): void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Writes stretches of a journal to the database, exactly once each: the position moves in the same transaction. Tries again until the
 * database takes it. An entry that can never be stored is found by halving, and set aside word for word in `audit_dead_letter`.
 */
export class BatchWriter {
  readonly #options: BatchWriterOptions;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
  }

  /** The position to read from; waits for the database. */
  startPosition(journalId: string): Promise<number> {
    return this.#untilDone(() => readPosition(this.#options.store.pool, journalId));
  }

  /** Which of these calls have a row that closes them, by their ids; waits for the database. */
  closedCalls(intents: readonly KubeRequestEntry[]): Promise<ReadonlySet<string>> {
    return this.#untilDone(() => closedCalls(this.#options.store.pool, intents));
  }

  async write(batch: JournalBatch): Promise<WriteReport> {
    let retried = false;
    return this.#untilDone(async () => {
      // What failed may have been committed all the same, when only the answer was lost.
      if (retried && (await this.#isWritten(batch))) return { lastNo: null, deadLetters: 0 };
      retried = true;
      return this.#writeOrHalve(batch);
    });
  }

  async #isWritten(batch: JournalBatch): Promise<boolean> {
    const position = await findPosition(this.#options.store.pool, batch.journalId);
    if (position === batch.from) return false;
    if (position !== null && position >= batch.to) return true;
    throw new PartlyWrittenError(position);
  }

  async #writeOrHalve(batch: JournalBatch): Promise<WriteReport> {
    try {
      return await this.#store(batch);
    } catch (error) {
      if (!isDataError(error)) throw error;
      if (batch.entries.length === 1) return this.#setAside(batch, error as Error);
      const [first, second] = halves(batch);
      const before = await this.write(first);
      const after = await this.write(second);
      return { lastNo: after.lastNo ?? before.lastNo, deadLetters: before.deadLetters + after.deadLetters };
    }
  }

  async #store({ journalId, entries, from, to }: JournalBatch): Promise<WriteReport> {
    const { store } = this.#options;
    if (entries.length === 0) {
      await advancePosition(onPostgres(store.pool), journalId, from, to);
      return { lastNo: null, deadLetters: 0 };
    }
    const lifted = entries.map(liftEntry);
    const { first } = await storeBatch(store, {
      entries: lifted,
      inTransaction: (run) => advancePosition(run, journalId, from, to),
    });
    return { lastNo: first + lifted.length - 1, deadLetters: 0 };
  }

  async #setAside(batch: JournalBatch, error: Error): Promise<WriteReport> {
    const [entry] = batch.entries;
    await withClient(this.#options.store.pool, async (client) => {
      await client.query("BEGIN");
      await client.query(
        "INSERT INTO audit_dead_letter (ledger_id, journal_id, position, entry, error) VALUES ($1, $2, $3, $4, $5)",
        [
          LEDGER_ID,
          batch.journalId,
          entry!.end,
          storableText(entry!.payload.toString()),
          storableText(error.message),
        ],
      );
      await advancePosition(onPostgres(client), batch.journalId, batch.from, batch.to);
      await client.query("COMMIT");
    });
    this.#options.onDeadLetter({ journalId: batch.journalId, position: entry!.end }, error);
    return { lastNo: null, deadLetters: 1 };
  }

  /** Tries until it succeeds; a conflict is for the caller, as no trying again can solve it. */
  async #untilDone<T>(work: () => Promise<T>): Promise<T> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof PartlyWrittenError) throw error;
        this.#options.onRetry(error as Error);
        await setTimeout(pause);
      }
    }
  }
}

/** Another process has written a part of the batch: the journal is no longer this one's. */
class PartlyWrittenError extends PositionConflictError {
  constructor(position: number | null) {
    const how = position === null ? "to its end, and forgotten," : `to position ${position}`;
    super(`the journal was written ${how} by another process`);
  }
}

function halves(batch: JournalBatch): [JournalBatch, JournalBatch] {
  const half = Math.floor(batch.entries.length / 2);
  const middle = batch.entries[half - 1]!.end;
  return [
    { ...batch, entries: batch.entries.slice(0, half), to: middle },
    { ...batch, entries: batch.entries.slice(half), from: middle },
  ];
}
