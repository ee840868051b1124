import { afterAll, beforeAll, expect, test } from "vitest";
import { storeRecordings } from "../../../test/audit/store-recordings.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { generateRecordings } from "../../../test/history/generate-recordings.ts";
import { createDictionary } from "../store/dictionary.ts";
import { dayOf, ensurePartitions, listPartitions } from "../store/partitions.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { dropExpiredDays, makePartitionsAhead, untilNextRetention } from "./retention.ts";

let db: TestDatabase;
const NOW = new Date("2026-06-30T02:00:00Z");
const DAY_MS = 86_400_000;

beforeAll(async () => {
  db = await createTestDatabase();
  const to = Date.parse("2026-06-30T01:00:00Z");
  const entries = [...generateEntries({ count: 500, from: to - 10 * DAY_MS, to })];
  await storeBatch({ pool: db.pool, dictionary: createDictionary(db.pool) }, { entries });
  await storeRecordings(db.pool, generateRecordings({ count: 50, from: to - 10 * DAY_MS, to }));
});
afterAll(() => db.close());

async function single(sql: string): Promise<Record<string, unknown>> {
  return (await db.pool.query(sql)).rows[0];
}

test("0 keeps everything", async () => {
  expect(await dropExpiredDays(db.pool, 0, NOW)).toEqual([]);
});

test("days beyond the retention are gone: rows, bodies, events and counters; the rest stays; an event says so", async () => {
  const kept = "executed_at >= '2026-06-23'";
  const before = await single(
    `SELECT count(*) FILTER (WHERE ${kept})::int AS kept, count(*)::int AS all FROM kube_request`,
  );
  expect(before.kept).toBeLessThan(before.all as number);

  const days = await dropExpiredDays(db.pool, 7, NOW);
  expect(days).toEqual(["2026-06-20", "2026-06-21", "2026-06-22"]);
  expect((await listPartitions(db.pool)).every(({ day }) => day >= "2026-06-23")).toBe(true);
  expect(
    await single("SELECT count(*)::int AS all, min(executed_at) >= '2026-06-23' AS young FROM kube_request"),
  ).toEqual({
    all: before.kept,
    young: true,
  });
  const counted = await single(
    `SELECT (SELECT sum(count)::int FROM kube_request_minute) AS minutes, (SELECT sum(count)::int FROM kube_request_hour) AS hours,
       (SELECT min(day) >= '2026-06-23' FROM kube_request_day_kind) AS kinds,
       (SELECT min(minute) >= '2026-06-23' FROM audit_event_minute) AS events`,
  );
  expect(counted).toEqual({ minutes: before.kept, hours: before.kept, kinds: true, events: true });
  expect(
    await single(
      `SELECT entity_name, actor.name AS actor, after->>'days' AS days FROM audit_event JOIN audit_event_body USING (happened_at, ledger_id, no)
       JOIN audit_actor actor ON actor.id = actor_id`,
    ),
  ).toEqual({ entity_name: "Retention, 2026-06-20 to 2026-06-22", actor: "Kubewitness", days: "3" });
});

test("recordings of these days are gone, and count as dropped", async () => {
  const { rows, youngest, dropped, last } = await single(
    `SELECT count(*)::int AS rows, min(started_at) >= '2026-06-23' AS youngest,
       (SELECT dropped::int FROM audit_ledger WHERE stream = 'recording') AS dropped,
       (SELECT last_no::int FROM audit_ledger WHERE stream = 'recording') AS last FROM recording`,
  );
  expect({ youngest, last }).toEqual({ youngest: true, last: 50 });
  expect(dropped).toBeGreaterThan(5);
  expect((rows as number) + (dropped as number)).toBe(50);
});

test("a second run finds nothing to do, and two at once do it once", async () => {
  expect(await dropExpiredDays(db.pool, 7, NOW)).toEqual([]);
  const later = new Date(NOW.getTime() + DAY_MS);
  const both = await Promise.all([dropExpiredDays(db.pool, 7, later), dropExpiredDays(db.pool, 7, later)]);
  expect(both.flat()).toEqual(["2026-06-23"]);
});

test("a drop that was cut off is finished", async () => {
  await ensurePartitions(db.pool, ["2020-01-01"]);
  await db.pool.query(
    "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'kube_request_20200101'::regclass",
  );
  expect(await dropExpiredDays(db.pool, 7, NOW)).toContain("2020-01-01");
});

test("partitions of the days to come are made ahead, by several at once", async () => {
  await Promise.all([makePartitionsAhead(db.pool, NOW), makePartitionsAhead(db.pool, NOW)]);
  const days = new Set((await listPartitions(db.pool)).map(({ day }) => day));
  for (let ahead = 0; ahead <= 7; ahead++) expect(days).toContain(dayOf(NOW.getTime() + ahead * DAY_MS));
});

test("the next retention is at 02:00 UTC", () => {
  expect(untilNextRetention(new Date("2026-06-30T01:59:00Z"))).toBe(60_000);
  expect(untilNextRetention(new Date("2026-06-30T02:00:00Z"))).toBe(DAY_MS);
});
