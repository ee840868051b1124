import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { encodeFrame, FRAME_TYPE, FRAME_VERSION, type FrameType } from "../journal/frame.ts";
import { segmentFile } from "../journal/segment.ts";
import { createDictionary } from "../store/dictionary.ts";
import { BatchWriter } from "./batch-writer.ts";
import { drainOrphan } from "./drain-orphan.ts";

let db: TestDatabase;
let directory: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.pool.query("TRUNCATE kube_request, kube_request_body, audit_dead_letter");
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-orphan-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const throwing = (error: Error): never => {
  throw error;
};

/** Calls of which a journal has both entries, and one whose outcome did not come. */
interface Written {
  id: string;
  calls: KubeRequestEntry[];
  /** Of each frame: intent and outcome of each call, then the last intent. */
  ends: number[];
  bytes: Buffer;
}

function writeJournal(count: number): Written {
  const to = Date.now();
  const calls = [...generateEntries({ count: 200, from: to - 60_000, to, seed: 3 })]
    .filter(({ stage }) => stage === "complete")
    .slice(0, count);
  const frames = calls.flatMap((entry, index) => {
    const intent: KubeRequestEntry = { ...entry, httpStatus: null, durationMs: null };
    const both: [FrameType, KubeRequestEntry][] = [
      [FRAME_TYPE.intent, intent],
      [FRAME_TYPE.closing, entry],
    ];
    return index < count - 1 ? both : both.slice(0, 1);
  });
  const encoded = frames.map(([type, entry]) => encodeFrame(type, JSON.stringify(entry)));
  const ends: number[] = [];
  for (const { length } of encoded) ends.push((ends.at(-1) ?? 0) + length);
  const bytes = Buffer.concat(encoded);
  writeFileSync(segmentFile(directory, 0), bytes);
  return { id: randomUUID(), calls, ends, bytes };
}

const writer = () =>
  new BatchWriter({
    store: { pool: db.pool, dictionary: createDictionary(db.pool) },
    onRetry: throwing,
    onDeadLetter: (_, error) => throwing(error),
  });

/** As the process itself has done with the first so many calls before it ended. */
async function writeFirst({ id, calls, ends }: Written, count: number): Promise<void> {
  const own = writer();
  await own.startPosition(id);
  const entries = calls.slice(0, count).map((entry, index) => {
    return { payload: JSON.stringify(entry), version: FRAME_VERSION, end: ends[index * 2 + 1]! };
  });
  await own.write({ journalId: id, entries, from: 0, to: ends[count * 2 - 1]! });
}

/** One bit of a frame is another. */
function flip({ bytes, ends }: Written, frame: number): void {
  const at = ends[frame]! - 20;
  bytes[at] = bytes[at]! ^ 0x10;
  writeFileSync(segmentFile(directory, 0), bytes);
}

/** What the next start does; `writes`: it ends after so many batches. */
function drain({ id }: Written, writes = Number.POSITIVE_INFINITY) {
  const own = writer();
  let left = writes;
  return drainOrphan(
    {
      startPosition: (journalId) => own.startPosition(journalId),
      closedCalls: (intents) => own.closedCalls(intents),
      write: async (batch) => {
        left -= 1;
        await own.write(batch);
      },
      stopping: () => left <= 0,
    },
    { id, directory },
  );
}

async function rows(): Promise<[callId: string, stage: number][]> {
  const { rows } = await db.pool.query<{ call_id: string; stage: number }>(
    "SELECT call_id, stage FROM kube_request ORDER BY no",
  );
  return rows.map(({ call_id, stage }) => [call_id, stage]);
}

const COMPLETE = 0;
const INTERRUPTED = 3;

test("a call whose outcome is damaged and has its row already gets no second one; that it is damaged is told", async () => {
  const journal = writeJournal(4);
  await writeFirst(journal, 2);
  flip(journal, 1);
  const report = await drain(journal);
  expect(await rows()).toEqual(
    journal.calls.map(({ callId }, index) => [callId, index < 3 ? COMPLETE : INTERRUPTED]),
  );
  expect(report).toMatchObject({ interrupted: 1, damagedBytes: journal.ends[1]! - journal.ends[0]! });
});

test("a call whose outcome is damaged and has no row is interrupted", async () => {
  const journal = writeJournal(4);
  await writeFirst(journal, 1);
  flip(journal, 3);
  const report = await drain(journal);
  const stages = Object.fromEntries(await rows());
  expect(journal.calls.map(({ callId }) => stages[callId])).toEqual([
    ...[COMPLETE, INTERRUPTED, COMPLETE, INTERRUPTED],
  ]);
  expect(report?.interrupted).toBe(2);
});

test("an intent that is damaged before where the database was is told of: nothing else knows its call", async () => {
  const journal = writeJournal(3);
  await writeFirst(journal, 2);
  flip(journal, 0);
  expect((await drain(journal))?.damagedBytes).toBe(journal.ends[0]);
});

test("what a start has begun the next one ends, though the journal is damaged", async () => {
  const journal = writeJournal(5);
  await writeFirst(journal, 3);
  flip(journal, 1);
  flip(journal, 7);
  // The outcomes that are left, and then the interrupted ones: the process ends before those.
  expect(await drain(journal, 1)).toBeNull();
  const report = await drain(journal);
  await drain(journal);
  expect(report?.interrupted).toBe(2);
  expect((await rows()).map(([, stage]) => stage)).toEqual([
    ...[COMPLETE, COMPLETE, COMPLETE, INTERRUPTED, INTERRUPTED],
  ]);
  expect(new Set((await rows()).map(([callId]) => callId)).size).toBe(5);
});
