import { randomUUID } from "node:crypto";
import type pg from "pg";
import { onPostgres, type RunSql } from "../../audit/store/sql.ts";
import { log } from "../../log.ts";
import { RecordedSession } from "../recorded-session.ts";
import { closeRecording, type RecordingEnd } from "./close-recording.ts";
import { beatOwner, forgetOwner, NOBODY } from "./running.ts";
import { readStored } from "./stored-chunks.ts";

export interface SweepOptions {
  pool: pg.Pool;
  /** Whether what it closes is to be moved out of PostgreSQL. */
  archive: boolean;
  /** Told of each that it closed. */
  onClosed?: () => void;
  everyMs?: number;
  /** How long the sweep itself must have seen an owner silent. */
  silentMs?: number;
  /** Looks that are further apart say nothing of what was between them. */
  longestGapMs?: number;
}

const EVERY_MS = 3_000;
const SILENT_MS = 15_000;
const LONGEST_GAP_MS = 9_000;
/** Closed in one turn. */
const AT_ONCE = 200;

interface Observation {
  /** The heartbeat, as text; null where the owner has no row. */
  seenAt: string | null;
  /** When it was first seen like that; of this process's monotonic clock. */
  since: number;
}

interface RunningRow {
  recordingId: string;
  owner: string;
  seenAt: string | null;
}

/**
 * Closes the recordings of processes that are gone, as interrupted, with what there is of them. An owner is gone when the sweep itself has seen its heartbeat
 * unchanged for fifteen seconds in which it could write what it writes itself: that PostgreSQL was away, full or slow ends nobody's. Any number of
 * processes may sweep.
 */
export class Sweep {
  readonly #options: Required<SweepOptions>;
  /** Beats as an owner without sessions: where it cannot, nor can others. */
  readonly #self = randomUUID();
  readonly #observed = new Map<string, Observation>();
  /** Those that cannot be closed: told of once. */
  #unclosed = new Set<string>();
  #lastLook = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(options: SweepOptions) {
    this.#options = {
      everyMs: EVERY_MS,
      silentMs: SILENT_MS,
      longestGapMs: LONGEST_GAP_MS,
      onClosed: () => undefined,
      ...options,
    };
    this.#timer = setInterval(() => void this.runOnce(), this.#options.everyMs);
    this.#timer.unref();
  }

  /** Looks now, after a look that is under way. */
  runOnce(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#look())
      .catch((error: unknown) => {
        log.warn(
          { err: error },
          "recordings: whose process is gone could not be looked for, and is tried again",
        );
      });
    return this.#running;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await forgetOwner(this.#options.pool, this.#self).catch(() => undefined);
  }

  async #look(): Promise<void> {
    const { pool, longestGapMs } = this.#options;
    const began = performance.now();
    const rows = await readOwners(onPostgres(pool));
    if (rows.length > 0) await beatOwner(pool, this.#self);
    if (began - this.#lastLook > longestGapMs) this.#observed.clear();
    this.#lastLook = performance.now();
    this.#observe(rows);
    const unclosed = new Set<string>();
    let closed = 0;
    for (const row of rows.filter((row) => this.#isGone(row))) {
      if (await this.#close(row)) closed += 1;
      else unclosed.add(row.recordingId);
      if (closed === AT_ONCE) break;
    }
    this.#unclosed = unclosed;
    await forgetSilentOwners(pool);
  }

  #observe(rows: readonly RunningRow[]): void {
    const owners = new Map(rows.map(({ owner, seenAt }) => [owner, seenAt]));
    for (const owner of this.#observed.keys()) if (!owners.has(owner)) this.#observed.delete(owner);
    for (const [owner, seenAt] of owners) {
      if (this.#observed.get(owner)?.seenAt !== seenAt)
        this.#observed.set(owner, { seenAt, since: this.#lastLook });
    }
  }

  #isGone({ owner }: RunningRow): boolean {
    if (owner === NOBODY) return true;
    const observation = this.#observed.get(owner);
    return observation !== undefined && this.#lastLook - observation.since >= this.#options.silentMs;
  }

  /** One that cannot be closed must not keep the others open. @returns false where it cannot. */
  async #close(row: RunningRow): Promise<boolean> {
    const { recordingId } = row;
    try {
      if (!(await closeInterrupted(this.#options, row))) return true;
      this.#options.onClosed();
      log.warn({ recordingId }, "recordings: a session whose process is gone was closed as interrupted");
      return true;
    } catch (err) {
      const told = this.#unclosed.has(recordingId);
      const words = "recordings: a session whose process is gone cannot be closed, and is tried again";
      if (!told) log.error({ err, recordingId }, words);
      return false;
    }
  }
}

function readOwners(run: RunSql): Promise<RunningRow[]> {
  return run<RunningRow>(
    `SELECT recording_id AS "recordingId", owner, seen_at::text AS "seenAt"
     FROM recording_running LEFT JOIN recording_owner USING (owner) ORDER BY started_at`,
    [],
  );
}

/** @returns false where it was closed meanwhile, or its owner was heard of. */
async function closeInterrupted(
  { pool, archive }: Pick<SweepOptions, "pool" | "archive">,
  { recordingId, owner, seenAt }: RunningRow,
): Promise<boolean> {
  const run = onPostgres(pool);
  const [row] = await run<{ entry: unknown }>(
    "SELECT entry FROM recording_running WHERE recording_id = $1::uuid AND owner = $2::uuid",
    [recordingId, owner],
  );
  if (!row) return false;
  const session = RecordedSession.parse(row.entry);
  const take = async (inTransaction: RunSql) => {
    const taken = await inTransaction(
      `DELETE FROM recording_running r WHERE recording_id = $1::uuid AND owner = $2::uuid
         AND NOT EXISTS (SELECT FROM recording_owner o WHERE o.owner = r.owner AND o.seen_at::text IS DISTINCT FROM $3::text)
       RETURNING recording_id`,
      [recordingId, owner, seenAt],
    );
    return taken.length > 0;
  };
  return closeRecording(pool, { session, end: await endOf(session, run), take, archive });
}

async function endOf(session: RecordedSession, run: RunSql): Promise<RecordingEnd> {
  const { recordingId, startedAt } = session;
  const { toMs, ...stored } = await readStored(run, session);
  return {
    recordingId,
    startedAt,
    endedAt: startedAt + toMs,
    outcome: {
      ending: "interrupted",
      result: "failure",
      message:
        "The process that recorded it ended with it. Up to a second of what was shown last may be missing.",
      exitCode: null,
      bytesIn: null,
      bytesOut: null,
    },
    ...stored,
    columns: null,
    rows: null,
  };
}

/** Of processes that ended without a word, once none of their sessions runs. */
async function forgetSilentOwners(pool: pg.Pool): Promise<void> {
  await pool.query(
    `DELETE FROM recording_owner o WHERE seen_at < now() - interval '1 hour'
       AND NOT EXISTS (SELECT FROM recording_running r WHERE r.owner = o.owner)`,
  );
}
