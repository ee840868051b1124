import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import fc from "../../../test/properties.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { encodeFrame, FRAME_TYPE } from "./frame.ts";
import { Journal } from "./journal.ts";
import { findOpenIntents } from "./open-intents.ts";
import { JournalReader } from "./reader.ts";
import { listSegments, segmentFile } from "./segment.ts";

let directory: string;
let journal: Journal | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kubewitness-journal-"));
});
afterEach(async () => {
  await journal?.close();
  journal = undefined;
  await rm(directory, { recursive: true });
});

async function open(maxBytes = 2 ** 24): Promise<Journal> {
  journal = await Journal.open({ directory, durability: "strict", maxBytes });
  return journal;
}

const entries = [...generateEntries({ count: 400, from: 1_750_000_000_000, to: 1_750_000_100_000 })].map(
  (entry) => {
    return { ...entry, stage: "complete" as const };
  },
);

async function readAll(from = 0): Promise<KubeRequestEntry[]> {
  const reader = new JournalReader(directory, from);
  const read: KubeRequestEntry[] = [];
  for (let frame = await reader.next(Infinity); frame; frame = await reader.next(Infinity)) {
    if (frame.type !== FRAME_TYPE.intent) read.push(JSON.parse(frame.payload.toString()));
  }
  await reader.close();
  return read;
}

test("what was appended at once is read in order, from any position", async () => {
  const opened = await open();
  const positions = await Promise.all(entries.map((entry) => opened.appendEntry(entry)));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(await readAll()).toEqual(entries);
  expect(await readAll(positions[200])).toEqual(entries.slice(201));
});

test("entries that come in turn after turn of the event loop share a write", async () => {
  const writes: number[] = [];
  journal = await Journal.open({
    directory,
    durability: "strict",
    maxBytes: 2 ** 24,
    onDurable: ({ frames }) => writes.push(frames),
  });
  const appended: Promise<number>[] = [];
  for (const entry of entries.slice(0, 5)) {
    const turn = setImmediate();
    appended.push(journal.appendEntry(entry));
    await turn;
  }
  await Promise.all(appended);
  expect(writes).toEqual([5]);
});

test("a tail that was torn anywhere takes nothing but the torn entry", async () => {
  const opened = await open();
  const positions: number[] = [];
  for (const entry of entries.slice(0, 8)) positions.push(await opened.appendEntry(entry));
  const [segment] = await listSegments(directory);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: positions[5]!, max: positions[7]! - 1 }),
      fc.uint8Array(),
      async (cut, garbage) => {
        const whole = readFileSync(segment!.file);
        truncateSync(segment!.file, cut);
        appendFileSync(segment!.file, garbage);
        const read = await readAll();
        writeFileSync(segment!.file, whole);
        expect(read).toEqual(entries.slice(0, positions.filter((position) => position <= cut).length));
      },
    ),
    { numRuns: 60 },
  );
});

test("what was damaged in the middle takes nothing but the damaged entries, and is counted", async () => {
  const opened = await open();
  const positions: number[] = [];
  for (const entry of entries.slice(0, 40)) positions.push(await opened.appendEntry(entry));
  const [segment] = await listSegments(directory);
  const bytes = readFileSync(segment!.file);
  bytes.fill(0xff, positions[9]! + 3, positions[10]! + 3);
  writeFileSync(segment!.file, bytes);
  expect(await readAll()).toEqual(entries.slice(0, 40).toSpliced(10, 2));
  const reader = new JournalReader(directory, 0);
  while (await reader.next(opened.durablePosition));
  expect(reader.damagedBytes).toBe(positions[11]! - positions[9]!);
  await reader.close();
});

test("segments are rotated, and deleted once their entries are written", async () => {
  const opened = await open(400_000);
  const positions: number[] = [];
  for (const entry of entries) positions.push(await opened.appendEntry(entry));
  const before = await listSegments(directory);
  expect(before.length).toBeGreaterThan(3);
  expect(opened.bytes).toBe(positions.at(-1));
  await opened.releaseUpTo(positions.at(-1)!);
  expect(await listSegments(directory)).toEqual([before.at(-1)]);
  expect(opened.bytes).toBe((await stat(before.at(-1)!.file)).size);
});

test("a segment stays while one of its entries is not written", async () => {
  const opened = await open(400_000);
  const positions: number[] = [];
  for (const entry of entries) positions.push(await opened.appendEntry(entry));
  const [first, second] = await listSegments(directory);
  await opened.releaseUpTo(second!.base - 1);
  expect((await listSegments(directory))[0]).toEqual(first);
});

test("an intent that is open outlives its segment; one that is closed does not", async () => {
  const opened = await open(400_000);
  const [held, closed, ...rest] = entries;
  await opened.appendIntent(held!);
  await opened.appendIntent(closed!);
  for (const entry of rest) await opened.appendEntry(entry);
  await opened.appendEntry(closed!);
  await opened.releaseUpTo(opened.durablePosition);
  expect((await findOpenIntents(directory)).intents).toEqual([held]);
  await opened.appendEntry(held!);
  expect((await findOpenIntents(directory)).intents).toEqual([]);
  expect(opened.openIntents).toBe(0);
});

test("an intent whose carrying along failed, or whose outcome is not on the disk, outlives its segment", async () => {
  const opened = await open(400_000);
  const [held, ended, ...rest] = entries;
  await opened.appendIntent(held!);
  await opened.appendIntent(ended!);
  for (const entry of rest) await opened.appendEntry(entry);
  // The next segment's name is taken, and that of the try after: neither the outcome nor what is carried along can be written.
  const due = async () => (await stat((await listSegments(directory)).at(-1)!.file)).size >= 50_000;
  while (!(await due())) await opened.appendEntry(rest[0]!);
  const outcome = encodeFrame(FRAME_TYPE.closing, JSON.stringify(ended));
  for (const base of [opened.durablePosition, opened.durablePosition + outcome.length])
    writeFileSync(segmentFile(directory, base), "");
  await expect(opened.appendEntry(ended!)).rejects.toThrow("EEXIST");
  await opened.releaseUpTo(opened.durablePosition);
  await opened.releaseUpTo(opened.durablePosition);
  await opened.close();
  journal = undefined;
  expect((await findOpenIntents(directory)).intents).toEqual([held, ended]);
});

test("a start leaves its session's intent open, the end closes it", async () => {
  const opened = await open();
  const [session] = entries;
  await opened.appendIntent(session!);
  await opened.appendEntry({ ...session!, stage: "start" });
  expect(opened.openIntents).toBe(1);
  await opened.appendEntry({ ...session!, stage: "end" });
  expect(opened.openIntents).toBe(0);
});

test("a full journal says so and takes calls again when there is room", async () => {
  const opened = await open(200_000);
  for (const entry of entries) await opened.appendEntry(entry);
  expect(opened.admission()).toEqual({
    admitted: false,
    reason: expect.stringContaining("audit.journal.max_bytes 200000"),
  });
  await opened.releaseUpTo(opened.durablePosition);
  expect(opened.admission()).toEqual({ admitted: true });
});

test("a reader follows a journal that grows over segments", async () => {
  const opened = await open(100_000);
  const reader = new JournalReader(directory, 0);
  let read = 0;
  for (const entry of entries) {
    await opened.appendEntry(entry);
    const frame = await reader.next(opened.durablePosition);
    expect(JSON.parse(frame!.payload.toString())).toEqual(entry);
    read += 1;
  }
  await reader.close();
  expect(read).toBe(entries.length);
  expect(readdirSync(directory).length).toBeGreaterThan(3);
});
