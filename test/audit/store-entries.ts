import type pg from "pg";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { createDictionary } from "../../lib/audit/store/dictionary.ts";
import { storeBatch } from "../../lib/audit/writer/store-batch.ts";

/** Stores entries as the writer does, a batch at a time. */
export async function storeEntries(
  pool: pg.Pool,
  entries: Iterable<KubeRequestEntry>,
  size = 100,
): Promise<void> {
  const store = { pool, dictionary: createDictionary(pool) };
  let batch: KubeRequestEntry[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    await storeBatch(store, { entries: batch });
    batch = [];
  }
  if (batch.length > 0) await storeBatch(store, { entries: batch });
}
