// node_modules/.bin/node scripts/seed-history.ts --url postgresql://... [--days 30] [--rows 60000] [--seed 1]
// Fills a migrated database with a believable history that ends now: for screenshots and for trying pages.
import { parseArgs } from "node:util";
import type { KubeRequestEntry } from "../lib/audit/entry/entry.ts";
import { recordEventAlone } from "../lib/audit/events/record.ts";
import { createDictionary } from "../lib/audit/store/dictionary.ts";
import { storeBatch } from "../lib/audit/writer/store-batch.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { generateEntries } from "../test/history/generate-entries.ts";
import { generateEvents } from "../test/history/generate-events.ts";
import { createRandom } from "../test/history/random.ts";
import { recordSessions } from "../test/history/record-sessions.ts";
import { screenOf } from "../test/history/screens.ts";
import { storeAgents } from "../test/history/store-agents.ts";
import { storeSession } from "../test/history/store-session.ts";

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

const BATCH = 500;
const { pool } = connectDatabase(values.url);
const store = { pool, dictionary: createDictionary(pool) };
const to = Date.now();
const from = to - Number(values.days) * 86_400_000;
const seed = Number(values.seed);
const events = generateEvents({ from, to, seed });
let nextEvent = events.next();
const calls = generateEntries({ count: Number(values.rows), from, to, seed });
const { entries, recordings } = recordSessions(calls, { latest: to, seed });
const random = createRandom(seed);
let stored = 0;
let recorded = 0;
let closed = 0;

/** The console's events up to a time, so that numbers follow time as they do in life. */
async function recordEventsUntil(time: number): Promise<void> {
  for (; !nextEvent.done && nextEvent.value.at <= time; nextEvent = events.next()) {
    await recordEventAlone(nextEvent.value.ctx, nextEvent.value.event);
    recorded += 1;
  }
}

/** What was recorded of the sessions that ended up to a time. */
async function storeSessionsUntil(time: number): Promise<void> {
  for (; closed < recordings.length && recordings[closed]!.endedAt <= time; closed++)
    await storeSession(pool, recordings[closed]!, screenOf(random, recordings[closed]!));
}

async function writeBatch(batch: KubeRequestEntry[]): Promise<void> {
  await recordEventsUntil(batch[0]!.executedAt);
  await storeSessionsUntil(batch[0]!.executedAt);
  await storeBatch(store, { entries: batch });
  stored += batch.length;
}

let batch: KubeRequestEntry[] = [];
for (const entry of entries) {
  batch.push(entry);
  if (batch.length < BATCH) continue;
  await writeBatch(batch);
  batch = [];
}
if (batch.length > 0) await writeBatch(batch);
await recordEventsUntil(to);
await storeSessionsUntil(to);
await storeAgents(pool);
await disconnectDatabase();
console.log(
  `${stored} calls, ${recorded} events of the console and ${closed} recorded sessions over ${values.days} days`,
);
