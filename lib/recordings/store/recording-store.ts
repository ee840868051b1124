import { randomUUID } from "node:crypto";
import type pg from "pg";
import { onPostgres } from "../../audit/store/sql.ts";
import type { Config } from "../../config.ts";
import { createPool } from "../../db/pool.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { RecordedSession } from "../recorded-session.ts";
import type { Chunk } from "./chunk.ts";
import { insertChunks } from "./chunk-insert.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import { closeRecording, type RecordingEnd } from "./close-recording.ts";
import { Lanes } from "./lanes.ts";
import { registerStoreMetrics, type StoreMetrics } from "./metrics.ts";
import { beatOwner, beginRunning, disown, forgetOwner, readRunning, takeRunning } from "./running.ts";
import { partSealing } from "./sealed-part.ts";
import { whileAway } from "./while-away.ts";

/** Where a process that records puts what it records. */
export interface RecordingStore {
  /**
   * Puts a session among those that run. @throws AppError `unavailable` where PostgreSQL does not take it: no try begins after four seconds.
   */
  begin(session: RecordedSession): Promise<void>;
  /**
   * Resolves when the chunk is committed. @throws AppError `unavailable` where PostgreSQL does not take it within four seconds, `conflict` where another
   * process has closed the recording: in both cases it cannot go on, but for `finish`.
   */
  append(chunk: Chunk): Promise<void>;
  /**
   * Closes a recording: its number and its row. Tries for five minutes while PostgreSQL is away. A second time changes nothing. @throws AppError
   * `unavailable` where it was not closed: it is left to the sweep, which closes it as interrupted.
   */
  finish(end: RecordingEnd): Promise<void>;
  /** The session did not begin after all: nothing remains of what `begin` put there. */
  forget(recordingId: string): void;
  /** Waits for what is under way, at most ten seconds; what is not closed by then, the sweep closes. Takes nothing afterwards. */
  stop(): Promise<void>;
}

const BEGIN_MS = 4_000;
const FINISH_MS = 300_000;
const STOP_MS = 10_000;
const BEAT_MS = 2_000;
/** Many sessions that end at once keep no other from beginning. */
const ENDINGS_AT_ONCE = 2;
const STATEMENT_MS = 3_000;

type StoreConfig = Pick<Config, "database" | "encryption" | "recordings">;

/** Opens the store of this process, with connections of its own. Needs a migrated database, which may be away. */
export function openStore(config: StoreConfig): RecordingStore {
  const connections = (max: number) =>
    createPool(config.database.url!, {
      max,
      applicationName: "kubewitness recordings",
      statementMs: STATEMENT_MS,
      answerMs: STATEMENT_MS + 500,
      connectMs: 2_000,
    });
  return new PostgresStore(config, { chunks: connections(1), ends: connections(ENDINGS_AT_ONCE + 1) });
}

class PostgresStore implements RecordingStore {
  readonly #chunkPool: pg.Pool;
  /** Of beginnings and endings: what is shown waits for neither. */
  readonly #pool: pg.Pool;
  readonly #endings = new Lanes(ENDINGS_AT_ONCE);
  readonly #archive: boolean;
  readonly #owner = randomUUID();
  readonly #queue: ChunkQueue;
  readonly #metrics: StoreMetrics;
  readonly #running = new Set<string>();
  /** Not closed and given up: told to the sweep as soon as PostgreSQL is there. */
  readonly #left = new Set<string>();
  /** Taken back as soon as PostgreSQL is there. */
  readonly #notBegun = new Set<string>();
  readonly #finishing = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  readonly #beats: NodeJS.Timeout;

  constructor(config: StoreConfig, { chunks: chunkPool, ends }: { chunks: pg.Pool; ends: pg.Pool }) {
    this.#chunkPool = chunkPool;
    this.#pool = ends;
    this.#archive = config.recordings.store !== "database";
    const sealing = partSealing(config);
    this.#queue = new ChunkQueue(
      (chunks) => insertChunks(chunkPool, sealing, chunks),
      () => this.#metrics.failures.inc({ step: "append" }),
    );
    this.#metrics = registerStoreMetrics({
      running: () => this.#running.size,
      waitingBytes: () => this.#queue.bytes,
    });
    this.#beats = setInterval(() => void this.#beat(), BEAT_MS);
    this.#beats.unref();
  }

  async begin(session: RecordedSession): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(BEGIN_MS), this.#stopping.signal]);
    try {
      await whileAway(() => beginRunning(this.#pool, this.#owner, session), signal);
      this.#running.add(session.recordingId);
    } catch (cause) {
      // A try whose answer was lost may have put it there.
      this.#notBegun.add(session.recordingId);
      this.#metrics.failures.inc({ step: "begin" });
      throw notTaken("The recording cannot begin", cause);
    }
  }

  async append(chunk: Chunk): Promise<void> {
    await this.#queue.append(chunk);
    this.#metrics.chunks.inc();
    this.#metrics.bytes.inc(chunk.data.length);
  }

  async finish(end: RecordingEnd): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(FINISH_MS), this.#stopping.signal]);
    const finishing = whileAway(() => this.#endings.run(() => this.#close(end)), signal);
    this.#finishing.add(finishing);
    try {
      await finishing;
    } catch (cause) {
      this.#left.add(end.recordingId);
      this.#metrics.failures.inc({ step: "finish" });
      throw notTaken("The recording could not be closed and is left as interrupted", cause);
    } finally {
      this.#running.delete(end.recordingId);
      this.#queue.forget(end.recordingId);
      this.#finishing.delete(finishing);
    }
  }

  forget(recordingId: string): void {
    this.#running.delete(recordingId);
    this.#queue.forget(recordingId);
    this.#notBegun.add(recordingId);
    void this.#beat();
  }

  async #close(end: RecordingEnd): Promise<void> {
    const session = await readRunning(onPostgres(this.#pool), end.recordingId);
    // Closed already: by a try whose answer was lost, or by the sweep.
    if (session === null) return;
    await closeRecording(this.#pool, {
      session,
      end,
      take: (run) => takeRunning(run, end.recordingId, this.#owner),
      archive: this.#archive,
    });
  }

  async #beat(): Promise<void> {
    if (this.#running.size + this.#left.size + this.#notBegun.size === 0) return;
    try {
      // Where many begin and end, it waits behind none of them.
      await beatOwner(this.#chunkPool, this.#owner);
      const left = [...this.#left];
      if (left.length > 0) await disown(this.#pool, this.#owner, left);
      for (const recordingId of left) this.#left.delete(recordingId);
      for (const recordingId of this.#notBegun) {
        await takeRunning(onPostgres(this.#pool), recordingId, this.#owner);
        this.#notBegun.delete(recordingId);
      }
    } catch (error) {
      log.debug({ err: error }, "recordings: PostgreSQL was not told that this process lives");
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#beats);
    const deadline = setTimeout(() => this.#stopping.abort(), STOP_MS);
    await Promise.all([
      this.#queue.settled(),
      ...[...this.#finishing].map((each) => each.catch(() => undefined)),
    ]);
    clearTimeout(deadline);
    // What comes later is told so at once.
    this.#stopping.abort();
    await this.#beat();
    // What it leaves is found without waiting for its silence; where PostgreSQL is away, after it.
    await forgetOwner(this.#pool, this.#owner).catch(() => undefined);
    await Promise.all([this.#pool.end(), this.#chunkPool.end()]);
  }
}

function notTaken(what: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError("unavailable", `${what}: PostgreSQL does not take it (${reason}).`, { cause });
}
