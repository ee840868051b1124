// node scripts/seed-history.ts --url postgresql://... [--days 30] [--rows 60000] [--seed 1]
// Fills a migrated database with a believable history that ends now: for screenshots and for trying pages.
import { parseArgs } from "node:util";
import { createDictionary } from "../lib/audit/dictionary.ts";
import type { KubeRequestEntry } from "../lib/audit/entry.ts";
import { storeBatch } from "../lib/audit/writer/store-batch.ts";
import { createPool } from "../lib/db/pool.ts";
import { generateEntries } from "../test/history/generate-entries.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: process.env.DATABASE_URL },
    days: { type: "string", default: "30" },
    rows: { type: "string", default: "60000" },
    seed: { type: "string", default: "1" },
  },
});
if (!values.url) {
  console.error(
    "seed-history: --url (or DATABASE_URL) is not set: takes postgresql://user:password@host:port/database",
  );
  process.exit(1);
}

const BATCH = 2_000;
const pool = createPool(values.url, { applicationName: "kubewitness seed" });
const store = { pool, dictionary: createDictionary(pool) };
const to = Date.now();
const from = to - Number(values.days) * 86_400_000;
let batch: KubeRequestEntry[] = [];
let stored = 0;
for (const entry of generateEntries({ count: Number(values.rows), from, to, seed: Number(values.seed) })) {
  batch.push(entry);
  if (batch.length < BATCH) continue;
  await storeBatch(store, { entries: batch });
  stored += batch.length;
  batch = [];
}
if (batch.length > 0) await storeBatch(store, { entries: batch });
stored += batch.length;
await pool.end();
console.log(`${stored} entries over ${values.days} days`);
