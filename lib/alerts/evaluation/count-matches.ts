import type { Alert } from "../../../prisma/generated/client.ts";
import type { NewEvent } from "../../audit/events/record.ts";
import type { Transaction } from "../../db/client.ts";
import { fireOrHold } from "./fire.ts";
import { type Bucket, countByBucket, findHit, type Hit, type Rule } from "./sliding-count.ts";

/** Adds matches to what an alert has counted, and fires it where that is too much. @returns the event, to be recorded last. */
export async function countMatches(
  tx: Transaction,
  { alertId, times }: { alertId: string; times: readonly number[] },
): Promise<NewEvent | null> {
  const alert = await holdAlert(tx, alertId);
  if (!alert?.enabled) return null;
  const hit = await hitOf(tx, alert, times);
  return hit && fireOrHold(tx, alert, hit);
}

/** Holds an alert until the transaction ends; null where it was deleted. */
export async function holdAlert(tx: Transaction, id: string): Promise<Alert | null> {
  await tx.$queryRaw`select 1 from alerts where id = ${id}::uuid for update`;
  return tx.alert.findUnique({ where: { id } });
}

async function hitOf(tx: Transaction, alert: Alert, times: readonly number[]): Promise<Hit | null> {
  const rule = { moreThan: alert.moreThan, withinMs: Number(alert.withinMs) };
  if (rule.moreThan === 0)
    return { matches: times.length, from: Math.min(...times), to: Math.max(...times) + 1 };
  await addCounts(tx, alert.id, countByBucket(times, rule));
  return findAndForget(tx, alert.id, rule);
}

async function addCounts(tx: Transaction, alertId: string, buckets: readonly Bucket[]): Promise<void> {
  const at = buckets.map((bucket) => new Date(bucket.at).toISOString());
  const matches = buckets.map((bucket) => bucket.matches);
  await tx.$executeRaw`
    insert into alert_counts (alert_id, at, matches)
    select ${alertId}::uuid, at, matches from unnest(${at}::timestamptz[], ${matches}::int[]) as new (at, matches)
    on conflict (alert_id, at) do update set matches = alert_counts.matches + excluded.matches`;
}

/** What fired it counts no more, nor does what is too old: by the newest match, but for one that a wrong clock dated ahead, which would make all that comes too old. */
async function findAndForget(tx: Transaction, alertId: string, rule: Rule): Promise<Hit | null> {
  const rows = await tx.alertCount.findMany({ where: { alertId }, orderBy: { at: "asc" } });
  const buckets = rows.map(({ at, matches }) => ({ at: at.getTime(), matches }));
  const hit = findHit(buckets, rule);
  const newest = Math.min(buckets.at(-1)?.at ?? 0, Date.now());
  const old = new Date(newest - rule.withinMs);
  await tx.alertCount.deleteMany({ where: hit ? { alertId } : { alertId, at: { lte: old } } });
  return hit;
}
