import { readFileSync } from "node:fs";
import path from "node:path";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { createDictionary } from "../../lib/audit/store/dictionary.ts";
import { storeBatch } from "../../lib/audit/writer/store-batch.ts";
import { createPool } from "../../lib/db/pool.ts";
import { generateEntries } from "../../test/history/generate-entries.ts";
import { dataFolder } from "./installation.ts";

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

/** Of the PostgreSQL that the installation started. */
function databaseUrl(): string {
  const read = (name: string) => readFileSync(path.join(dataFolder(), "demo/postgres", name), "utf8").trim();
  return `postgresql://kubewitness:${read("password")}@127.0.0.1:${read("port")}/kubewitness`;
}
