import { afterAll, beforeAll, expect, test } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { createDictionary } from "../../audit/store/dictionary.ts";
import { storeBatch } from "../../audit/writer/store-batch.ts";
import { systemContext } from "../../context.ts";
import { createStream } from "../mutations.ts";
import { measureReplay } from "./measure.ts";
import type { MeasureReplayQuery } from "./schema.ts";

const ctx = systemContext("test");
const COUNT = 300;
/** One a second. */
const BEGAN = Date.now() - COUNT * 1_000;
const range = { count: COUNT, from: BEGAN, to: BEGAN + COUNT * 1_000, seed: 5 };
const entries = [...generateEntries(range)].map((entry, index) => ({
  ...entry,
  executedAt: BEGAN + index * 1_000,
}));
let installation: TestInstallation;
let first: number;
let id: string;

beforeAll(async () => {
  installation = await createTestInstallation();
  const dictionary = createDictionary(installation.pool);
  ({ first } = await storeBatch({ pool: installation.pool, dictionary }, { entries }));
  const surfaces = { requests: { filter: 'verb = "list"' } };
  ({ id } = await createStream({ ctx, input: { name: "lists", kind: "file", surfaces } }));
  await installation.pool.query("update stream_cursors set last_no = $1", [first + 199]);
});
afterAll(() => installation.close());

const measure = (query: Omit<MeasureReplayQuery, "surface">) =>
  measureReplay({ ctx, input: { id, surface: "requests", ...query } });
const listsIn = (from: number, to: number) =>
  entries.slice(from, to + 1).filter(({ verb }) => verb === "list").length;
const timeOf = (index: number) => new Date(BEGAN + index * 1_000).toISOString();

test("a range by its numbers has as many records as the stream's filter lets through", async () => {
  expect(listsIn(20, 119)).toBeGreaterThan(5);
  const range = { from: first + 20, to: first + 119 };
  expect(await measure(range)).toEqual({
    ...range,
    sentUpTo: first + 199,
    records: listsIn(20, 119),
    exact: true,
  });
});

test("a range by times begins with the first that was recorded then, and ends before the last time", async () => {
  expect(await measure({ since: timeOf(20), until: timeOf(120) })).toMatchObject({
    from: first + 20,
    to: first + 119,
    records: listsIn(20, 119),
  });
});

test("what was not sent yet is no part of it", async () => {
  expect(await measure({ from: first + 150, to: first + 299 })).toMatchObject({
    to: first + 199,
    records: listsIn(150, 199),
  });
  const { from, to, records } = await measure({ from: first + 250, to: first + 299 });
  expect([to < from, records]).toEqual([true, 0]);
});

test("a surface that the stream does not send is refused, and a range has both its ends", async () => {
  const ends = { from: 1, to: 2 };
  await expect(measureReplay({ ctx, input: { id, surface: "events", ...ends } })).rejects.toMatchObject({
    details: [{ field: "surface" }],
  });
  await expect(measure({ from: 1 })).rejects.toThrow("takes a number, or until a time");
});
