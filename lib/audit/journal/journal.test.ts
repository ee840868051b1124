import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
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
  journal = await Journal.open({ directory, maxBytes });
  return journal;
}

/** Resolves with the position after the entry when it is on the disk. */
function appendEntry(to: Journal, entry: KubeRequestEntry): Promise<number> {
  return new Promise((resolve, reject) =>
    to.appendEntry(entry, "flushed", (error, position) => (error ? reject(error) : resolve(position))),
  );
}

function appendIntent(to: Journal, entry: KubeRequestEntry): Promise<void> {
  return new Promise((resolve, reject) =>
    to.appendIntent(entry, { isUrgent: true }).whenDurable((error) => (error ? reject(error) : resolve())),
  );
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
  const positions = await Promise.all(entries.map((entry) => appendEntry(opened, entry)));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(await readAll()).toEqual(entries);
  expect(await readAll(positions[200])).toEqual(entries.slice(201));
});

test("entries that come in turn after turn of the event loop share a write", async () => {
  const writes: number[] = [];
  journal = await Journal.open({
    directory,
    maxBytes: 2 ** 24,
    onDurable: ({ frames }) => writes.push(frames),
  });
  const appended: Promise<number>[] = [];
  for (const entry of entries.slice(0, 5)) {
    const turn = setImmediate();
    appended.push(appendEntry(journal, entry));
    await turn;
  }
  await Promise.all(appended);
  // Two turns to a write; a flush may have served several of these.
  expect(writes.at(-1)).toBe(5);
  expect(writes.length).toBeLessThanOrEqual(3);
});

test("the last entry is noticed on the disk though nothing follows it, after an event loop that stood still", async () => {
  let durable = 0;
  journal = await Journal.open({
    directory,
    maxBytes: 2 ** 24,
    onDurable: ({ position }) => {
      durable = position;
    },
  });
  for (const [index, entry] of entries.slice(0, 20).entries()) {
    const flushed = appendEntry(journal, entry);
    await setImmediate();
    let end = Number.POSITIVE_INFINITY;
    journal.appendEntry(entries[100 + index]!, "written", (_error, position) => {
      end = position;
    });
    await setImmediate();
    // The first one's flush is told, and the second one's is due, when the loop goes on.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    await flushed;
    await expect.poll(() => durable).toBe(end);
  }
});

test("a tail that was torn anywhere takes nothing but the torn entry", async () => {
  const opened = await open();
  const positions: number[] = [];
  for (const entry of entries.slice(0, 8)) positions.push(await appendEntry(opened, entry));
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
  for (const entry of entries.slice(0, 40)) positions.push(await appendEntry(opened, entry));
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
  for (const entry of entries) positions.push(await appendEntry(opened, entry));
  const before = await listSegments(directory);
  expect(before.length).toBeGreaterThan(3);
  expect(opened.bytes).toBe(positions.at(-1));
  await opened.releaseUpTo(positions.at(-1)!);
  expect(await listSegments(directory)).toEqual([before.at(-1)]);
  expect(opened.bytes).toBe(positions.at(-1)! - before.at(-1)!.base);
});

test("a segment stays while one of its entries is not written", async () => {
  const opened = await open(400_000);
  const positions: number[] = [];
  for (const entry of entries) positions.push(await appendEntry(opened, entry));
  const [first, second] = await listSegments(directory);
  await opened.releaseUpTo(second!.base - 1);
  expect((await listSegments(directory))[0]).toEqual(first);
});

test("an intent that is open outlives its segment; one that is closed does not", async () => {
  const opened = await open(400_000);
  const [held, closed, ...rest] = entries;
  await appendIntent(opened, held!);
  await appendIntent(opened, closed!);
  for (const entry of rest) await appendEntry(opened, entry);
  await appendEntry(opened, closed!);
  await opened.releaseUpTo(opened.durablePosition);
  expect((await findOpenIntents(directory)).intents).toEqual([held]);
  await appendEntry(opened, held!);
  expect((await findOpenIntents(directory)).intents).toEqual([]);
  expect(opened.openIntents).toBe(0);
});

test("an intent whose carrying along failed, or whose outcome is not on the disk, outlives its segment", async () => {
  const opened = await open(400_000);
  const [held, ended, ...rest] = entries;
  await appendIntent(opened, held!);
  await appendIntent(opened, ended!);
  for (const entry of rest) await appendEntry(opened, entry);
  // The next segment's name is taken, and that of the try after: neither the outcome nor what is carried along can be written.
  const due = async () => opened.durablePosition - (await listSegments(directory)).at(-1)!.base >= 50_000;
  while (!(await due())) await appendEntry(opened, rest[0]!);
  const outcome = encodeFrame(FRAME_TYPE.closing, JSON.stringify(ended));
  for (const base of [opened.durablePosition, opened.durablePosition + outcome.length])
    writeFileSync(segmentFile(directory, base), "");
  await expect(appendEntry(opened, ended!)).rejects.toThrow("EEXIST");
  await opened.releaseUpTo(opened.durablePosition);
  await opened.releaseUpTo(opened.durablePosition);
  await opened.close();
  journal = undefined;
  expect((await findOpenIntents(directory)).intents).toEqual([held, ended]);
});

test("an outcome that neither the disk nor the memory has room for leaves its intent open, which keeps no segment", async () => {
  let lost = 0;
  const onLost = () => {
    lost += 1;
  };
  const opened = await Journal.open({ directory, maxBytes: 400_000, onLost });
  journal = opened;
  const [held, ...rest] = entries;
  await appendIntent(opened, held!);
  const due = async () => opened.durablePosition - (await listSegments(directory)).at(-1)!.base >= 50_000;
  while (!(await due())) await appendEntry(opened, rest[0]!);
  writeFileSync(segmentFile(directory, opened.durablePosition), "");
  await expect(appendEntry(opened, rest[0]!)).rejects.toThrow("EEXIST");
  while (lost === 0) opened.appendEntry(rest[0]!, "written", () => undefined);
  opened.appendEntry(held!, "written", () => undefined);
  expect(lost).toBe(2);
  expect(opened.openIntents).toBe(1);
  await expect.poll(() => opened.unwritten).toBe(0);
  await opened.settled();
  await opened.releaseUpTo(opened.durablePosition);
  expect((await listSegments(directory)).map(({ base }) => base)).not.toContain(0);
  expect((await findOpenIntents(directory)).intents).toEqual([held]);
  await appendEntry(opened, held!);
  expect(opened.openIntents).toBe(0);
}, 30_000);

test("a start leaves its session's intent open, the end closes it", async () => {
  const opened = await open();
  const [session] = entries;
  await appendIntent(opened, session!);
  await appendEntry(opened, { ...session!, stage: "start" });
  expect(opened.openIntents).toBe(1);
  await appendEntry(opened, { ...session!, stage: "end" });
  expect(opened.openIntents).toBe(0);
});

test("a full journal says so and takes calls again when there is room", async () => {
  const opened = await open(200_000);
  for (const entry of entries) await appendEntry(opened, entry);
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
    await appendEntry(opened, entry);
    const frame = await reader.next(opened.durablePosition);
    expect(JSON.parse(frame!.payload.toString())).toEqual(entry);
    read += 1;
  }
  await reader.close();
  expect(read).toBe(entries.length);
  expect(readdirSync(directory).length).toBeGreaterThan(3);
});
