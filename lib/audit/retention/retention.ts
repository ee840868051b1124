import type pg from "pg";
import { systemContext } from "../../context.ts";
import { withClient } from "../../db/pool.ts";
import { log } from "../../log.ts";
import { recordEventAlone } from "../events/record.ts";
import {
  addDays,
  type Day,
  dayOf,
  dropPartition,
  ensurePartitions,
  listDetached,
  listPartitions,
  startOfDay,
} from "../store/partitions.ts";
import { pruneTerms } from "./prune-terms.ts";

/** PRODUCT: nightly at 02:00 UTC. */
const RETENTION_HOUR_UTC = 2;
const HOUR_MS = 3_600_000;
/** Days whose partitions are made before they are needed. */
const DAYS_AHEAD = 7;
/** Only one replica at a time. */
const RETENTION_LOCK = 7_201_520_032;

const COUNTERS = [
  { table: "kube_request_minute", column: "minute" },
  { table: "kube_request_hour", column: "hour" },
  { table: "kube_request_day", column: "day" },
  { table: "kube_request_minute_total", column: "minute" },
  { table: "kube_request_hour_total", column: "hour" },
  { table: "kube_request_day_kind", column: "day" },
  { table: "audit_event_minute", column: "minute" },
  { table: "audit_event_day", column: "day" },
] as const;

/** The first day that is kept. 90 days of retention keep today and the 90 days before. */
export const firstKeptDay = (retentionDays: number, now: Date): Day => addDays(dayOf(now), -retentionDays);

/** Told, after the days before `firstKept` were dropped, and at each run: what others keep of these days goes with them. May be told the same again. */
export type ForgetDays = (pool: pg.Pool, firstKept: Day) => Promise<void>;

/** Asked before days are dropped: the first day that is to be kept, `firstKept` or one before it that somebody still needs. */
export type HoldDays = (pool: pg.Pool, firstKept: Day) => Promise<Day>;

/** What others have to say about the days that go. */
export interface RetentionHooks {
  holdDays?: HoldDays;
  forgetDays?: ForgetDays;
}

/** Makes the partitions of today and the days to come. */
export async function makePartitionsAhead(pool: pg.Pool, now = new Date()): Promise<void> {
  await ensurePartitions(
    pool,
    Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => addDays(dayOf(now), index - 1)),
  );
}

/**
 * Drops the days that are no longer kept: requests, events, bodies and their counters, recordings, and what only they named. Records the removal as an event, one for all days.
 * `retentionDays` 0 keeps everything. Does nothing where another replica is at it.
 * @returns the days that were dropped, oldest first.
 */
export async function dropExpiredDays(
  pool: pg.Pool,
  retentionDays: number,
  now = new Date(),
  { holdDays, forgetDays }: RetentionHooks = {},
): Promise<Day[]> {
  if (retentionDays === 0) return [];
  return withClient(pool, async (client) => {
    const lock = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [
      RETENTION_LOCK,
    ]);
    if (!lock.rows[0]!.taken) return [];
    const expiring = firstKeptDay(retentionDays, now);
    const firstKept = (await holdDays?.(pool, expiring)) ?? expiring;
    const days = await dropDaysBefore(pool, firstKept, retentionDays);
    await pruneTerms(pool, firstKept);
    await forgetDays?.(pool, firstKept);
    await client.query("SELECT pg_advisory_unlock($1)", [RETENTION_LOCK]);
    return days;
  });
}

async function dropDaysBefore(pool: pg.Pool, firstKept: Day, retentionDays: number): Promise<Day[]> {
  const expired = [...(await listPartitions(pool)), ...(await listDetached(pool))].filter(
    ({ day }) => day < firstKept,
  );
  const days = [...new Set(expired.map(({ day }) => day))].sort();
  if (days.length === 0) return [];
  for (const partition of expired) await dropPartition(pool, partition);
  for (const { table, column } of COUNTERS) {
    await pool.query(`DELETE FROM ${table} WHERE ${column} < $1`, [new Date(startOfDay(firstKept))]);
  }
  const span = days.length === 1 ? days[0] : `${days[0]} to ${days.at(-1)}`;
  await recordEventAlone(systemContext("Kubewitness"), {
    action: "Delete",
    entityType: "Settings",
    entityName: `Retention, ${span}`,
    after: { retentionDays, days: days.length, firstDay: days[0], lastDay: days.at(-1) },
  });
  return days;
}

/** Milliseconds to the next 02:00 UTC. */
export function untilNextRetention(now: Date): number {
  const next = new Date(now);
  next.setUTCHours(RETENTION_HOUR_UTC, 0, 0, 0);
  if (next <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next.getTime() - now.getTime();
}

/**
 * Keeps partitions ahead (hourly) and drops expired days (nightly, and at start what a night off has missed). `retentionDays` is asked each time: it
 * may change meanwhile.
 */
export function startRetention(
  pool: pg.Pool,
  retentionDays: () => number,
  hooks?: RetentionHooks,
): { stop(): void } {
  let nightly: NodeJS.Timeout;
  const attempt = (what: string, work: () => Promise<unknown>) =>
    work().catch((error: Error) =>
      log.error({ err: error }, `audit retention: ${what} failed, and is tried again`),
    );
  const make = () => attempt("making partitions", () => makePartitionsAhead(pool));
  const drop = () =>
    attempt("dropping expired days", () => dropExpiredDays(pool, retentionDays(), new Date(), hooks));
  const plan = () => {
    nightly = setTimeout(() => drop().finally(plan), untilNextRetention(new Date()));
    nightly.unref();
  };
  const hourly = setInterval(make, HOUR_MS);
  hourly.unref();
  make();
  // A day more: the night that has just begun has its own turn at 02:00.
  if (retentionDays() > 0) {
    const missed = () => dropExpiredDays(pool, retentionDays() + 1, new Date(), hooks);
    attempt("dropping missed days", missed);
  }
  plan();
  return {
    stop() {
      clearInterval(hourly);
      clearTimeout(nightly);
    },
  };
}
