import { isDataError } from "../../audit/writer/database-error.ts";
import { AppError } from "../../errors.ts";
import type { Chunk } from "./chunk.ts";
import { whileAway } from "./while-away.ts";

/** Stores chunks; answers the recordings among theirs that still run. */
type StoreChunks = (chunks: readonly Chunk[]) => Promise<ReadonlySet<string>>;

interface Waiting {
  chunk: Chunk;
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
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #working: Promise<void> | null = null;

  constructor(store: StoreChunks) {
    this.#store = store;
  }

  /** Bytes that wait or are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the chunk is committed. @throws AppError `unavailable` where PostgreSQL does not take it, `conflict` where another process closed the recording. */
  append(chunk: Chunk): Promise<void> {
    if (this.#bytes + chunk.data.length > MAX_WAITING_BYTES) {
      return Promise.reject(
        new AppError(
          "unavailable",
          `The recording cannot go on: ${this.#bytes >> 20} MiB of recordings wait for PostgreSQL already.`,
        ),
      );
    }
    this.#bytes += chunk.data.length;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { chunk, stored: resolve, failed: reject };
    const timer = setTimeout(() => {
      const index = this.#waiting.indexOf(waiting);
      if (index >= 0) this.#waiting.splice(index, 1);
      reject(tooSlow());
    }, APPEND_MS);
    this.#waiting.push(waiting);
    this.#working ??= this.#work();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#bytes -= chunk.data.length;
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // What comes in the same turn of the loop belongs together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#storeBatch(this.#takeBatch());
    this.#working = null;
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { chunk } of this.#waiting) {
      bytes += chunk.data.length;
      if (count > 0 && (bytes > MAX_BATCH_BYTES || count >= MAX_BATCH_CHUNKS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const signal = AbortSignal.timeout(APPEND_MS);
      const running = await whileAway(() => this.#store(batch.map(({ chunk }) => chunk)), signal);
      for (const { chunk, stored, failed } of batch) {
        if (running.has(chunk.recordingId)) stored();
        else failed(closedByAnother(chunk.recordingId));
      }
    } catch (error) {
      // One that PostgreSQL cannot take must not be another's failure.
      if (isDataError(error) && batch.length > 1) for (const each of batch) await this.#storeBatch([each]);
      else for (const { failed } of batch) failed(notTaken(error));
    }
  }
}

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
