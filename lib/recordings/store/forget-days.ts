import type pg from "pg";
import { type Day, startOfDay } from "../../audit/store/partitions.ts";

/**
 * Lets what belongs to recordings of days before `firstKept` go, after their partitions: nothing of them is prepared any more, and what lies outside PostgreSQL
 * is to be removed from there.
 */
export async function forgetRecordingDays(pool: pg.Pool, firstKept: Day): Promise<void> {
  const before = new Date(startOfDay(firstKept)).toISOString();
  await pool.query("DELETE FROM recording_render WHERE started_at < $1::timestamptz", [before]);
  await pool.query(
    "UPDATE recording_archive SET expired = true, not_before = date_trunc('milliseconds', now()) WHERE started_at < $1::timestamptz AND NOT expired",
    [before],
  );
}
