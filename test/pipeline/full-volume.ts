// Fills the small volume that the data folder is while PostgreSQL takes nothing. Writes what happened as one line of JSON. Arguments: database URL,
// data folder, and what to do: `recover` lets PostgreSQL take entries again and waits; `die` is killed while the volume is full; `start` starts on what
// `die` left, and waits.
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { Registry } from "prom-client";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded, intentRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";
import { lockDataFolder } from "../../server/lock-data-folder.ts";
import { generateEntries } from "../history/generate-entries.ts";

const [url, data, what] = process.argv.slice(2) as [string, string, "recover" | "die" | "start"];
const INTENTS = 5;
const REFUSED = 40;

const { pool } = connectDatabase(url);
const lock = lockDataFolder(data);
const blocker = new pg.Client({ connectionString: url });
await blocker.connect();
if (what !== "start") await blocker.query("BEGIN; SELECT 1 FROM audit_ledger FOR UPDATE");
const audit = {
  sync: false,
  durability: "strict",
  reads: true,
  retentionDays: 0,
  journal: { maxBytes: 2 ** 30 },
} as const;
const pipeline = await startAuditPipeline({ config: { data, audit }, pool, registry: new Registry() });
const { recorder, status } = pipeline;

const to = Date.now();
const calls = (count: number, seed: number) =>
  Array.from(generateEntries({ count, from: to - 60_000, to, seed }), (entry): KubeRequestEntry => {
    return { ...entry, role: "developer", stage: "complete" };
  });
const report: Record<string, unknown> = { admittedAtStart: recorder.admission().admitted };

if (what !== "start") {
  for (const entry of calls(INTENTS, 1)) await intentRecorded(recorder, { ...entry, verb: "create" });
  const acknowledged = new Set<string>();
  for (const entry of calls(20_000, 2)) {
    if (!recorder.admission().admitted) break;
    await entryRecorded(recorder, entry).then(
      () => acknowledged.add(entry.callId),
      () => undefined,
    );
  }
  report.reason = recorder.admission();
  // Calls that were taken before still get their outcome onto the disk.
  const underWay = calls(20, 3);
  const outcomes = await Promise.allSettled(underWay.map((entry) => entryRecorded(recorder, entry)));
  report.outcomesOnDisk = outcomes.filter(({ status }) => status === "fulfilled").length;
  const refusals = calls(REFUSED, 4).map((entry) =>
    entryRecorded(recorder, { ...entry, role: null, result: "failure" }),
  );
  report.refused = (await Promise.allSettled(refusals)).filter(({ status }) => status === "rejected").length;
  Object.assign(report, { acknowledged: acknowledged.size, calls: [...acknowledged] });
}
if (what === "die") {
  fillDisk(path.join(data, "filler"));
  say();
  process.kill(process.pid, "SIGKILL");
}

await blocker.query("COMMIT");
await until(() => recorder.admission().admitted);
await until(() => status().unwrittenBytes === 0 && status().orphans.length === 0);
report.admittedAgain = true;
if (what === "recover") {
  await summary();
  // As a crash, once more, now that the volume has room.
  say();
  process.kill(process.pid, "SIGKILL");
}
await pipeline.drain();
await blocker.end();
await disconnectDatabase();
lock.release();
say();

/** The event about what was refused, which comes once calls are taken again. */
async function summary(): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { rows } = await pool.query("SELECT 1 FROM audit_event_body WHERE after ? 'refused'");
    if (rows.length > 0 || Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function say(): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      say();
      throw new Error(`the condition did not come true in time: ${JSON.stringify(status())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function fillDisk(filler: string): void {
  rmSync(filler, { force: true });
  const handle = openSync(filler, "w");
  const block = Buffer.alloc(512, 1);
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(handle);
  }
}
