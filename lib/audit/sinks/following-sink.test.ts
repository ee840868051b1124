import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { createPool } from "../../db/pool.ts";
import type { AuditScope } from "../query/scope.ts";
import { createDictionary } from "../store/dictionary.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { FollowingSink, type SinkDefinition } from "./following-sink.ts";
import type { RecordPage } from "./read-record.ts";

let db: TestInstallation;
const scope = { kind: "all" } as AuditScope;
const running: FollowingSink[] = [];
/** For what takes as long as a lease. */
const PATIENT = { timeout: 40_000, interval: 50 };
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  db = await createTestInstallation();
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((sink) => sink.stop()));
});

let seed = 0;
async function store(count: number): Promise<number> {
  seed += 1;
  const to = Date.now();
  const entries = [...generateEntries({ count, from: to - 60_000, to, seed })];
  const { first } = await storeBatch({ pool: db.pool, dictionary: createDictionary(db.pool) }, { entries });
  return first;
}

function start(name: string, deliver: (page: RecordPage) => Promise<void>, pool = db.pool): FollowingSink {
  const definition: SinkDefinition = {
    name,
    title: `the sink ${name}`,
    takes: ["kube_request"],
    columns: ["call_id"],
    deliver,
    finding: () => null,
  };
  const sink = new FollowingSink(definition, { pool, scope });
  running.push(sink);
  return sink;
}

const consecutive = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index);
const isReady = (sink: FollowingSink) => sink.status().cursors[0]!.lastNo !== null;

/** A sink that keeps the numbers that it was given. */
function collect() {
  const numbers: number[] = [];
  return { numbers, deliver: async ({ rows }: RecordPage) => void numbers.push(...rows.map(({ no }) => no)) };
}

test("a sink gets what is committed from its start on, in order; stopped and started again, what came meanwhile", async () => {
  await store(5);
  const given = collect();
  const sink = start("collector", given.deliver);
  await expect.poll(() => isReady(sink), PATIENT).toBe(true);
  const first = await store(1_500);
  await expect.poll(() => given.numbers.length, PATIENT).toBe(1_500);
  await expect
    .poll(() => sink.status(), PATIENT)
    .toEqual({
      name: "collector",
      title: "the sink collector",
      cursors: [{ surface: "Request Audit", lastNo: first + 1_499 }],
      health: "well",
      reason: null,
      lag: { records: 0, seconds: 0 },
    });
  await sink.stop();
  await store(20);
  start("collector", given.deliver);
  await expect.poll(() => given.numbers.length, PATIENT).toBe(1_520);
  expect(given.numbers).toEqual(consecutive(first, 1_520));
});

test("a page that fails comes again, the sink says so meanwhile, and another one waits for nothing", async () => {
  const given = collect();
  const healthy = collect();
  let broken = true;
  const failing = start("failing", async (page) => {
    if (broken) throw new Error("the receiver at 10.0.0.7 answered 500");
    await given.deliver(page);
  });
  const other = start("healthy", healthy.deliver);
  await expect.poll(() => isReady(failing) && isReady(other), PATIENT).toBe(true);
  const first = await store(10);
  await expect.poll(() => healthy.numbers, PATIENT).toEqual(consecutive(first, 10));
  await expect.poll(() => failing.status().health, PATIENT).toBe("failing");
  const { reason, lag } = failing.status();
  expect(reason).toMatch(/^the sink failing does not get on; the oldest record has waited for \d+ s$/);
  expect(lag.records).toBe(10);
  broken = false;
  await expect.poll(() => given.numbers, PATIENT).toEqual(consecutive(first, 10));
  await expect
    .poll(() => failing.status(), PATIENT)
    .toMatchObject({ health: "well", lag: { records: 0, seconds: 0 } });
});

test("of two replicas one delivers; when it is cut off another goes on where it was", async () => {
  const given = collect();
  const by: string[] = [];
  const deliverOf = (replica: string) => async (page: RecordPage) => {
    by.push(replica);
    await given.deliver(page);
  };
  const pool = createPool(db.url, { max: 1 });
  const first = start("shared", deliverOf("first"), pool);
  await expect.poll(() => isReady(first), PATIENT).toBe(true);
  const second = start("shared", deliverOf("second"));
  await expect.poll(() => isReady(second), PATIENT).toBe(true);
  const from = await store(30);
  await expect.poll(() => given.numbers.length, PATIENT).toBe(30);
  // Whoever only looks on knows how far the sink is.
  await expect.poll(() => second.status().cursors[0]!.lastNo, PATIENT).toBe(from + 29);
  await pool.end();
  await store(30);
  await expect.poll(() => given.numbers.length, PATIENT).toBe(60);
  expect(given.numbers).toEqual(consecutive(from, 60));
  expect(by.at(-1)).toBe("second");
});

test("a replica that stops lets another go on at once", async () => {
  const given = collect();
  const first = start("handed-over", given.deliver);
  await expect.poll(() => isReady(first), PATIENT).toBe(true);
  await first.stop();
  const { rows } = await db.pool.query(
    "SELECT lease_owner FROM audit_sink_cursor WHERE sink = 'handed-over'",
  );
  expect(rows).toEqual([{ lease_owner: null }]);
});
