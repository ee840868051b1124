import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { storeRecordings } from "../../../test/audit/store-recordings.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { generateRecordings } from "../../../test/history/generate-recordings.ts";
import type { AuditScope } from "../query/scope.ts";
import { dropExpiredDays, makePartitionsAhead } from "../retention/retention.ts";
import { createDictionary } from "../store/dictionary.ts";
import { dropPartition, listPartitions } from "../store/partitions.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { getRecordStatus } from "./record-status.ts";

let db: TestDatabase;
const scope: AuditScope = { kind: "all" } as AuditScope;
const DAY_MS = 86_400_000;
vi.setConfig({ testTimeout: 120_000 });
/** The database has its own clock. */
const now = Date.now();

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  db = await createTestDatabase();
  await makePartitionsAhead(db.pool);
  expect((await status()).gapless).toBe(true);
  await store(600, now - 12 * DAY_MS, now);
  await storeRecordings(
    db.pool,
    generateRecordings({ count: 60, from: now - 12 * DAY_MS, to: now, seed: 3 }),
  );
});
afterAll(async () => {
  vi.useRealTimers();
  await db.close();
});
beforeEach(() => nextMinute());

async function store(count: number, from: number, to: number): Promise<void> {
  const entries = [...generateEntries({ count, from, to, seed: count })];
  await storeBatch({ pool: db.pool, dictionary: createDictionary(db.pool) }, { entries });
}

/** The check is at most a minute old. */
const nextMinute = () => vi.setSystemTime(Date.now() + 60_000);

async function status() {
  const { record } = await getRecordStatus({ scope, retentionDays: 0 });
  return record;
}
const missing = async () => (await status()).surfaces.map((surface) => surface.missing);

/** PostgreSQL tells of a change within a second or so; each look is a minute later for the check. */
async function soon<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  const deadline = performance.now() + 40_000;
  for (;;) {
    nextMinute();
    const got = await read();
    if (JSON.stringify(got) === JSON.stringify(wanted)) return;
    if (performance.now() > deadline) return expect(got).toEqual(wanted);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("every number has its row, on every surface, also the first ones, and as rows come", async () => {
  expect(await status()).toMatchObject({
    gapless: true,
    surfaces: [{ missing: 0 }, { missing: 0 }, { missing: 0 }],
  });
  await store(50, now - 1_000, now);
  nextMinute();
  const { lastNo, gapless, surfaces } = await status();
  expect({ lastNo, gapless }).toEqual({ lastNo: 650, gapless: true });
  expect(surfaces.map(({ surface, lastNo: last }) => [surface, last > 0])).toEqual([
    ["Request Audit", true],
    ["Event History", true],
    ["Pod Session Recordings", true],
  ]);
});

test("rows that are gone are missed at the next check, of any day and of any surface, also after more have come", async () => {
  expect(await missing()).toEqual([0, 0, 0]);
  await db.pool.query("DELETE FROM kube_request WHERE no IN (3, 4, 5)");
  await soon(missing, [3, 0, 0]);
  await store(20, now - 1_000, now);
  await db.pool.query("DELETE FROM audit_event WHERE no = 2");
  await db.pool.query("DELETE FROM recording WHERE no IN (7, 60)");
  await soon(missing, [3, 1, 2]);
  expect((await status()).gapless).toBe(false);
  // Put the numbers right for the tests that follow.
  await db.pool.query(
    "UPDATE audit_ledger SET dropped = CASE stream WHEN 'kube_request' THEN 3 WHEN 'audit_event' THEN 1 ELSE 2 END",
  );
});

test("a row that is gone unseen by statistics is missed when its day has its turn", async () => {
  await soon(missing, [0, 0, 0]);
  const client = await db.pool.connect();
  await client.query("BEGIN; SET LOCAL track_counts = off; DELETE FROM kube_request WHERE no = 40; COMMIT");
  client.release();
  await soon(missing, [1, 0, 0]);
  await db.pool.query("UPDATE audit_ledger SET dropped = dropped + 1 WHERE stream = 'kube_request'");
});

test("a day that retention drops is not missed, nor what comes for it afterwards", async () => {
  await soon(missing, [0, 0, 0]);
  const dropped = await dropExpiredDays(db.pool, 7, new Date());
  expect(dropped.length).toBeGreaterThan(2);
  await soon(missing, [0, 0, 0]);
  // A journal of before the outage, adopted after that day was dropped.
  await store(5, now - 12 * DAY_MS, now - 11.5 * DAY_MS);
  await soon(missing, [0, 0, 0]);
  expect((await status()).gapless).toBe(true);
});

test("a drop that was cut off after it detached a day is finished, and its rows count as dropped", async () => {
  await soon(missing, [0, 0, 0]);
  const [oldest] = (await listPartitions(db.pool)).filter(({ table }) => table === "kube_request");
  await db.pool.query(`ALTER TABLE kube_request DETACH PARTITION ${oldest!.name}`);
  await dropExpiredDays(db.pool, 7, new Date());
  await soon(missing, [0, 0, 0]);
});

test("a partition that was truncated or dropped by hand is missed", async () => {
  await soon(missing, [0, 0, 0]);
  const partitions = (await listPartitions(db.pool)).filter(({ table }) => table === "kube_request");
  const counts = await Promise.all(
    partitions.map(
      async ({ name }) => (await db.pool.query(`SELECT count(*)::int AS rows FROM ${name}`)).rows[0].rows,
    ),
  );
  const filled = counts.findIndex((rows) => rows > 0);
  await db.pool.query(`TRUNCATE ${partitions[filled]!.name}`);
  await soon(missing, [counts[filled], 0, 0]);
  await dropPartition(db.pool, partitions[filled]!);
  await soon(missing, [counts[filled], 0, 0]);
  await db.pool.query("UPDATE audit_ledger SET dropped = dropped + $1 WHERE stream = 'kube_request'", [
    counts[filled],
  ]);
});

test("rows dated ahead are named, with the window that shows them", async () => {
  expect((await status()).surfaces[0]!.ahead).toBeNull();
  const at = now + 2 * DAY_MS;
  await store(7, at, at + 60_000);
  nextMinute();
  const [requests] = (await status()).surfaces;
  expect(requests!.ahead!.count).toBe(7);
  const { rows } = await db.pool.query(
    "SELECT count(*)::int AS count FROM kube_request WHERE executed_at >= $1 AND executed_at < $2",
    [requests!.ahead!.from, requests!.ahead!.to],
  );
  expect(rows[0].count).toBe(7);
});
