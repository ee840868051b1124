import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { startAuditPipeline } from "./pipeline.ts";

// These tests kill real processes at moments of no one's choosing; what they were told is durable must be in the database once.

let db: TestDatabase;
let data: string;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "kubewitness-kill-"));
  await db.pool.query(
    "TRUNCATE kube_request, kube_request_body, kube_request_minute, kube_request_hour, audit_event, audit_event_minute, audit_dead_letter",
  );
  await db.pool.query("UPDATE audit_ledger SET last_no = 0");
});
const victims: Victim[] = [];
afterEach(async () => {
  // Those of a test that failed before it killed them write on.
  for (const { process: victim, ended } of victims.splice(0)) {
    victim.kill("SIGKILL");
    await ended;
  }
  await rm(data, { recursive: true });
});

interface Victim {
  process: ChildProcess;
  /** Lines that came over the pipe so far. */
  output: () => string;
  /** Exit code and signal. */
  ended: Promise<unknown[]>;
}

const PROGRAMS = path.resolve(import.meta.dirname, "../../../test/pipeline");

function startVictim(seed: number, { folder = data, within = [] as string[] } = {}): Victim {
  return startProgram("append-until-killed.ts", [folder, "8", String(seed), "8000"], within);
}

/** `within`: a command that runs the program elsewhere. */
function startProgram(name: string, parameters: string[], within: string[] = []): Victim {
  const [command, ...rest] = [...within, process.execPath, path.join(PROGRAMS, name), db.url, ...parameters];
  const child = spawn(command!, rest, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  const victim = { process: child, output: () => output, ended: once(child, "close") };
  victims.push(victim);
  return victim;
}

/** Kills it `ms` after it has begun and has `entries` acknowledged, however busy the machine is. */
async function killAfter(victim: Victim, ms: number, entries = 0): Promise<string> {
  await until(() => victim.output().includes("ready") && countOf(victim.output(), "entry ") >= entries);
  await new Promise((resolve) => setTimeout(resolve, ms));
  victim.process.kill("SIGKILL");
  const [code, signal] = await victim.ended;
  if (signal !== "SIGKILL")
    throw new Error(`the program was not killed: it had ended with ${code ?? signal}`);
  return victim.output();
}

const countOf = (text: string, word: string) => text.split(word).length - 1;

async function until(condition: () => Promise<boolean> | boolean, deadlineMs = 90_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the killed processes said was durable: `callId stage` of entries, and call ids of intents. */
function acknowledged(outputs: string[]) {
  // A last line without its end was cut by the kill.
  const lines = outputs.flatMap((output) => output.slice(0, output.lastIndexOf("\n")).split("\n"));
  const of = (what: string) =>
    lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
  return { entries: of("entry"), intents: of("intent").map((line) => line.split(" ")[0]!) };
}

/** Starts a pipeline on the folder until nothing of the dead is left, then stops it. */
async function recover(folder = data): Promise<void> {
  const pipeline = await startAuditPipeline({
    config: {
      data: folder,
      audit: {
        sync: false,
        durability: "strict",
        reads: true,
        retentionDays: 0,
        journal: { maxBytes: 2 ** 30 },
      },
    },
    pool: db.pool,
    registry: new Registry(),
  });
  await until(() => pipeline.status().orphans.length === 0);
  await pipeline.drain();
}

const STAGES = ["complete", "start", "end", "interrupted"];

async function expectComplete(outputs: string[]): Promise<void> {
  const { rows } = await db.pool.query<{ call_id: string; stage: number; no: number }>(
    "SELECT call_id, stage, no FROM kube_request ORDER BY no",
  );
  expect(rows.map(({ no }) => no)).toEqual(rows.map((_, index) => index + 1));
  const stored = rows.map(({ call_id, stage }) => `${call_id} ${STAGES[stage]}`);
  expect(new Set(stored).size).toBe(stored.length);
  const { entries, intents } = acknowledged(outputs);
  expect(entries.length).toBeGreaterThan(100);
  const present = new Set(stored);
  expect(entries.filter((entry) => !present.has(entry))).toEqual([]);
  expect(intents.filter((id) => !present.has(`${id} complete`) && !present.has(`${id} interrupted`))).toEqual(
    [],
  );
  expect(intents.filter((id) => present.has(`${id} complete`) && present.has(`${id} interrupted`))).toEqual(
    [],
  );
  const counted = await db.pool.query(
    "SELECT (SELECT sum(count) FROM kube_request_minute)::int AS minutes, (SELECT sum(count) FROM kube_request_hour)::int AS hours",
  );
  expect(counted.rows[0]).toEqual({ minutes: rows.length, hours: rows.length });
  expect(await db.pool.query("SELECT 1 FROM audit_dead_letter").then((result) => result.rows)).toEqual([]);
  const events = await db.pool.query<{ no: number }>("SELECT no FROM audit_event ORDER BY no");
  expect(events.rows.map(({ no }) => no)).toEqual(events.rows.map((_, index) => index + 1));
}

test("a process killed again and again loses no entry, writes none twice and leaves no gap", async () => {
  const outputs: string[] = [];
  for (let round = 0; round < 6; round++) {
    // The first one is killed as it begins, whatever it has.
    outputs.push(await killAfter(startVictim(round + 1), Math.random() * 900, round === 0 ? 0 : 50));
  }
  await recover();
  await expectComplete(outputs);
  expect(await readdir(path.join(data, "journal"))).toEqual([]);
}, 240_000);

test("open intents of a killed process are closed as interrupted, sessions too", async () => {
  await killAfter(startProgram("hold-intents.ts", [data, "25"]), 0);
  await recover();
  const { rows } = await db.pool.query(
    "SELECT result, message, count(*)::int AS count FROM kube_request WHERE stage = 3 GROUP BY result, message",
  );
  expect(rows).toEqual([{ result: 0, message: expect.stringMatching(/^Interrupted: /), count: 25 }]);
  const others = await db.pool.query(
    "SELECT stage, count(*)::int AS count FROM kube_request WHERE stage <> 3 GROUP BY stage ORDER BY stage",
  );
  expect(others.rows).toEqual([
    { stage: 0, count: 3_000 },
    { stage: 1, count: 1 },
  ]);
}, 240_000);

test("two processes write into one database at once, one of them is killed", async () => {
  const otherData = await mkdtemp(path.join(tmpdir(), "kubewitness-kill-"));
  const first = startVictim(101);
  const second = startVictim(102, { folder: otherData });
  const outputs = await Promise.all([killAfter(first, 900, 100), killAfter(second, 1_200, 100)]);
  await Promise.all([recover(), recover(otherData)]);
  await expectComplete(outputs);
  await rm(otherData, { recursive: true });
}, 240_000);

const IN_A_CONTAINER = ["unshare", "-r", "--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...IN_A_CONTAINER.slice(1), "true"]).status === 0;

test.each([
  ["its process", []],
  ["its process, of another process id namespace", canUnshare ? IN_A_CONTAINER : []],
])(
  "a journal is left alone while %s lives, and adopted when it is dead",
  async (_, within) => {
    const living = startVictim(201, { within });
    await until(() => living.output().includes("entry"));
    await recover();
    expect(await readdir(path.join(data, "journal"))).toHaveLength(1);
    const output = await killAfter(living, 100, 150);
    await recover();
    expect(await readdir(path.join(data, "journal"))).toEqual([]);
    await expectComplete([output]);
  },
  240_000,
);
