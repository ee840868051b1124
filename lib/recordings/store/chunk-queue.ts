import { isDataError } from "../../audit/writer/database-error.ts";
import { AppError } from "../../errors.ts";
import type { Chunk } from "./chunk.ts";
import { whileAway } from "./while-away.ts";

/** Stores chunks; answers the recordings among theirs that still run. */
type StoreChunks = (chunks: readonly Chunk[]) => Promise<ReadonlySet<string>>;

interface Waiting {
  chunk: Chunk;
  /** It is stored, or will not be. */
  isOver: boolean;
  stored(): void;
  failed(error: Error): void;
}

/** What waits at most, of all sessions of the process: each holds its session back before it comes to that. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
/** In one statement. */
const MAX_BATCH_BYTES = 4 * 2 ** 20;
const MAX_BATCH_CHUNKS = 500;
/** Longest that a chunk waits for PostgreSQL: a session that must be recorded ends soon after. */
const APPEND_MS = 4_000;

/** Chunks of all sessions of the process, gathered into one statement while the one before is under way. */
export class ChunkQueue {
  readonly #store: StoreChunks;
  readonly #onBroken: () => void;
  /**
   * In the order in which they came; those under way first. No `Set`, which keeps what was in it, chunks and all, until the whole heap is looked through
   * (lib/slot-set.ts).
   */
  readonly #waiting: Waiting[] = [];
  /** Recordings of which one was not taken: the next would leave a gap. */
  readonly #broken = new Map<string, AppError>();
  #bytes = 0;
  #working: Promise<void> | null = null;

  /** `onBroken`: told once of each recording that cannot go on. */
  constructor(store: StoreChunks, onBroken: () => void = () => undefined) {
    this.#store = store;
    this.#onBroken = onBroken;
  }

  /** Bytes that wait or are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Resolves when the chunk is committed. @throws AppError `unavailable` where PostgreSQL does not take it, `conflict` where another process closed the
   * recording; from then on for each of that recording.
   */
  async append(chunk: Chunk): Promise<void> {
    const { recordingId, data } = chunk;
    const broken = this.#broken.get(recordingId);
    if (broken !== undefined) throw broken;
    if (this.#bytes + data.length > MAX_WAITING_BYTES) throw this.#break(recordingId, tooMuch(this.#bytes));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { chunk, isOver: false, stored: resolve, failed: reject };
    const timer = setTimeout(() => this.#break(recordingId, tooSlow()), APPEND_MS);
    this.#bytes += data.length;
    this.#waiting.push(waiting);
    this.#working ??= this.#work();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#bytes -= data.length;
      waiting.isOver = true;
      this.#dropOver();
    }
  }

  /** Those that are over behind one that is not wait for it. */
  #dropOver(): void {
    const first = this.#waiting.findIndex(({ isOver }) => !isOver);
    this.#waiting.splice(0, first === -1 ? this.#waiting.length : first);
  }

  /** No more of that recording will come. */
  forget(recordingId: string): void {
    this.#broken.delete(recordingId);
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** What waits of it fails too; what is under way may be stored all the same. */
  #break(recordingId: string, error: AppError): AppError {
    if (!this.#broken.has(recordingId)) this.#onBroken();
    this.#broken.set(recordingId, error);
    for (const { chunk, failed } of this.#waiting) if (chunk.recordingId === recordingId) failed(error);
    return error;
  }

  /** One that was given up meanwhile was told so, and its recording may have ended. */
  #refuse(waiting: Waiting, error: AppError): void {
    if (!waiting.isOver) this.#break(waiting.chunk.recordingId, error);
  }

  async #work(): Promise<void> {
    for (;;) {
      // Callers hear of the batch before, and what comes in the same turn belongs together.
      await new Promise(setImmediate);
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      await this.#storeBatch(batch);
    }
    this.#working = null;
  }

  #nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (waiting.isOver) continue;
      bytes += waiting.chunk.data.length;
      if (batch.length > 0 && (bytes > MAX_BATCH_BYTES || batch.length >= MAX_BATCH_CHUNKS)) break;
      batch.push(waiting);
    }
    return batch;
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const signal = AbortSignal.timeout(APPEND_MS);
      const running = await whileAway(() => this.#store(batch.map(({ chunk }) => chunk)), signal);
      for (const waiting of batch) {
        const { recordingId } = waiting.chunk;
        if (running.has(recordingId)) waiting.stored();
        else this.#refuse(waiting, closedByAnother(recordingId));
      }
    } catch (error) {
      // One that PostgreSQL cannot take must not be another's failure.
      if (isDataError(error) && batch.length > 1) await this.#storeEach(batch);
      else for (const waiting of batch) this.#refuse(waiting, notTaken(error));
    }
  }

  async #storeEach(batch: readonly Waiting[]): Promise<void> {
    for (const each of batch) if (!this.#broken.has(each.chunk.recordingId)) await this.#storeBatch([each]);
  }
}

const tooMuch = (bytes: number) =>
  new AppError(
    "unavailable",
    `The recording cannot go on: ${bytes >> 20} MiB of recordings wait for PostgreSQL already.`,
  );

const tooSlow = () =>
  new AppError(
    "unavailable",
    `The recording cannot go on: PostgreSQL did not take it within ${APPEND_MS / 1_000} s.`,
  );

function notTaken(cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError("unavailable", `The recording cannot go on: PostgreSQL does not take it (${reason}).`, {
    cause,
  });
}

const closedByAnother = (recordingId: string) =>
  new AppError(
    "conflict",
    `Recording ${recordingId} was closed as interrupted by another process, which had not heard of this one for too long: it cannot go on.`,
  );
