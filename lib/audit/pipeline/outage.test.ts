import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../scripts/postgres/embedded-postgres.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { connectDatabase, disconnectDatabase, pool } from "../../db/connection.ts";
import { migrateDatabase } from "../../db/migrate.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { type AuditPipeline, startAuditPipeline } from "./pipeline.ts";
import { entryRecorded } from "./recorder.ts";

// PostgreSQL really stops and starts again; the disk is really full.

let postgres: EmbeddedPostgres;
let postgresFolder: string;
let data: string;
let pipeline: AuditPipeline | undefined;

const startPostgres = () =>
  startEmbeddedPostgres({ directory: postgresFolder, database: "outage", durable: false });

beforeAll(async () => {
  postgresFolder = mkdtempSync(path.join(tmpdir(), "kubewitness-outage-postgres-"));
  // Where root runs PostgreSQL as nobody, nobody must be able to reach it.
  chmodSync(postgresFolder, 0o711);
  postgres = await startPostgres();
  await migrateDatabase(postgres.url);
  connectDatabase(postgres.url);
}, 120_000);
afterAll(async () => {
  await disconnectDatabase();
  await postgres.stop();
  await rm(postgresFolder, { recursive: true });
});
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "kubewitness-outage-"));
});
afterEach(async () => {
  await pipeline?.drain();
  pipeline = undefined;
  await rm(data, { recursive: true });
});

async function start(maxBytes: number): Promise<AuditPipeline> {
  const audit = {
    sync: false,
    durability: "strict",
    reads: true,
    retentionDays: 0,
    journal: { maxBytes },
  } as const;
  pipeline = await startAuditPipeline({ config: { data, audit }, pool: pool(), registry: new Registry() });
  return pipeline;
}

let seed = 100;
function entries(count: number): KubeRequestEntry[] {
  seed += 1;
  const to = Date.now();
  return [...generateEntries({ count, from: to - 60_000, to, seed })];
}

async function storedCount(given: { callId: string }[]): Promise<number> {
  const ids = [...new Set(given.map(({ callId }) => callId))];
  const result = await pool().query(
    "SELECT count(*)::int AS count FROM kube_request WHERE call_id = ANY ($1)",
    [ids],
  );
  return result.rows[0].count;
}

async function until(condition: () => Promise<boolean> | boolean, deadlineMs = 40_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("while PostgreSQL is away calls are recorded; they arrive when it is back, each once, without a gap", async () => {
  const { recorder, status } = await start(2 ** 24);
  const before = entries(120);
  await Promise.all(before.map((entry) => entryRecorded(recorder, entry)));
  await until(async () => (await storedCount(before)) === 120);
  // What is stored is known here a moment later.
  await until(() => status().unwrittenBytes === 0);

  await postgres.stop();
  const during = entries(300);
  for (const entry of during) await entryRecorded(recorder, entry);
  expect(recorder.admission()).toEqual({ admitted: true });
  await until(() => status().writerError !== null);
  expect(status().unwrittenBytes).toBeGreaterThan(0);
  expect(status().sinks).toMatchObject([{ health: "failing", lag: { records: 300 } }]);

  postgres = await startPostgres();
  await until(() => status().unwrittenBytes === 0);
  expect(status().writerError).toBeNull();
  expect(await storedCount(during)).toBe(300);
  const { rows } = await pool().query(
    "SELECT count(*)::int AS count, max(no)::int AS last FROM kube_request",
  );
  expect(rows).toEqual([{ count: 420, last: 420 }]);
}, 90_000);

test("PostgreSQL that stops at every moment gets each entry once", async () => {
  const { recorder, status } = await start(2 ** 26);
  const before = await pool().query("SELECT coalesce(max(no), 0)::int AS last FROM kube_request");
  const given = entries(6_000);
  let at = 0;
  const recording = (async () => {
    for (; at < given.length; at++) await entryRecorded(recorder, given[at]!);
  })();
  for (let round = 0; round < 3; round++) {
    await until(() => at >= (round + 1) * 1_500 || at === given.length);
    await postgres.stop();
    postgres = await startPostgres();
  }
  await recording;
  await until(() => status().unwrittenBytes === 0);
  expect(await storedCount(given)).toBe(6_000);
  const { rows } = await pool().query(
    "SELECT count(*)::int AS count, count(DISTINCT no)::int AS distinct, max(no)::int AS last FROM kube_request",
  );
  const last = before.rows[0].last + 6_000;
  expect(rows).toEqual([{ count: last, distinct: last, last }]);
}, 120_000);

test("a full journal refuses calls and says why, until PostgreSQL has taken its entries", async () => {
  const { recorder, status } = await start(300_000);
  await postgres.stop();
  const given: KubeRequestEntry[] = [];
  for (const entry of entries(5_000)) {
    if (!recorder.admission().admitted) break;
    await entryRecorded(recorder, entry);
    given.push(entry);
  }
  expect(given.length).toBeLessThan(5_000);
  expect(recorder.admission()).toEqual({
    admitted: false,
    reason: expect.stringContaining("the audit journal is full"),
  });
  // Calls that were admitted before can still be recorded.
  const late = entries(3);
  for (const entry of late) await entryRecorded(recorder, entry);

  postgres = await startPostgres();
  await until(() => recorder.admission().admitted);
  await until(() => status().unwrittenBytes === 0);
  expect(await storedCount([...given, ...late])).toBe(given.length + late.length);
}, 90_000);

const canMount = spawnSync("unshare", ["-rm", "true"]).status === 0;

test.runIf(canMount)(
  "a full disk refuses calls and says why, and takes the entries of those under way; none is lost",
  async () => {
    const program = path.resolve(import.meta.dirname, "../../../test/pipeline/fill-disk.ts");
    const script = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"';
    const child = spawn(
      "unshare",
      ["-rm", "sh", "-c", script, data, process.execPath, program, postgres.url, data],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    await once(child, "close");
    const told = JSON.parse(output.trim().split("\n").at(-1)!);
    // Calls under way when it filled up have room kept for them.
    expect(told.before).toHaveLength(40);
    expect(told.whileFull).toEqual({ admitted: false, reason: expect.stringContaining("ENOSPC") });
    expect(told.admittedAgain).toBe(true);
    expect(told.after).toHaveLength(20);
    const all = [...told.before, ...told.refused, ...told.after].map((callId: string) => ({ callId }));
    expect(await storedCount(all)).toBe(60);
  },
  60_000,
);
