import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { journalsOf } from "../journal/directory.ts";
import { listSegments } from "../journal/segment.ts";
import { startAuditPipeline } from "./pipeline.ts";
import { entryRecorded } from "./recorder.ts";

let db: TestDatabase;
let data: string;
beforeAll(async () => {
  db = await createTestDatabase();
  data = mkdtempSync(path.join(tmpdir(), "kubewitness-damaged-"));
});
afterAll(async () => {
  await db.close();
  rmSync(data, { recursive: true });
});

const SOON = { timeout: 20_000, interval: 20 };
vi.setConfig({ testTimeout: 90_000 });

function start() {
  const journal = { maxBytes: 2 ** 30 };
  const audit = { sync: false, durability: "flushed", reads: true, retentionDays: 0, journal } as const;
  return startAuditPipeline({ config: { data, audit }, pool: db.pool, registry: new Registry() });
}

async function storedIds(): Promise<string[]> {
  const { rows } = await db.pool.query<{ call_id: string }>("SELECT call_id FROM kube_request ORDER BY no");
  return rows.map(({ call_id }) => call_id);
}

/** Keeps the writer from numbering any call, once it has read what it writes next; yields what lets it. */
async function holdWriter(recordFirst: () => Promise<unknown>): Promise<() => Promise<void>> {
  const client = await db.pool.connect();
  await client.query("BEGIN; SELECT 1 FROM audit_ledger WHERE stream = 'kube_request' FOR UPDATE");
  await recordFirst();
  const waiting = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'kubewitness audit writer' AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await db.pool.query(waiting)).rows[0].count, SOON).toBeGreaterThan(0);
  return async () => {
    await client.query("COMMIT");
    client.release();
  };
}

test("what a running process cannot read of its own journal any more takes nothing else along, and is told", async () => {
  const pipeline = await start();
  const to = Date.now();
  const [first, ...rest] = [...generateEntries({ count: 200, from: to - 60_000, to, seed: 5 })].filter(
    ({ stage }) => stage === "complete",
  );
  const record = (entry: typeof first) => entryRecorded(pipeline.recorder, entry!);
  const letGo = await holdWriter(() => record(first));
  for (const entry of rest.slice(0, 5)) await record(entry);

  const [id] = readdirSync(journalsOf(data));
  const [segment] = await listSegments(path.join(journalsOf(data), id!));
  const bytes = readFileSync(segment!.file);
  const damaged = rest[2]!;
  const at = bytes.indexOf(damaged.callId);
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(segment!.file, bytes);
  await letGo();

  const others = [first!, ...rest.slice(0, 5)].filter((entry) => entry !== damaged);
  await expect.poll(storedIds, SOON).toEqual(others.map(({ callId }) => callId));
  await pipeline.drain();

  const next = await start();
  await expect
    .poll(() => next.status().setAside, SOON)
    .toEqual([expect.objectContaining({ id, reason: expect.stringContaining("cannot be read") })]);
  expect(await storedIds()).toHaveLength(others.length);
  await next.drain();
});
