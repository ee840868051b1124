import type pg from "pg";
import { dayOf, ensurePartitions } from "../../audit/store/partitions.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { RecordedSession } from "../recorded-session.ts";

/** The owner of what its own process gave up: no process has it, so the sweep closes it. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

const BEGIN = `WITH owner AS (
    INSERT INTO recording_owner (owner, seen_at) VALUES ($3::uuid, now())
    ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at
  )
  INSERT INTO recording_running (recording_id, started_at, owner, entry)
  VALUES ($1::uuid, $2::timestamptz, $3::uuid, $4::jsonb) ON CONFLICT (recording_id) DO NOTHING`;

/** Puts a session among those that run, as `owner`'s, and makes the day's partitions. A second time changes nothing. */
export async function beginRunning(pool: pg.Pool, owner: string, session: RecordedSession): Promise<void> {
  const startedAt = new Date(session.startedAt);
  await ensurePartitions(pool, [dayOf(startedAt)]);
  const values = [session.recordingId, startedAt.toISOString(), owner, JSON.stringify(session)];
  await pool.query(BEGIN, values);
}

/** Tells that the process lives. */
export async function beatOwner(pool: pg.Pool, owner: string): Promise<void> {
  await pool.query(
    `INSERT INTO recording_owner (owner, seen_at) VALUES ($1::uuid, now())
     ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at`,
    [owner],
  );
}

/** The process ends: what it leaves is nobody's. */
export async function forgetOwner(pool: pg.Pool, owner: string): Promise<void> {
  await pool.query(`UPDATE recording_running SET owner = '${NOBODY}' WHERE owner = $1::uuid`, [owner]);
  await pool.query("DELETE FROM recording_owner WHERE owner = $1::uuid", [owner]);
}

/** What is known of a session that runs; null where none of that id does. */
export async function readRunning(run: RunSql, recordingId: string): Promise<RecordedSession | null> {
  const [row] = await run<{ entry: unknown }>(
    "SELECT entry FROM recording_running WHERE recording_id = $1::uuid",
    [recordingId],
  );
  return row ? RecordedSession.parse(row.entry) : null;
}

/** Takes a session of `owner`'s from those that run; false where it is not among them. */
export async function takeRunning(run: RunSql, recordingId: string, owner: string): Promise<boolean> {
  const rows = await run(
    "DELETE FROM recording_running WHERE recording_id = $1::uuid AND owner = $2::uuid RETURNING recording_id",
    [recordingId, owner],
  );
  return rows.length > 0;
}

/** Leaves sessions to the sweep of whichever main process finds them first. */
export async function disown(pool: pg.Pool, owner: string, recordingIds: readonly string[]): Promise<void> {
  await pool.query(
    `UPDATE recording_running SET owner = '${NOBODY}' WHERE owner = $1::uuid AND recording_id = ANY ($2::uuid[])`,
    [owner, recordingIds],
  );
}
