// npm run bench -- writer [--entries 60000] [--rates 1000,5000] [--url postgresql://...] [--plain]
// What the record costs behind the answer: the writer's thread on a journal that is there, with PostgreSQL (with fsync). Processor time an
// entry of the thread and of PostgreSQL; first all at once, then at so many entries a second. --plain: without intents between the entries.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { createPool } from "../lib/db/pool.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { generateEntries } from "../test/history/generate-entries.ts";
import { fillJournal } from "./writer/fill-journal.ts";
import { familyMicroseconds, threadMicroseconds } from "./writer/processor-time.ts";
import { RunningWriter } from "./writer/running-writer.ts";

const { values: options } = parseArgs({
  options: {
    entries: { type: "string", default: "60000" },
    rates: { type: "string", default: "1000,5000" },
    url: { type: "string" },
    plain: { type: "boolean", default: false },
  },
});

const THREAD = "audit-writer";
/** Before a round is measured the thread has compiled its program and read the dictionary. */
const WARM_UP_ENTRIES = 10_000;

const data = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-writer-"));
chmodSync(data, 0o711);
const server = options.url
  ? null
  : await startEmbeddedPostgres({ directory: path.join(data, "postgres"), database: "bench", durable: true });
const url = options.url ?? server!.url;
const pool = createPool(url, { max: 1 });
let stored = 0;
try {
  await migrateDatabase(url);
  console.log(
    "| entries a second | thread, CPU µs an entry | PostgreSQL, CPU µs an entry | entries a batch | rows/s | load |",
  );
  console.log("|---|---:|---:|---:|---:|---:|");
  await measure(Number(options.entries), null);
  for (const rate of options.rates.split(",").filter(Boolean))
    await measure(Math.min(Number(options.entries), Number(rate) * 10), Number(rate));
} finally {
  await pool.end();
  await server?.stop();
  rmSync(data, { recursive: true });
}

/** `rate`: entries a second; null: all of them at once. */
async function measure(count: number, rate: number | null): Promise<void> {
  const id = crypto.randomUUID();
  const directory = path.join(data, id);
  const to = Date.now();
  const total = WARM_UP_ENTRIES + count;
  // As if they had come at that rate: what counters and dictionary find alike in a batch depends on it.
  const entries = generateEntries({
    count: total,
    from: to - (total / (rate ?? 5_000)) * 1_000,
    to,
    seed: rate ?? 1,
  });
  const journal = fillJournal(directory, entries, { intents: !options.plain });
  const writer = new RunningWriter(url, { id, directory });
  const framesOfWarmUp = Math.round((journal.frames * WARM_UP_ENTRIES) / total);
  await writer.writeUpTo(journal, framesOfWarmUp);
  const before = snapshot(writer);
  if (rate === null) await writer.writeUpTo(journal, journal.frames);
  else
    await writer.writeAtRate(journal, {
      from: framesOfWarmUp,
      framesASecond: (rate * journal.frames) / total,
    });
  const after = snapshot(writer);
  await writer.stop();
  stored += total;
  const { rows } = await pool.query("SELECT count(*)::int AS rows FROM kube_request");
  if (!options.url && rows[0].rows !== stored)
    throw new Error(`of ${stored} entries ${rows[0].rows} are rows`);
  const written = after.entries - before.entries;
  const cells = [
    rate ?? "all at once",
    ((after.thread - before.thread) / written).toFixed(1),
    server ? ((after.postgres - before.postgres) / written).toFixed(1) : "",
    Math.round(written / (after.batches - before.batches)),
    Math.round((written * 1_000) / (after.at - before.at)),
    loadavg()[0]!.toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

function snapshot({ entries, batches }: RunningWriter) {
  const postgres = server ? familyMicroseconds(postmaster()) : 0;
  return { thread: threadMicroseconds(THREAD), postgres, entries, batches, at: performance.now() };
}

function postmaster(): number {
  return Number(readFileSync(path.join(data, "postgres/pgdata/postmaster.pid"), "utf8").split("\n")[0]);
}
