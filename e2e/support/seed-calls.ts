import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { createDictionary } from "../../lib/audit/store/dictionary.ts";
import { storeBatch } from "../../lib/audit/writer/store-batch.ts";
import { createPool } from "../../lib/db/pool.ts";
import { generateEntries } from "../../test/history/generate-entries.ts";
import { databaseUrl } from "./demo-database.ts";

const BATCH = 2_000;

/** Stores believable calls of a time that is over, past the gateway. */
export async function seedCalls(range: { count: number; from: number; to: number }): Promise<void> {
  const pool = createPool(databaseUrl(), { applicationName: "kubewitness e2e" });
  try {
    const store = { pool, dictionary: createDictionary(pool) };
    let entries: KubeRequestEntry[] = [];
    for (const entry of generateEntries(range)) {
      entries.push(entry);
      if (entries.length < BATCH) continue;
      await storeBatch(store, { entries });
      entries = [];
    }
    if (entries.length > 0) await storeBatch(store, { entries });
  } finally {
    await pool.end();
  }
}
