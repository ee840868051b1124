import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createPool } from "../../db/pool.ts";
import type { AuditScope } from "../query/scope.ts";
import { createDictionary } from "../store/dictionary.ts";
import { takeNumbers } from "../store/ledger.ts";
import { dropPartition, listPartitions } from "../store/partitions.ts";
import { onPostgres } from "../store/sql.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { type RecordPage, readRecord } from "./read-record.ts";

let db: TestDatabase;
const all = { kind: "all" } as AuditScope;
const DAY_MS = 86_400_000;
const now = Date.now();
/** Where each test's numbers begin. */
let start = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  start = await lastNo();
});

async function lastNo(): Promise<number> {
  const { rows } = await db.pool.query("SELECT last_no FROM audit_ledger WHERE stream = 'kube_request'");
  return rows[0].last_no;
}

let seed = 0;
async function store(
  count: number,
  at = now,
  pool = db.pool,
  dictionary = createDictionary(pool),
): Promise<void> {
  seed += 1;
  const entries = [...generateEntries({ count, from: at - 60_000, to: at, seed })];
  await storeBatch({ pool, dictionary }, { entries });
}

const read = (after: number, limit = 1_000, near: Date | null = null): Promise<RecordPage> =>
  readRecord(onPostgres(db.pool), {
    scope: all,
    stream: "kube_request",
    after,
    limit,
    columns: ["call_id"],
    near,
  });

/** Reads from a number on until there is no more, and answers the numbers in the order in which they came. */
async function readOn(after: number, limit: number): Promise<number[]> {
  const numbers: number[] = [];
  let page: RecordPage;
  let near: Date | null = null;
  do {
    page = await read(after, limit, near);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    numbers.push(...page.rows.map(({ no }) => no));
    after = page.upTo;
    near = page.rows.at(-1)?.at ?? near;
  } while (page.upTo < page.lastNo);
  return numbers;
}

const consecutive = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index);

test("rows come in order of No whatever their day, a page at a time, each once", async () => {
  await store(30);
  // A journal of earlier starts: old rows with late numbers.
  await store(20, now - 9 * DAY_MS);
  await store(30);
  expect(await readOn(start, 7)).toEqual(consecutive(start + 1, 80));
  const [first] = (await read(start, 1)).rows;
  expect(first).toMatchObject({
    no: start + 1,
    at: expect.any(Date),
    call_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("a number that an open transaction has taken is waited for, and none behind it is read before", async () => {
  await store(3);
  const slow = await db.pool.connect();
  await slow.query("BEGIN");
  expect(await takeNumbers(onPostgres(slow), "kube_request", 2)).toEqual({ first: start + 4 });
  const behind = store(5);
  // The second writer waits for the ledger's row: it has no number yet.
  await expect
    .poll(async () => {
      const { rows } = await db.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length;
    })
    .toBeGreaterThan(0);
  expect(await read(start)).toMatchObject({ upTo: start + 3, lastNo: start + 3, gone: [] });
  for (const no of [start + 4, start + 5])
    await slow.query(
      `INSERT INTO kube_request SELECT (r).* FROM (SELECT jsonb_populate_record(k, jsonb_build_object('no', $1::bigint)) AS r
       FROM kube_request k WHERE no = $2 LIMIT 1) AS copied`,
      [no, start + 1],
    );
  await slow.query("COMMIT");
  slow.release();
  await behind;
  expect(await readOn(start, 4)).toEqual(consecutive(start + 1, 10));
});

test("while two replicas write at once, a reader that keeps up sees every number once and in order", async () => {
  const replicas = [createPool(db.url, { max: 2 }), createPool(db.url, { max: 2 })];
  const BATCHES = 40;
  let writing = true;
  const writers = Promise.all(
    replicas.map(async (pool) => {
      const dictionary = createDictionary(pool);
      for (let batch = 0; batch < BATCHES; batch++) await store(5, now, pool, dictionary);
    }),
  ).finally(() => {
    writing = false;
  });
  const seen: number[] = [];
  let reads = 0;
  while (writing || seen.length < 2 * BATCHES * 5) {
    const page = await read(start + seen.length, 64);
    expect(page.gone).toEqual([]);
    expect(page.rows.map(({ no }) => no)).toEqual(consecutive(start + seen.length + 1, page.rows.length));
    seen.push(...page.rows.map(({ no }) => no));
    if (page.rows.length > 0) reads += 1;
  }
  await writers;
  expect(seen).toEqual(consecutive(start + 1, 2 * BATCHES * 5));
  expect(reads).toBeGreaterThan(3);
  await Promise.all(replicas.map((pool) => pool.end()));
});

test("numbers that are gone are named, deleted ones and a dropped day's", async () => {
  await store(10);
  await store(15, now - 20 * DAY_MS);
  await store(10);
  const near = (await read(start, 5)).rows.at(-1)!.at;
  await db.pool.query("DELETE FROM kube_request WHERE no IN ($1, $2, $3)", [start + 2, start + 3, start + 5]);
  for (const partition of await listPartitions(db.pool))
    if (Date.parse(partition.day) < now - 15 * DAY_MS) await dropPartition(db.pool, partition);
  const page = await read(start, 1_000, near);
  expect(page.rows.map(({ no }) => no)).toEqual(
    [1, 4, 6, 7, 8, 9, 10, ...consecutive(26, 10)].map((no) => start + no),
  );
  expect(page.gone).toEqual([
    { from: start + 2, to: start + 3 },
    { from: start + 5, to: start + 5 },
    { from: start + 11, to: start + 25 },
  ]);
});

test("what is gone for long is one range, and the next row follows", async () => {
  await db.pool.query("UPDATE audit_ledger SET last_no = last_no + 5000000 WHERE stream = 'kube_request'");
  await store(3);
  const first = await read(start, 10);
  expect(first).toMatchObject({
    rows: [],
    gone: [{ from: start + 1, to: start + 5_000_000 }],
    upTo: start + 5_000_000,
  });
  expect((await read(first.upTo, 10)).rows).toHaveLength(3);
  await db.pool.query("DELETE FROM kube_request WHERE no > $1", [first.upTo]);
  const end = first.upTo + 3;
  expect(await read(first.upTo, 2)).toMatchObject({
    rows: [],
    gone: [{ from: first.upTo + 1, to: end }],
    upTo: end,
  });
  expect(await read(end)).toMatchObject({ rows: [], gone: [], upTo: end, lastNo: end });
});

test("a record that ends before the cursor, and a scope that is not of all, are refused", async () => {
  await expect(read(start + 1)).rejects.toThrow(
    `Request Audit was read to No ${start + 1} and ends at No ${start}`,
  );
  const own = { kind: "own", actorKind: "user", actorId: "1" } as AuditScope;
  await expect(
    readRecord(onPostgres(db.pool), {
      scope: own,
      stream: "kube_request",
      after: 0,
      limit: 1,
      columns: [],
      near: null,
    }),
  ).rejects.toThrow("takes that of everybody's records");
});
