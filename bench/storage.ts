// npm run bench -- storage [--rows 5000000] [--days 30] [--batch 1000] [--url postgresql://...]
// Fills Request Audit with the writer's own statements and says what a row takes, how fast rows come in, and how fast the first
// and the deepest page are read, and the whole record in order of No. Without --url it starts a PostgreSQL of its own, with fsync, and removes it afterwards.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type pg from "pg";
import type { KubeRequestEntry } from "../lib/audit/entry/entry.ts";
import { prepareQuery, readAudit, readQuery } from "../lib/audit/query/audit-query.ts";
import type { RowKey } from "../lib/audit/query/cursor.ts";
import { readRows } from "../lib/audit/query/rows.ts";
import type { AuditScope } from "../lib/audit/query/scope.ts";
import { REQUEST_SURFACE } from "../lib/audit/request-audit/surface.ts";
import { readRecord } from "../lib/audit/sinks/read-record.ts";
import { createDictionary } from "../lib/audit/store/dictionary.ts";
import { onPostgres } from "../lib/audit/store/sql.ts";
import { storeBatch } from "../lib/audit/writer/store-batch.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { generateEntries } from "../test/history/generate-entries.ts";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "5000000" },
    days: { type: "string", default: "30" },
    batch: { type: "string", default: "1000" },
    url: { type: "string" },
  },
});
const ROWS = Number(options.rows);
const BATCH = Number(options.batch);
const to = Date.now();
const from = to - Number(options.days) * 86_400_000;

const server = options.url ? null : await startServer();
const url = options.url ?? server!.url;
try {
  await migrateDatabase(url);
  const { pool } = connectDatabase(url);
  await fill(pool);
  await pool.query("VACUUM ANALYZE");
  await reportSizes(pool);
  await reportPages(pool);
  await reportReadingOn(pool);
} finally {
  await disconnectDatabase();
  await server?.stop();
}

async function startServer() {
  const directory = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-storage-"));
  chmodSync(directory, 0o711);
  const postgres = await startEmbeddedPostgres({ directory, database: "bench", durable: true });
  const stop = async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true });
  };
  return { url: postgres.url, stop };
}

async function fill(pool: pg.Pool): Promise<void> {
  const store = { pool, dictionary: createDictionary(pool) };
  const startedAt = performance.now();
  let writingMs = 0;
  let stored = 0;
  for (const entries of batches()) {
    const before = performance.now();
    await storeBatch(store, { entries });
    writingMs += performance.now() - before;
    stored += entries.length;
    if (stored % 500_000 < BATCH) {
      console.log(`${stored} rows, ${Math.round((stored / writingMs) * 1000)} rows/s`);
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `filled ${stored} rows over ${options.days} days in ${seconds.toFixed(0)} s, batches of ${BATCH}: ` +
      `${Math.round((stored / writingMs) * 1000)} rows/s into PostgreSQL, bodies, counters and events included`,
  );
}

function* batches(): Generator<KubeRequestEntry[]> {
  let batch: KubeRequestEntry[] = [];
  for (const entry of generateEntries({ count: ROWS, from, to })) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function reportSizes(pool: pg.Pool): Promise<void> {
  const rows = await countRows(pool, "kube_request");
  for (const table of ["kube_request", "kube_request_body", "audit_event"]) {
    const { total, heap } = await sizeOf(pool, table);
    const count = await countRows(pool, table);
    const each = `${(total / count).toFixed(1)} B a row (${(heap / count).toFixed(1)} heap, ${((total - heap) / count).toFixed(1)} indexes)`;
    console.log(`${table}: ${count} rows, ${megabytes(total)}, ${each}`);
  }
  for (const table of [
    "kube_request_minute",
    "kube_request_hour",
    "audit_event_minute",
    "audit_dictionary",
  ]) {
    const total = Number(
      (await pool.query(`SELECT pg_total_relation_size('${table}') AS total`)).rows[0].total,
    );
    console.log(
      `${table}: ${await countRows(pool, table)} rows, ${megabytes(total)}, ${(total / rows).toFixed(1)} B a call`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function countRows(pool: pg.Pool, table: string): Promise<number> {
  return Number((await pool.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
}

async function sizeOf(pool: pg.Pool, table: string): Promise<{ total: number; heap: number }> {
  const result = await pool.query<{ total: number; heap: number }>(
    `SELECT sum(pg_total_relation_size(relid))::bigint AS total, sum(pg_table_size(relid))::bigint AS heap FROM pg_partition_tree('${table}')`,
  );
  return { total: Number(result.rows[0]!.total), heap: Number(result.rows[0]!.heap) };
}

async function reportPages(pool: pg.Pool): Promise<void> {
  const oldest = await pool.query<{ executed_at: Date; ledger_id: number; no: number }>(
    "SELECT executed_at, ledger_id, no FROM kube_request ORDER BY executed_at, ledger_id, no OFFSET 60 LIMIT 1",
  );
  const { executed_at, ledger_id, no } = oldest.rows[0]!;
  await reportPage("first page", null);
  await reportPage("deepest page", { time: executed_at.getTime(), ledgerId: ledger_id, no });
  await reportPage("first page, filtered", null, 'verb = "delete" AND resource = "secrets"');
}

/** As a sink reads that takes everything, from the first number to the last. */
async function reportReadingOn(pool: pg.Pool): Promise<void> {
  const run = onPostgres(pool);
  const read = {
    scope: { kind: "all" } as AuditScope,
    stream: "kube_request",
    limit: 1_000,
    columns: ["*"],
  } as const;
  const startedAt = performance.now();
  const pages: number[] = [];
  let after = 0;
  let near: Date | null = null;
  for (let end = false; !end; ) {
    const before = performance.now();
    const page = await readRecord(run, { ...read, after, near });
    pages.push(performance.now() - before);
    near = page.rows.at(-1)?.at ?? near;
    end = page.upTo === page.lastNo;
    after = page.upTo;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  pages.sort((a, b) => a - b);
  console.log(
    `in order of No, pages of 1000: ${Math.round(after / seconds)} rows/s, a page ${pages[pages.length >> 1]!.toFixed(1)} ms, p99 ${pages[Math.floor(pages.length * 0.99)]!.toFixed(1)} ms`,
  );
}

async function reportPage(name: string, after: RowKey | null, filter = ""): Promise<void> {
  const times: number[] = [];
  let rows = 0;
  const read = readQuery(REQUEST_SURFACE, {
    from: new Date(from - 86_400_000).toISOString(),
    to: new Date(to + 86_400_000).toISOString(),
    timeZone: "UTC",
    filter,
  });
  for (let run = 0; run < 20; run++) {
    const startedAt = performance.now();
    rows = await readAudit(async (sql) => {
      const scope = { kind: "all" } as AuditScope;
      const prepared = await prepareQuery(sql, { surface: REQUEST_SURFACE, scope, ...read });
      return (await readRows(sql, prepared, { limit: 50, after })).length;
    });
    times.push(performance.now() - startedAt);
  }
  const [first] = times;
  const middle = times.toSorted((a, b) => a - b)[10]!;
  console.log(
    `${name}: ${rows} rows in ${middle.toFixed(1)} ms (median of 20; first ${first!.toFixed(1)} ms)`,
  );
}
