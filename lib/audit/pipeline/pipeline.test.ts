import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { encodeFrame, FRAME_TYPE, FRAME_VERSION } from "../journal/frame.ts";
import { JournalReader } from "../journal/reader.ts";
import { listSegments, segmentFile } from "../journal/segment.ts";
import { type AuditPipeline, type AuditPipelineConfig, startAuditPipeline } from "./pipeline.ts";
import { entryRecorded, intentRecorded } from "./recorder.ts";
import { troublesOf } from "./status.ts";

vi.setConfig({ testTimeout: 120_000 });

let db: TestDatabase;
let data: string;
let pipeline: AuditPipeline | undefined;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "kubewitness-pipeline-"));
});
afterEach(async () => {
  await pipeline?.drain();
  pipeline = undefined;
  await rm(data, { recursive: true });
});

type AuditSettings = Partial<AuditPipelineConfig["audit"]>;

async function start(settings: AuditSettings = {}): Promise<AuditPipeline> {
  const defaults = { sync: false, durability: "strict", reads: true, retentionDays: 0 } as const;
  const audit = { ...defaults, journal: { maxBytes: 2 ** 24 }, ...settings };
  pipeline = await startAuditPipeline({ config: { data, audit }, pool: db.pool, registry: new Registry() });
  return pipeline;
}

let seed = 1;
function entries(count: number): KubeRequestEntry[] {
  seed += 1;
  const to = Date.now();
  return [...generateEntries({ count, from: to - 60_000, to, seed })];
}

async function storedCalls(
  given: KubeRequestEntry[],
): Promise<{ call_id: string; stage: number; no: number }[]> {
  const ids = given.map(({ callId }) => callId);
  const result = await db.pool.query(
    "SELECT call_id, stage, no FROM kube_request WHERE call_id = ANY ($1) ORDER BY no",
    [ids],
  );
  return result.rows;
}

async function until(condition: () => Promise<boolean> | boolean, deadlineMs = 40_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("entries arrive in the order of their journal with consecutive numbers", async () => {
  const { recorder } = await start();
  const given = entries(250);
  await Promise.all(given.map((entry) => entryRecorded(recorder, entry)));
  await until(async () => (await storedCalls(given)).length === given.length);
  const stored = await storedCalls(given);
  expect(stored.map(({ call_id }) => call_id)).toEqual(given.map(({ callId }) => callId));
  expect(stored.map(({ no }) => no)).toEqual(stored.map((_, index) => stored[0]!.no + index));
});

test("a single entry is stored without waiting for a hundred", async () => {
  const { recorder } = await start();
  const given = entries(1);
  await entryRecorded(recorder, given[0]!);
  await until(async () => (await storedCalls(given)).length === 1);
});

test("every column has what the entry says, NUL and all", async () => {
  const { recorder } = await start({ sync: true });
  const [template] = entries(1);
  const entry: KubeRequestEntry = {
    ...template!,
    verb: "create",
    resource: "widgets",
    resourceName: "a\u0000b",
    message: "\ud800 lone",
    kubernetesGroups: ["g1", "g,2"],
    impersonatedUser: "x",
    impersonatedGroups: ["y"],
    durationMs: 4_000_000_000,
    exitCode: 70_000,
    body: { text: "a: b\n", truncated: true, bytes: 5, sha256: "ab".repeat(32) },
  };
  await entryRecorded(recorder, entry);
  const result = await db.pool.query(
    `SELECT resource_name, message, duration_ms, exit_code, groups.value AS groups, body.body, body.truncated, encode(body.body_sha256, 'hex') AS sha256,
       event.entity_id, actor.name
     FROM kube_request request JOIN kube_request_body body USING (executed_at, ledger_id, no)
     JOIN audit_dictionary groups ON groups.id = kubernetes_groups_id
     JOIN audit_event event ON event.request_no = request.no AND event.request_executed_at = request.executed_at
     JOIN audit_actor actor ON actor.id = request.actor_id
     WHERE call_id = $1`,
    [entry.callId],
  );
  expect(result.rows).toEqual([
    {
      resource_name: "a\ufffdb",
      message: "\ufffd lone",
      duration_ms: 2 ** 31 - 1,
      exit_code: 2 ** 15 - 1,
      groups: "g1\ng,2",
      body: "a: b\n",
      truncated: true,
      sha256: "ab".repeat(32),
      entity_id: [`widgets${entry.apiGroup ? `.${entry.apiGroup}` : ""}`, entry.namespace, "a\ufffdb"]
        .filter(Boolean)
        .join("/"),
      name: entry.actor.name,
    },
  ]);
});

test("with audit.sync a call that changes something waits for the commit", async () => {
  const { recorder } = await start({ sync: true });
  for (const entry of entries(40).filter(({ verb }) => verb === "patch" || verb === "create")) {
    await entryRecorded(recorder, entry);
    expect(await storedCalls([entry])).not.toHaveLength(0);
  }
});

test("with audit.reads false, reads that succeed are left out and refused ones are not", async () => {
  const { recorder } = await start({ reads: false });
  const [template] = entries(1);
  const read = { ...template!, verb: "list", result: "success" as const, callId: crypto.randomUUID() };
  const refused = { ...read, result: "failure" as const, callId: crypto.randomUUID() };
  const write = { ...read, verb: "delete", callId: crypto.randomUUID() };
  for (const entry of [read, refused, write]) await entryRecorded(recorder, entry);
  await until(async () => (await storedCalls([refused, write])).length === 2);
  expect(await storedCalls([read])).toEqual([]);
});

test("a role says otherwise than audit.reads of its own reads", async () => {
  const { recorder } = await start({ reads: true });
  const [template] = entries(1);
  const read = { ...template!, verb: "list", result: "success" as const, callId: crypto.randomUUID() };
  const kept = { ...read, callId: crypto.randomUUID() };
  const write = { ...read, verb: "delete", callId: crypto.randomUUID() };
  await entryRecorded(recorder, read, { auditReads: false });
  await entryRecorded(recorder, kept, { auditReads: null });
  await entryRecorded(recorder, write, { auditReads: false });
  await until(async () => (await storedCalls([kept, write])).length === 2);
  expect(await storedCalls([read])).toEqual([]);
});

test("draining writes everything and leaves no journal", async () => {
  const started = await start();
  const given = entries(30);
  await Promise.all(given.map((entry) => entryRecorded(started.recorder, entry)));
  await started.drain();
  pipeline = undefined;
  expect(await storedCalls(given)).toHaveLength(30);
  expect(await readdir(path.join(data, "journal"))).toEqual([]);
  expect((await db.pool.query("SELECT 1 FROM audit_journal_position")).rows).toEqual([]);
});

test("a call whose outcome the disk never took is interrupted at the next start", async () => {
  const started = await start({ journal: { maxBytes: 400_000 } });
  const [call, ...rest] = entries(200).map((entry) => ({ ...entry, verb: "create", role: "developer" }));
  const intent = { ...call!, stage: "start" as const };
  await intentRecorded(started.recorder, intent);
  const [id] = await readdir(path.join(data, "journal"));
  const folder = path.join(data, "journal", id!);
  const endOf = async () => {
    const reader = new JournalReader(folder, 0);
    while (await reader.next(Infinity));
    await reader.close();
    return reader.position;
  };
  const due = async () => (await endOf()) - (await listSegments(folder)).at(-1)!.base >= 50_000;
  while (!(await due())) await entryRecorded(started.recorder, rest.pop()!);
  const end = await endOf();
  await until(() => started.status().unwrittenBytes === 0);
  // The next segment's name is taken, and that of the try after.
  const outcome = { ...call!, stage: "complete" as const };
  const bytes = encodeFrame(FRAME_TYPE.closing, JSON.stringify(outcome)).length;
  for (const base of [end, end + bytes]) await writeFile(segmentFile(folder, base), "");
  await expect(entryRecorded(started.recorder, outcome)).rejects.toThrow("EEXIST");
  await started.drain();
  const again = await start();
  await until(() => again.status().orphans.length === 0);
  expect((await storedCalls([call!])).map(({ stage }) => stage)).toEqual([3]);
});

test("draining leaves the position of a journal that another process has taken", async () => {
  const started = await start();
  for (const entry of entries(3)) await entryRecorded(started.recorder, entry);
  await until(() => started.status().unwrittenBytes === 0);
  const [id] = await readdir(path.join(data, "journal"));
  await rename(path.join(data, "journal", id!), path.join(data, "journal", `${id}.adopted`));
  await started.drain();
  pipeline = undefined;
  const { rows } = await db.pool.query("SELECT 1 FROM audit_journal_position WHERE journal_id = $1", [id]);
  expect(rows).toHaveLength(1);
  await db.pool.query("DELETE FROM audit_journal_position");
});

test("an entry that no row can hold is refused before it is in the journal", async () => {
  const { recorder } = await start();
  const [entry] = entries(1);
  await expect(entryRecorded(recorder, { ...entry!, callId: "no uuid" })).rejects.toThrow("callId got");
  await expect(entryRecorded(recorder, { ...entry!, executedAt: Number.NaN })).rejects.toThrow(
    "executedAt got",
  );
});

test("an entry that PostgreSQL refuses is set aside, and its neighbours are stored", async () => {
  const started = await start();
  const given = entries(9);
  // A shape that the gateway's types rule out, as a defect could bring it about.
  const broken = { ...given[4]!, bytesIn: "many" as unknown as number };
  given[4] = broken;
  await Promise.all(given.map((entry) => entryRecorded(started.recorder, entry)));
  await until(() => started.status().deadLetters === 1);
  await until(async () => (await storedCalls(given)).length === 8);
  const letters = await db.pool.query("SELECT entry, error FROM audit_dead_letter");
  expect(letters.rows).toHaveLength(1);
  expect(JSON.parse(letters.rows[0].entry).callId).toBe(broken.callId);
  expect(letters.rows[0].error).toContain("bigint");
});

test("a writer's thread that fails is started again and goes on where the database is", async () => {
  const started = await start();
  const given = entries(3);
  const holder = await db.pool.connect();
  await holder.query("BEGIN; SELECT 1 FROM audit_ledger FOR UPDATE");
  for (const entry of given) await entryRecorded(started.recorder, entry);
  const [id] = await readdir(path.join(data, "journal"));
  const reader = new JournalReader(path.join(data, "journal", id!), 0);
  const first = await reader.next(Infinity);
  await reader.close();
  await until(async () => (await db.pool.query("SELECT 1 FROM audit_journal_position")).rows.length === 1);
  // As if another process had written the first entry meanwhile.
  await db.pool.query("UPDATE audit_journal_position SET position = $1", [first!.end]);
  await holder.query("COMMIT");
  holder.release();
  await until(() => started.status().unwrittenBytes === 0);
  expect(await storedCalls(given)).toHaveLength(2);
  const later = entries(2);
  for (const entry of later) await entryRecorded(started.recorder, entry);
  await until(async () => (await storedCalls(later)).length === 2);
});

test("a PostgreSQL that takes statements and ends none is told, though there is no error", async () => {
  const started = await start();
  const holder = await db.pool.connect();
  await holder.query("BEGIN; SELECT 1 FROM audit_ledger FOR UPDATE");
  for (const entry of entries(2)) await entryRecorded(started.recorder, entry);
  await until(() => troublesOf(started.status()).length > 0);
  expect(started.status().writerError).toBeNull();
  expect(troublesOf(started.status())).toEqual([
    expect.stringMatching(/^new entries do not reach PostgreSQL; the oldest has waited for \d+ s$/),
  ]);
  expect(started.status().sinks).toMatchObject([{ name: "postgresql", health: "late", lag: { records: 2 } }]);
  // It goes from process to process.
  const status = started.status();
  expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  await holder.query("COMMIT");
  holder.release();
  await until(() => troublesOf(started.status()).length === 0);
});

test("a journal that cannot be read is set aside and named; the living one and the others are written", async () => {
  const unreadable = "00000000-0000-4000-8000-000000000001";
  const later = "00000000-0000-4000-8000-000000000002";
  const whole = "00000000-0000-4000-8000-000000000003";
  const folder = (id: string) => path.join(data, "journal", id);
  // Reading a folder is EISDIR, as a failing disk is EIO.
  await mkdir(path.join(folder(unreadable), "0000000000000000.segment"), { recursive: true });
  const orphaned = entries(3);
  for (const [id, version] of [
    [later, FRAME_VERSION + 1],
    [whole, 0],
  ] as const) {
    await mkdir(folder(id));
    const frames = orphaned.map((entry) => encodeFrame(FRAME_TYPE.entry, JSON.stringify(entry), version));
    await writeFile(path.join(folder(id), "0000000000000000.segment"), Buffer.concat(frames));
  }
  const { recorder, status, adoptOrphans } = await start();
  const given = entries(5);
  for (const entry of given) await entryRecorded(recorder, entry);
  await until(async () => (await storedCalls([...orphaned, ...given])).length === 8);
  // What is stored is known here a moment later, and one that is set aside has still to be moved when it is none of the orphans any more.
  await until(() => status().orphans.length === 0 && status().unwrittenBytes === 0);
  await until(() => status().setAside.length === 2);
  expect(status()).toMatchObject({ admission: { admitted: true }, writerError: null });
  expect(status().setAside.map(({ id, reason }) => [id, reason])).toEqual([
    [unreadable, expect.stringContaining("EISDIR")],
    [later, expect.stringContaining(`version ${FRAME_VERSION + 1}`)],
  ]);
  expect(troublesOf(status())).toEqual(["2 journals could not be read and are set aside"]);
  const aside = await readdir(path.join(data, "journal", "set-aside"));
  expect(aside).toEqual([unreadable, `${unreadable}.reason.txt`, later, `${later}.reason.txt`]);

  // With the disk mended, moved back as operations.md says: the process that set it aside still runs.
  const mended = path.join(data, "journal", "set-aside", unreadable);
  await rm(path.join(mended, "0000000000000000.segment"), { recursive: true });
  const [found] = entries(1);
  const frame = encodeFrame(FRAME_TYPE.entry, JSON.stringify(found), 0);
  await writeFile(path.join(mended, "0000000000000000.segment"), frame);
  await rename(mended, folder(unreadable));
  await adoptOrphans();
  await until(async () => (await storedCalls([found!])).length === 1);
  await until(() => status().orphans.length === 0);
  expect(status().setAside.map(({ id }) => id)).toEqual([later]);

  await pipeline?.drain();
  const again = await start();
  expect(again.status().setAside.map(({ id }) => id)).toEqual([later]);
});

test("a writer whose journal another process has taken acknowledges nothing more, and says so; what it acknowledged is written", async () => {
  const started = await start();
  const holder = await db.pool.connect();
  await holder.query("BEGIN; SELECT 1 FROM audit_ledger FOR UPDATE");
  const given = entries(20);
  for (const entry of given) await entryRecorded(started.recorder, entry);
  const [id] = await readdir(path.join(data, "journal"));
  const taken = path.join(data, "journal", `${id}.adopted`);
  // As a process does that the lock does not reach.
  await rename(path.join(data, "journal", id!), taken);
  await rm(path.join(taken, "lock"));
  await rm(path.join(taken, "lock.held"));
  const [late] = entries(1);
  await expect(intentRecorded(started.recorder, { ...late!, verb: "create" })).rejects.toThrow(
    "another process has taken",
  );
  expect(started.recorder.admission()).toEqual({
    admitted: false,
    reason: expect.stringContaining("another process has taken"),
  });
  const other = await start();
  expect(other.status().orphans).toEqual([{ journalId: id, bytes: expect.any(Number), error: null }]);
  await holder.query("COMMIT");
  holder.release();
  await until(() => other.status().orphans.length === 0);
  await started.drain();
  expect(await storedCalls(given)).toHaveLength(given.length);
  // Its intent reached the taken files: the other process cannot know that it was refused.
  expect((await storedCalls([late!])).every(({ stage }) => stage === 3)).toBe(true);
});

test("files and folders of the journal are for this user alone", async () => {
  await start();
  const root = path.join(data, "journal");
  const [id] = await readdir(root);
  const folder = path.join(root, id!);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(folder)) {
    expect((await stat(path.join(folder, name))).mode & 0o777, name).toBe(0o600);
  }
  expect(existsSync(folder)).toBe(true);
});

test("intents that are closed leave nothing; the status says how things are", async () => {
  const started = await start();
  const [entry] = entries(1);
  const intent = { ...entry!, verb: "delete", stage: "complete" as const };
  await intentRecorded(started.recorder, intent);
  expect(started.status().openIntents).toBe(1);
  await entryRecorded(started.recorder, intent);
  // The entry that closes it is with the operating system by now, and on the disk a moment later.
  await until(() => started.status().openIntents === 0);
  await until(() => started.status().unwrittenBytes === 0);
  expect(started.status()).toMatchObject({
    admission: { admitted: true },
    openIntents: 0,
    lagMs: 0,
    deadLetters: 0,
    orphans: [],
    writerError: null,
  });
  const { lastNo, sinks } = started.status();
  expect(lastNo).toBeGreaterThan(0);
  expect(sinks).toEqual([
    {
      name: "postgresql",
      title: "PostgreSQL",
      cursors: [{ surface: "Request Audit", lastNo }],
      health: "well",
      reason: null,
      lag: { records: 0, seconds: 0 },
    },
  ]);
  expect(await storedCalls([intent])).toHaveLength(1);
});
