// npm run bench -- recorder [--seconds 5] [--concurrency 16] [--durability strict|flushed|relaxed] [--url postgresql://...]
// What the record costs the gateway: entries a second through the journal, the wait for one, the event loop's delay, and how the
// writer keeps up. Without --url it starts a PostgreSQL of its own.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type pg from "pg";
import { Registry } from "prom-client";
import { type Durability, startAuditPipeline } from "../lib/audit/pipeline/pipeline.ts";
import { entryRecorded } from "../lib/audit/pipeline/recorder.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { generateEntries } from "../test/history/generate-entries.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "1,16,64" },
    durability: { type: "string", default: "strict" },
    url: { type: "string" },
  },
});

const data = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-recorder-"));
chmodSync(data, 0o711);
const server = options.url
  ? null
  : await startEmbeddedPostgres({ directory: path.join(data, "postgres"), database: "bench", durable: true });
const url = options.url ?? server!.url;
try {
  await migrateDatabase(url);
  const { pool } = connectDatabase(url);
  for (const concurrency of options.concurrency.split(",")) await measure(pool, Number(concurrency));
} finally {
  await disconnectDatabase();
  await server?.stop();
  rmSync(data, { recursive: true });
}

async function measure(pool: pg.Pool, concurrency: number): Promise<void> {
  const durability = options.durability as Durability;
  const journal = { maxBytes: 2 ** 32 };
  const pipeline = await startAuditPipeline({
    config: { data, audit: { sync: false, durability, reads: true, retentionDays: 0, journal } },
    pool,
    registry: new Registry(),
  });
  const now = Date.now();
  const entries = [...generateEntries({ count: 20_000, from: now - 60_000, to: now })];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const waits: number[] = [];
  const endAt = performance.now() + Number(options.seconds) * 1_000;
  const cpu = process.threadCpuUsage();
  delay.enable();
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < endAt) {
        const startedAt = performance.now();
        await entryRecorded(pipeline.recorder, entries[next++ % entries.length]!);
        waits.push(performance.now() - startedAt);
      }
    }),
  );
  delay.disable();
  const { user, system } = process.threadCpuUsage(cpu);
  const { unwrittenBytes, lagMs } = pipeline.status();
  waits.sort((a, b) => a - b);
  const at = (share: number) => `${(waits[Math.floor(waits.length * share)]! * 1000).toFixed(0)} µs`;
  console.log(
    `${concurrency} at once, ${durability}: ${Math.round(waits.length / Number(options.seconds))} entries/s, wait p50 ${at(0.5)}, p99 ${at(0.99)}; ` +
      `${((user + system) / waits.length).toFixed(1)} µs of the gateway's thread an entry; event loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms; ` +
      `writer behind by ${(lagMs / 1000).toFixed(1)} s, ${(unwrittenBytes / 2 ** 20).toFixed(1)} MiB`,
  );
  const startedAt = performance.now();
  while (pipeline.status().unwrittenBytes > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`  written ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the last`);
  await pipeline.drain();
}
