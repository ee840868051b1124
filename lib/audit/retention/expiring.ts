import type pg from "pg";
import { type Day, listPartitions, startOfDay } from "../store/partitions.ts";
import { firstKeptDay } from "./retention.ts";

/** What would be dropped where the record is kept for so many days. */
export interface ExpiringDays {
  /** null where everything is kept. */
  firstKept: Day | null;
  days: number;
  calls: number;
  events: number;
  recordings: number;
}

const COUNT = `
  select (select coalesce(sum(count), 0) from kube_request_hour_total where hour < $1) as calls,
    (select coalesce(sum(count), 0) from audit_event_day where day < $1) as events,
    (select count(*) from recording where started_at < $1) as recordings`;

/** Counts what the next night would drop with `retentionDays`; 0 keeps everything. From the counters: the rows are too many to be counted. */
export async function countExpiring(
  pool: pg.Pool,
  retentionDays: number,
  now = new Date(),
): Promise<ExpiringDays> {
  if (retentionDays === 0) return { firstKept: null, days: 0, calls: 0, events: 0, recordings: 0 };
  const firstKept = firstKeptDay(retentionDays, now);
  const days = new Set((await listPartitions(pool)).map(({ day }) => day).filter((day) => day < firstKept));
  const { rows } = await pool.query<Record<"calls" | "events" | "recordings", string>>(COUNT, [
    new Date(startOfDay(firstKept)),
  ]);
  const { calls, events, recordings } = rows[0]!;
  return {
    firstKept,
    days: days.size,
    calls: Number(calls),
    events: Number(events),
    recordings: Number(recordings),
  };
}
