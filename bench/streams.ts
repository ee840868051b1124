// npm run bench -- streams [--records 300000] [--kills 0] [--seconds 20] [--calls 5000]
// Sends a record to a webhook on this machine: how many records a second one core sends (the delivery is a process of its own on core 0), what memory that takes, how
// long records wait at so many calls a second, and with --kills whether each arrives while the delivery, the receiver and PostgreSQL are killed (-9) in turn.
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDictionary } from "../lib/audit/store/dictionary.ts";
import { storeBatch } from "../lib/audit/writer/store-batch.ts";
import { installConfig, loadConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { listStreams } from "../lib/streams/data.ts";
import { createStream, removeStream } from "../lib/streams/mutations.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { generateEntries } from "../test/history/generate-entries.ts";
import { NO_DEMO } from "../test/installation.ts";
import { heldBy, kill, startDelivery, startReceiver, type Usage, usageOf } from "./streams/processes.ts";

const { values: options } = parseArgs({
  options: {
    records: { type: "string", default: "300000" },
    kills: { type: "string", default: "0" },
    seconds: { type: "string", default: "20" },
    calls: { type: "string", default: "5000" },
  },
});
const RECORDS = Number(options.records);
const BATCH = 1_000;
const ctx = systemContext("bench");
const directory = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-streams-"));
const data = path.join(directory, "data");
const numbersFile = path.join(directory, "numbers");

let postgres = await startEmbeddedPostgres({
  directory: path.join(directory, "postgres"),
  database: "bench",
  durable: true,
});
installConfig(
  loadConfig({
    env: { ...NO_DEMO, KUBEWITNESS_DATA: data, KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: "true" },
    cwd: directory,
  }),
);
await migrateDatabase(postgres.url);
let { pool } = connectDatabase(postgres.url);
try {
  await fill(RECORDS);
  if (Number(options.kills) > 0) await measureKills(Number(options.kills));
  else {
    await measureSpeed();
    await measureLag();
  }
} finally {
  await disconnectDatabase();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function fill(count: number): Promise<void> {
  const to = Date.now();
  const store = { pool, dictionary: createDictionary(pool) };
  let batch = [];
  for (const entry of generateEntries({ count, from: to - 3_600_000, to })) {
    if (batch.push(entry) < BATCH) continue;
    await storeBatch(store, { entries: batch });
    batch = [];
  }
  if (batch.length > 0) await storeBatch(store, { entries: batch });
  await pool.query("VACUUM ANALYZE kube_request");
  console.log(`${count} records are there`);
}

async function create(port: number, from: number | null, name = "bench"): Promise<string> {
  const { id } = await createStream({
    ctx,
    input: {
      name,
      kind: "webhook",
      settings: { url: `http://127.0.0.1:${port}/` },
      surfaces: { requests: {} },
      batch: { records: 1_000, bytes: 2_000_000, seconds: 0.2 },
      start: from === null ? { from: "now" } : { from: "number", requests: from },
    },
  });
  return id;
}

async function untilSent(last: number, timeoutMs = 1_800_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(100)) {
    const [stream] = await listStreams({ ctx }).catch(() => []);
    if (stream?.cursors[0]?.lastNo === last) return;
  }
  throw new Error(`not sent within ${timeoutMs / 1_000} s`);
}

async function measureSpeed(): Promise<void> {
  const receiver = await startReceiver(numbersFile);
  const delivery = await startDelivery(postgres.url, data);
  await sleep(2_000);
  const before = await usageOf(delivery);
  const began = performance.now();
  const id = await create(receiver.port, 1);
  await untilSent(RECORDS);
  const seconds = (performance.now() - began) / 1_000;
  const after = await usageOf(delivery);
  const cpu = (cpuOf(after) - cpuOf(before)) / 1e6;
  console.log(
    `speed: ${RECORDS} records in ${seconds.toFixed(1)} s, ${Math.round(RECORDS / seconds)} a second; ` +
      `${((cpu / RECORDS) * 1e6).toFixed(1)} µs of processor a record, so ${Math.round(RECORDS / cpu)} a second on a core of its own`,
  );
  await removeStream({ ctx, input: { id } });
  await measureMemory(delivery, receiver.port);
  await Promise.all([kill(receiver.child), kill(delivery)]);
}

/** What streams hold while they send, one and four: in a run of its own, as collecting all garbage takes its time. */
async function measureMemory(delivery: ChildProcess, port: number): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  // What lies outside the heap goes a collection later.
  for (let look = 0; look < 5; look++, await sleep(1_000)) before = Math.min(before, await heldBy(delivery));
  const ids: string[] = [];
  for (const count of [1, 4]) {
    while (ids.length < count) ids.push(await create(port, 1, `bench ${ids.length}`));
    let most = 0;
    for (let sample = 0; sample < 12; sample++) {
      await sleep(200);
      most = Math.max(most, (await heldBy(delivery)) - before);
    }
    console.log(`memory: ${count} sending hold at most ${megabytes(most / count)} each`);
  }
  for (const id of ids) await removeStream({ ctx, input: { id } });
}

async function measureLag(): Promise<void> {
  const receiver = await startReceiver(numbersFile, { measuresLag: true });
  const delivery = await startDelivery(postgres.url, data);
  const id = await create(receiver.port, null);
  await sleep(3_000);
  const calls = Number(options.calls);
  const store = { pool, dictionary: createDictionary(pool) };
  const began = performance.now();
  let stored = 0;
  for (let tick = 1; performance.now() - began < Number(options.seconds) * 1_000; tick++) {
    // Five batches a second, as calls come.
    const now = Date.now();
    const entries = [...generateEntries({ count: calls / 5, from: now - 1, to: now, seed: tick })];
    for (const entry of entries) entry.executedAt = Date.now();
    await storeBatch(store, { entries });
    stored += entries.length;
    await sleep(Math.max(0, began + tick * 200 - performance.now()));
  }
  const rate = stored / ((performance.now() - began) / 1_000);
  await untilSent(RECORDS + stored);
  receiver.child.send("lags");
  const lags: number[] = await new Promise((resolve) =>
    receiver.child.once("message", (all) => resolve(all as number[])),
  );
  lags.sort((one, other) => one - other);
  const at = (share: number) =>
    `${((lags[Math.floor((lags.length - 1) * share)] ?? 0) / 1_000).toFixed(2)} s`;
  console.log(
    `lag: at ${Math.round(rate)} calls a second (asked for: ${calls}), from a call's time to its being taken, its writing included: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} of ${lags.length}`,
  );
  await removeStream({ ctx, input: { id } });
  await Promise.all([kill(receiver.child), kill(delivery)]);
}

async function measureKills(kills: number): Promise<void> {
  let receiver = await startReceiver(numbersFile);
  const { port } = receiver;
  let delivery = await startDelivery(postgres.url, data);
  const began = performance.now();
  await create(port, 1);
  const victims = ["the delivery", "the receiver", "PostgreSQL"] as const;
  for (let killed = 0; killed < kills; killed++) {
    await sleep(1_500 + Math.random() * 2_500);
    const victim = victims[killed % victims.length];
    console.log(`killing ${victim} with ${countLines()} numbers there`);
    if (victim === "the delivery") {
      await kill(delivery);
      delivery = await startDelivery(postgres.url, data);
    } else if (victim === "the receiver") {
      await kill(receiver.child);
      await sleep(1_000);
      receiver = await startReceiver(numbersFile, { port });
    } else await restartPostgres();
  }
  await untilSent(RECORDS);
  const seconds = (performance.now() - began) / 1_000;
  const numbers = readFileSync(numbersFile, "utf8").split("\n").filter(Boolean).map(Number);
  const distinct = new Set(numbers);
  const missing = Array.from({ length: RECORDS }, (_, index) => index + 1).filter((no) => !distinct.has(no));
  console.log(
    `kills: ${RECORDS} records in ${seconds.toFixed(1)} s through ${kills} kills: ${distinct.size} arrived, ${missing.length} missing, ` +
      `${numbers.length - distinct.size} came again (each with its id)`,
  );
  if (missing.length > 0 || distinct.size !== RECORDS) process.exitCode = 1;
  await Promise.all([kill(receiver.child), kill(delivery)]);
}

async function restartPostgres(): Promise<void> {
  const { port, exited } = postgres;
  const [pid] = readFileSync(path.join(directory, "postgres/pgdata/postmaster.pid"), "utf8").split("\n");
  process.kill(Number(pid), "SIGKILL");
  await exited;
  await sleep(1_000);
  postgres = await startEmbeddedPostgres({
    directory: path.join(directory, "postgres"),
    database: "bench",
    durable: true,
    restartOf: { port },
  });
  await disconnectDatabase();
  ({ pool } = connectDatabase((postgres as EmbeddedPostgres).url));
}

function countLines(): number {
  return readFileSync(numbersFile, "utf8").split("\n").length - 1;
}

/** Microseconds. */
function cpuOf({ cpu }: Usage): number {
  return cpu.user + cpu.system;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
