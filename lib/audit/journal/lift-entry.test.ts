import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { KubeRequestEntry } from "../entry/entry.ts";
import { createDictionary } from "../store/dictionary.ts";
import { BatchWriter } from "../writer/batch-writer.ts";
import { readBatch } from "../writer/drain-journal.ts";
import { FRAME_VERSION } from "./frame.ts";
import { liftEntry } from "./lift-entry.ts";
import { findOpenIntents } from "./open-intents.ts";
import { JournalReader } from "./reader.ts";

// Each folder is a journal as the program of that version wrote it, never written again: two intents, of which the second is closed, and ten entries.
const JOURNALS = path.resolve(import.meta.dirname, "../../../test/pipeline/journals");

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const deadLetters: Error[] = [];
const newWriter = () =>
  new BatchWriter({
    store: { pool: db.pool, dictionary: createDictionary(db.pool) },
    onRetry: (error) => {
      throw error;
    },
    onDeadLetter: (_, error) => deadLetters.push(error),
  });

test("every released version has its journal here", () => {
  expect(readdirSync(JOURNALS).sort()).toEqual(
    Array.from({ length: FRAME_VERSION + 1 }, (_, version) => `version-${version}`),
  );
});

test.each(readdirSync(JOURNALS))(
  "a journal of %s is written to its end, and its open intent found",
  async (name) => {
    const directory = path.join(JOURNALS, name);
    const journalId = crypto.randomUUID();
    const writer = newWriter();
    const reader = new JournalReader(directory, await writer.startPosition(journalId));
    const batch = await readBatch(reader, journalId, Number.POSITIVE_INFINITY);
    await reader.close();
    expect(batch!.entries).toHaveLength(11);
    expect(await writer.write(batch!)).toMatchObject({ deadLetters: 0 });
    expect(deadLetters).toEqual([]);

    const { intents } = await findOpenIntents(directory);
    expect(intents).toHaveLength(1);
    expect(KubeRequestEntry.parse(intents[0])).toMatchObject({ verb: "delete" });
  },
);

test("an entry that lacks any field, or any field of a part, is stored: the field is absent", async () => {
  const [whole] = generateEntries({ count: 1, from: 1_750_000_000_000, to: 1_750_000_100_000 });
  const lacking = [
    ...Object.keys(KubeRequestEntry.shape).filter((field) => !["callId", "executedAt"].includes(field)),
    "actor.kind",
    "actor.email",
    "cluster.endpoint",
  ].map((field) => JSON.stringify(without(whole!, field)));
  for (const payload of lacking) {
    const lifted = liftEntry({ payload, version: 0 });
    expect(() => KubeRequestEntry.parse(lifted)).not.toThrow();
  }
  const writer = newWriter();
  const journalId = crypto.randomUUID();
  const from = await writer.startPosition(journalId);
  const entries = lacking.map((payload, index) => {
    return { payload, version: 0, end: index + 1 };
  });
  const report = await writer.write({ journalId, entries, from, to: entries.length });
  expect(report.deadLetters).toBe(0);
  expect(deadLetters).toEqual([]);
});

function without(entry: KubeRequestEntry, field: string): unknown {
  const copy = structuredClone(entry) as unknown as Record<string, Record<string, unknown>>;
  const [first, second] = field.split(".");
  if (second === undefined) delete copy[first!];
  else delete copy[first!]![second];
  return copy;
}
