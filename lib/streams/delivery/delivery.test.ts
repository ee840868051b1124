import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { register } from "prom-client";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { auditScope } from "../../access/permission.ts";
import { createDictionary } from "../../audit/store/dictionary.ts";
import { storeBatch } from "../../audit/writer/store-batch.ts";
import { systemContext } from "../../context.ts";
import { getStream } from "../data.ts";
import { listDeadLetters } from "../dead-letters/data.ts";
import { discardDeadLetters, replayDeadLetters } from "../dead-letters/mutations.ts";
import { createStream, pauseStream, removeStream, resumeStream, updateStream } from "../mutations.ts";
import { replayRange } from "../replays/mutations.ts";
import type { CreateStreamInput, StreamView } from "../schema.ts";
import { type RunningDeliveries, startDeliveries } from "./start-deliveries.ts";
import { type NumberedReceiver, startNumberedReceiver } from "./testing/numbered-receiver.ts";

vi.setConfig({ testTimeout: 120_000 });
let db: TestInstallation;
let deliveries: RunningDeliveries;
let receiver: NumberedReceiver;
const ctx = systemContext("test");
const PATIENT = { timeout: 40_000, interval: 50 };
const ENV = { ...NO_DEMO, KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: "true" };

const start = () =>
  startDeliveries({ databaseUrl: db.url, scope: auditScope(ctx), installation: "https://kubewitness.test" });

beforeAll(async () => {
  db = await createTestInstallation(ENV);
  receiver = await startNumberedReceiver();
  deliveries = start();
});
afterAll(async () => {
  await deliveries.stop();
  await receiver.close();
  await db.close();
});
const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await removeStream({ ctx, input: { id } });
  receiver.numbers = [];
  receiver.sizes = [];
  receiver.refuse = () => null;
});

let seed = 0;
async function store(count: number): Promise<number[]> {
  seed += 1;
  const to = Date.now();
  const entries = [...generateEntries({ count, from: to - 60_000, to, seed })];
  const { first } = await storeBatch({ pool: db.pool, dictionary: createDictionary(db.pool) }, { entries });
  return Array.from({ length: count }, (_, index) => first + index);
}

async function create(input: Partial<CreateStreamInput> = {}): Promise<{ id: string }> {
  const { id } = await createStream({
    ctx,
    input: {
      name: `stream ${seed}-${made.length}`,
      kind: "webhook",
      settings: { url: receiver.url },
      surfaces: { requests: {} },
      batch: { seconds: 0.1 },
      ...input,
    },
  });
  made.push(id);
  return { id };
}

const view = (id: string): Promise<StreamView> => getStream({ ctx, input: { id } });
const taken = () => expect.poll(() => receiver.numbers, PATIENT);

test("what is committed after a stream was made is sent in order of No, also what came while it was paused", async () => {
  await store(5);
  const { id } = await create({ kind: "file", settings: {} });
  const written = async () => {
    const file = path.join(db.config.data, "streams", id, "records.ndjson");
    const text = await readFile(file, "utf8").catch(() => "");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line).no as number);
  };
  const numbers = await store(3_000);
  await expect.poll(written, PATIENT).toEqual(numbers);
  await expect
    .poll(() => view(id), PATIENT)
    .toMatchObject({
      state: "well",
      reason: null,
      lag: { records: 0, seconds: 0 },
      delivered: 3_000,
      cursors: [{ surface: "requests", lastNo: numbers.at(-1), newestNo: numbers.at(-1) }],
    });
  const { name } = await view(id);
  await expect
    .poll(() => register.metrics(), PATIENT)
    .toContain(`kubewitness_stream_delivered_records{stream="${name}"} 3000`);
  await expect
    .poll(() => register.metrics(), PATIENT)
    .toContain(`kubewitness_stream_lag_records{stream="${name}"} 0`);
  await pauseStream({ ctx, input: { id } });
  await deliveries.look();
  const later = await store(40);
  expect(await view(id)).toMatchObject({ state: "paused", lag: { records: 40 } });
  await resumeStream({ ctx, input: { id } });
  await expect.poll(written, PATIENT).toEqual([...numbers, ...later]);
});

test("only what the filter matches is sent, without the fields that are left out; an update counts from then on", async () => {
  const filter = "result = failure";
  const { id } = await create({ surfaces: { requests: { filter, leaveOut: ["email", "clientIp"] } } });
  const numbers = await store(2_500);
  const { rows } = await db.pool.query(
    "SELECT no FROM kube_request WHERE no >= $1 AND result = 0 ORDER BY no",
    [numbers[0]],
  );
  const failures = rows.map(({ no }) => no);
  expect(failures.length).toBeGreaterThan(5);
  await taken().toEqual(failures);
  for (const record of receiver.last) {
    expect(record).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{12}-requests-\d+$/),
      surface: "requests",
      installation: "https://kubewitness.test",
      result: "failure",
    });
    expect(record).not.toHaveProperty("email");
    expect(record).not.toHaveProperty("clientIp");
  }
  await expect.poll(async () => (await view(id)).lag.records, PATIENT).toBe(0);
  await updateStream({ ctx, input: { id, surfaces: { requests: {} } } });
  // What delivers by the former filter takes nothing new from now on.
  await deliveries.look();
  const all = await store(20);
  await taken().toEqual([...failures, ...all]);
});

test("a record that the receiver never takes goes to the dead letters and the others go on; sent again, it is taken", async () => {
  const { id } = await create();
  let poison = 0;
  receiver.refuse = (numbers) =>
    numbers.includes(poison) ? { status: 400, body: "field verb: unknown value" } : null;
  const { rows } = await db.pool.query("SELECT max(no) AS last FROM kube_request");
  poison = rows[0].last + 123;
  const stored = await store(300);
  const rest = stored.filter((no) => no !== poison);
  await taken().toEqual(rest);
  await expect
    .poll(() => view(id), PATIENT)
    .toMatchObject({ state: "well", deadLetters: 1, delivered: 299, lag: { records: 0 } });
  const { deadLetters } = await listDeadLetters({ ctx, input: { id, query: { search: "unknown value" } } });
  expect(deadLetters).toMatchObject([{ surface: "requests", no: poison, attempts: 0 }]);
  expect(JSON.parse(deadLetters[0]!.text)).toMatchObject({ no: poison, surface: "requests" });

  await replayDeadLetters({ ctx, input: { id, all: true } });
  await expect
    .poll(async () => (await listDeadLetters({ ctx, input: { id, query: {} } })).deadLetters, PATIENT)
    .toMatchObject([{ attempts: 1 }]);
  receiver.refuse = () => null;
  await replayDeadLetters({ ctx, input: { id, ids: [deadLetters[0]!.id] } });
  await taken().toEqual([...rest, poison]);
  await expect.poll(async () => (await view(id)).deadLetters, PATIENT).toBe(0);
});

test.each([
  ["discarded", discardDeadLetters],
  ["asked for again", replayDeadLetters],
])("a stream with as many dead letters as there may be goes on when they are %s", async (_what, change) => {
  const { id } = await create();
  await pauseStream({ ctx, input: { id } });
  await deliveries.look();
  // Of days that have no rows: sent again, they are found to be on the record no more.
  await db.pool.query(
    `INSERT INTO stream_dead_letters (stream_id, surface, no, happened_at, reason, text)
     SELECT $1, 'requests', 1000000 + n, '2020-01-01', 'refused', '{}' FROM generate_series(1, 10000) AS n`,
    [id],
  );
  let poison = 0;
  receiver.refuse = (numbers) => (numbers.includes(poison) ? { status: 400, body: "no" } : null);
  const numbers = await store(3);
  poison = numbers[1]!;
  await resumeStream({ ctx, input: { id } });
  await expect
    .poll(async () => (await view(id)).lastError?.text, PATIENT)
    .toContain("10,000 records were refused for good");
  await change({ ctx, input: { id, all: true } });
  await taken().toEqual([numbers[0], numbers[2]]);
});

test("a batch that is too large is halved; a receiver that is busy is asked again when it says, and nothing is skipped", async () => {
  const { id } = await create();
  let busy = 2;
  receiver.refuse = (numbers) => {
    if (numbers.length > 60) return { status: 413 };
    if (busy-- > 0) return { status: 429, headers: { "retry-after": "1" }, body: "slow down" };
    return null;
  };
  const numbers = await store(500);
  await expect.poll(async () => (await view(id)).lastError?.text, PATIENT).toContain("429");
  await taken().toEqual(numbers);
  await expect.poll(() => view(id), PATIENT).toMatchObject({ state: "well", deadLetters: 0, delivered: 500 });
});

test("a stream whose receiver is gone for good stops, on the record, and goes on when it is resumed", async () => {
  const { id } = await create();
  const before = await lastEventNo(db);
  receiver.refuse = () => ({ status: 410, body: "moved out" });
  const numbers = await store(10);
  await expect
    .poll(() => view(id), PATIENT)
    .toMatchObject({
      state: "stopped",
      reason: expect.stringContaining("moved out"),
    });
  const events = await readEvents(db, before);
  expect(events.filter(({ entityType }) => entityType === "Stream")).toMatchObject([
    { operation: "End", entityType: "Stream", entityId: id, status: "Failed" },
  ]);
  receiver.refuse = () => null;
  await resumeStream({ ctx, input: { id } });
  await taken().toEqual(numbers);
});

test("a dead destination keeps another stream waiting for nothing; a range is sent again beside what is new", async () => {
  const dead = await create({ settings: { url: "http://127.0.0.1:1/" } });
  const { id } = await create();
  const numbers = await store(200);
  await taken().toEqual(numbers);
  await expect.poll(() => view(dead.id), PATIENT).toMatchObject({ state: "failing", lag: { records: 200 } });
  // It is told of when it lasts.
  expect(deliveries.troubles()).toEqual([]);
  await db.pool.query("UPDATE streams SET failing_since = now() - interval '20 seconds' WHERE id = $1", [
    dead.id,
  ]);
  await expect
    .poll(() => deliveries.troubles(), PATIENT)
    .toEqual(["a stream does not get on: Administration › Streams says why"]);
  await replayRange({ ctx, input: { id, surface: "requests", from: numbers[10]!, to: numbers[29]! } });
  await taken().toEqual([...numbers, ...numbers.slice(10, 30)]);
  const later = await store(5);
  await taken().toEqual([...numbers, ...numbers.slice(10, 30), ...later]);
  await expect.poll(() => view(id), PATIENT).toMatchObject({ replays: [], state: "well" });
});

test("a stream that is kept as this version does not know it says so, and others go on", async () => {
  const strange = await create();
  const { id } = await create();
  await db.pool.query("UPDATE streams SET format = 'future', revision = revision + 1 WHERE id = $1", [
    strange.id,
  ]);
  await expect
    .poll(async () => (await view(strange.id)).reason, PATIENT)
    .toMatch(
      /^No process of the installation delivers it yet\. What was wrong last: .*format takes a format/,
    );
  const numbers = await store(3);
  await expect.poll(async () => (await view(id)).delivered, PATIENT).toBe(3);
  expect(new Set(receiver.numbers)).toEqual(new Set(numbers));
});

test("a lease of a clock that was set back meanwhile keeps nobody waiting", async () => {
  const { id } = await create();
  const first = await store(3);
  await taken().toEqual(first);
  await db.pool.query(
    "UPDATE streams SET lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour' WHERE id = $1",
    [id],
  );
  const later = await store(3);
  await expect.poll(() => new Set(receiver.numbers), PATIENT).toEqual(new Set([...first, ...later]));
  await expect.poll(() => view(id), PATIENT).toMatchObject({ state: "well", lag: { records: 0 } });
});

test("what a process had that is killed goes on in another within seconds, and nothing is skipped", async () => {
  await deliveries.stop();
  const env = { ...process.env, ...ENV, DATABASE_URL: db.url, KUBEWITNESS_DATA: db.config.data };
  const program = path.join(import.meta.dirname, "testing/delivery-process.ts");
  const child = fork(program, { env: { ...env, KUBEWITNESS_DEMO: "false" } });
  await once(child, "message");
  // Slow enough to be killed amid it.
  const { id } = await create({ rateLimit: 400, batch: { seconds: 0.1, records: 50 } });
  const numbers = await store(1_000);
  await expect.poll(() => receiver.numbers.length, PATIENT).toBeGreaterThan(100);
  deliveries = start();
  child.kill("SIGKILL");
  await once(child, "exit");
  const killedAt = receiver.numbers.length;
  expect(killedAt).toBeLessThan(1_000);
  await expect.poll(() => receiver.numbers.at(-1), PATIENT).toBe(numbers.at(-1));
  // What was under way comes twice at the most; each number is there, and the first of each in order.
  expect([...new Set(receiver.numbers)]).toEqual(numbers);
  expect(receiver.numbers.length - numbers.length).toBeLessThanOrEqual(50);
  await expect.poll(() => view(id), PATIENT).toMatchObject({ state: "well", lag: { records: 0 } });
});
