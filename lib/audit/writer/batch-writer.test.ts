import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { FRAME_VERSION } from "../journal/frame.ts";
import { createDictionary } from "../store/dictionary.ts";
import { BatchWriter, type JournalBatch } from "./batch-writer.ts";
import { forgetPosition } from "./journal-position.ts";

const JOURNAL = "6f1c1d0e-8f5e-4a56-9f0c-3c1f4f0f8a11";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const writer = () =>
  new BatchWriter({
    store: { pool: db.pool, dictionary: createDictionary(db.pool) },
    onRetry: () => undefined,
    onDeadLetter: (_entry, error) => {
      throw error;
    },
  });

function batchFromTheBeginning(): JournalBatch {
  const to = Date.now();
  const entries = [...generateEntries({ count: 3, from: to - 60_000, to, seed: 1 })].map((entry, index) => {
    return { payload: JSON.stringify(entry), version: FRAME_VERSION, end: (index + 1) * 100 };
  });
  return { journalId: JOURNAL, entries, from: 0, to: 300 };
}

test("whose journal another process has written and forgotten writes nothing of it again", async () => {
  const own = writer();
  expect(await own.startPosition(JOURNAL)).toBe(0);
  const batch = batchFromTheBeginning();
  await writer().write(batch);
  await forgetPosition(db.pool, JOURNAL);

  await expect(own.write(batch)).rejects.toThrow("forgotten, by another process");
  const { rows } = await db.pool.query("SELECT count(*)::int AS count FROM kube_request");
  expect(rows).toEqual([{ count: 3 }]);
});
