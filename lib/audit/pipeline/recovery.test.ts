import { spawn, spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, cpSync, ftruncateSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { listSegments } from "../journal/segment.ts";
import { createDictionary } from "../store/dictionary.ts";
import { BatchWriter } from "../writer/batch-writer.ts";
import { type DrainReport, drainOrphan } from "../writer/drain-orphan.ts";
import type { Durability } from "./pipeline.ts";

// What clients and the cluster were told before the gateway stopped, against what the rows say afterwards (docs/operations.md, "What is
// on the record after a crash").

const PROGRAM = path.resolve(import.meta.dirname, "../../../test/pipeline/answer-until-killed.ts");
const canMount = spawnSync("unshare", ["-rm", "true"]).status === 0;

const TRACE = ["strace", "-D", "-f", "-o", "/dev/null", "-e", "trace=fdatasync"];
/** Where strace may trace, it lets a flush take as long as on a slow disk (20 ms), or fail. */
const canFailFlushes = spawnSync(TRACE[0]!, [...TRACE.slice(1), "true"]).status === 0;

let db: TestDatabase;
let scratch: string;
beforeAll(async () => {
  db = await createTestDatabase();
  scratch = await mkdtemp(path.join(tmpdir(), "kubewitness-recovery-"));
});
afterAll(async () => {
  await db.close();
  await rm(scratch, { recursive: true });
});

/** A journal that a killed gateway left, and what had been told by then. */
interface Left {
  journal: string;
  sent: Map<string, string>;
  answered: Map<string, string>;
  refused: Map<string, string>;
  /** Position up to which somebody may rely on the disk. */
  flushed: number;
}

const folder = () => path.join(scratch, randomUUID());

async function killedAfter(
  answers: number,
  { durability, seed, within = [] }: { durability: Durability; seed: number; within?: string[] },
): Promise<Left> {
  const data = folder();
  const [command, ...parameters] = [
    ...within,
    process.execPath,
    PROGRAM,
    data,
    durability,
    `${seed}`,
    "killed",
  ];
  const child = spawn(command!, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    if (output.split("answered ").length > answers) child.kill("SIGKILL");
  });
  await once(child, "close");
  return readLeft(data, output);
}

/** On a volume of its own, which fills up; what is on it then is copied. */
async function killedWhenFull(durability: Durability, seed: number): Promise<Left> {
  const data = folder();
  const script =
    'mkdir "$0.volume" && mount -t tmpfs -o size=3m tmpfs "$0.volume"; "$1" "$2" "$0.volume" "$3" "$4" full; cp -r "$0.volume" "$0"';
  const parameters = [data, process.execPath, PROGRAM, durability, String(seed)];
  const child = spawn("unshare", ["-rm", "sh", "-c", script, ...parameters], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  await once(child, "close");
  return readLeft(data, output);
}

async function readLeft(data: string, output: string): Promise<Left> {
  const [id] = await readdir(path.join(data, "journal"));
  // A last line without its end was cut by the kill.
  const lines = output.split("\n").slice(0, -1);
  const told = (what: string) =>
    lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.split(" "));
  const calls = (what: string) => new Map(told(what).map(([, callId, kind]) => [callId!, kind!]));
  const flushed = Number(told("flushed").at(-1)?.[1] ?? 0);
  return {
    journal: path.join(data, "journal", id!),
    sent: calls("sent"),
    answered: calls("answered"),
    refused: calls("refused"),
    flushed,
  };
}

/** What happens to the one segment of a copy of the journal; `flushed`: bytes of it that were on the disk. */
type Spoil = (file: string, flushed: number) => void;

const SECTOR = 512;
const spoilRest = (replace: (rest: Buffer) => Buffer): Spoil => {
  return (file, flushed) => {
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      Buffer.concat([bytes.subarray(0, flushed), replace(Buffer.from(bytes.subarray(flushed)))]),
    );
  };
};

const truncate = (file: string, size: number) => {
  const fd = openSync(file, "r+");
  ftruncateSync(fd, size);
  closeSync(fd);
};

/** Bytes of the segment without the room that nothing was written to. */
function writtenBytes(file: string): number {
  const bytes = readFileSync(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

const FAULTS: Record<string, { powerCut: boolean; spoil: Spoil }> = {
  "kill -9": { powerCut: false, spoil: () => undefined },
  "power cut, what was not flushed is missing": { powerCut: true, spoil: truncate },
  "power cut, what was not flushed is zeros": { powerCut: true, spoil: spoilRest((rest) => rest.fill(0)) },
  "power cut, what was not flushed is garbage": {
    powerCut: true,
    spoil: spoilRest((rest) => randomBytes(rest.length)),
  },
  "power cut, some sectors of what was not flushed are there": {
    powerCut: true,
    spoil: spoilRest((rest) => {
      for (let at = 0; at < rest.length; at += SECTOR)
        if (Math.random() < 0.5) rest.fill(0, at, Math.min(rest.length, at + SECTOR));
      return rest;
    }),
  },
  "torn record": {
    powerCut: true,
    spoil: (file, flushed) => {
      const written = writtenBytes(file);
      truncate(file, Math.max(flushed, written - 1 - Math.floor(Math.random() * 400)));
    },
  },
};

/** Writes a copy of the journal, spoiled, to the database as the next start does. */
async function recover(journal: string, spoil: (file: string) => void): Promise<DrainReport> {
  const id = randomUUID();
  const directory = path.join(scratch, id);
  cpSync(journal, directory, { recursive: true });
  const segments = await listSegments(directory);
  spoil(segments.at(-1)!.file);
  await db.pool.query("TRUNCATE kube_request, kube_request_body, audit_dead_letter");
  const writer = new BatchWriter({
    store: { pool: db.pool, dictionary: createDictionary(db.pool) },
    onRetry: (error) => {
      throw error;
    },
    onDeadLetter: (_, error) => {
      throw error;
    },
  });
  const report = await drainOrphan(
    {
      startPosition: (journalId) => writer.startPosition(journalId),
      closedCalls: (intents) => writer.closedCalls(intents),
      write: async (batch) => void (await writer.write(batch)),
      stopping: () => false,
    },
    { id, directory },
  );
  return report!;
}

interface Row {
  complete: boolean;
  message: string | null;
}

/** Of each call its one row. */
async function rows(): Promise<Map<string, Row>> {
  const { rows } = await db.pool.query<{ call_id: string; stage: number; message: string | null }>(
    "SELECT call_id, stage, message FROM kube_request",
  );
  expect(rows.every(({ stage }) => stage === 0 || stage === 3)).toBe(true);
  const byCall = new Map(
    rows.map(({ call_id, stage, message }) => [call_id, { complete: stage === 0, message }]),
  );
  expect(byCall.size).toBe(rows.length);
  return byCall;
}

const without = (calls: Map<string, string>, has: (callId: string, kind: string) => boolean): string[] =>
  [...calls].flatMap(([callId, kind]) => (has(callId, kind) ? [] : [callId]));

/** That nothing is missing beyond what the mode allows. */
function expectKept(
  { sent, answered }: Left,
  stored: Map<string, Row>,
  { durability, powerCut }: { durability: Durability; powerCut: boolean },
): void {
  // What the cluster heard of, and what changes something, has a row whatever happened.
  expect(without(sent, (callId, kind) => kind === "read" || stored.has(callId))).toEqual([]);
  const hasAllItMust = (callId: string, kind: string) => {
    if (!powerCut || durability === "flushed") return stored.get(callId)?.complete === true;
    return stored.has(callId) || (durability === "relaxed" && kind === "read");
  };
  expect(without(answered, hasAllItMust)).toEqual([]);
  for (const [callId, { complete, message }] of stored) {
    if (complete) continue;
    const what =
      sent.get(callId) === "change" ? "whether the cluster carried it out is not known" : "Interrupted: ";
    expect(message).toContain(what);
  }
}

describe.each<Durability>(["strict", "flushed", "relaxed"])("audit.durability: %s", (durability) => {
  let left: Left;
  beforeAll(async () => {
    const within = canFailFlushes ? [...TRACE, "-e", "inject=fdatasync:delay_enter=20000"] : [];
    left = await killedAfter(300, { durability, seed: 7, within });
  }, 60_000);

  test.each(Object.entries(FAULTS))(
    "%s",
    async (_, { powerCut, spoil }) => {
      expect(left.answered.size).toBeGreaterThanOrEqual(300);
      expect(left.flushed).toBeGreaterThan(0);
      expect(await listSegments(left.journal)).toHaveLength(1);
      const report = await recover(left.journal, (file) =>
        spoil(file, Math.min(left.flushed, statSync(file).size)),
      );
      expectKept(left, await rows(), { durability, powerCut });
      expect(report.interrupted).toBe(
        [...(await rows()).values()].filter(({ complete }) => !complete).length,
      );
    },
    60_000,
  );

  test("flipped byte: of the call whose record it was, the other one tells", async () => {
    const report = await recover(left.journal, (file) => {
      const bytes = readFileSync(file);
      const at = Math.floor(Math.random() * writtenBytes(file));
      bytes[at] = bytes[at]! ^ 0x10;
      writeFileSync(file, bytes);
    });
    const stored = await rows();
    expect(without(left.answered, (callId) => stored.has(callId))).toEqual([]);
    const unknown = without(left.answered, (callId) => stored.get(callId)!.complete);
    expect(unknown.length).toBeLessThanOrEqual(1);
    // It is said, and the journal is kept.
    expect(report.damagedBytes + report.skippedBytes).toBeGreaterThan(0);
  }, 60_000);

  test.runIf(canFailFlushes)(
    "a flush fails: what was not on the disk is told to nobody, or written again",
    async () => {
      const within = [...TRACE, "-e", "inject=fdatasync:error=EIO:when=9"];
      const failed = await killedAfter(600, { durability, seed: 9, within });
      expect(failed.refused.size).toBeGreaterThan(0);
      expect((await listSegments(failed.journal)).length).toBeGreaterThan(1);
      await recover(failed.journal, () => undefined);
      expectKept(failed, await rows(), { durability, powerCut: false });
    },
    60_000,
  );

  test.runIf(canMount)(
    "full disk",
    async () => {
      const full = await killedWhenFull(durability, 8);
      expect(full.answered.size).toBeGreaterThan(200);
      await recover(full.journal, () => undefined);
      expectKept(full, await rows(), { durability, powerCut: false });
    },
    60_000,
  );
});
