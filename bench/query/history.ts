import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type pg from "pg";
import { auditScope } from "../../lib/access/permission.ts";
import type { AuditScope } from "../../lib/audit/query/scope.ts";
import { type Context, systemContext } from "../../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { startEmbeddedPostgres } from "../../scripts/postgres/embedded-postgres.ts";
import { storeEntries } from "../../test/audit/store-entries.ts";
import { generateEntries } from "../../test/history/generate-entries.ts";

export interface Bench {
  url: string;
  pool: pg.Pool;
  ctx: Context;
  scope: AuditScope;
  /** The history's newest and oldest times. */
  from: Date;
  to: Date;
  rows: number;
  close(): Promise<void>;
}

/** Opens a filled database, or fills one of its own. */
export async function openBench(input: { url?: string; rows: number; days: number }): Promise<Bench> {
  const server = input.url ? null : await startServer();
  const url = input.url ?? server!.url;
  await migrateDatabase(url);
  const { pool } = connectDatabase(url);
  if (server) await fill(pool, input);
  const found = await pool.query<{ from: Date; to: Date; rows: number }>(
    `SELECT min(executed_at) AS "from", max(executed_at) AS "to", count(*) AS rows FROM kube_request`,
  );
  const ctx = systemContext("bench");
  const { from, to, rows } = found.rows[0]!;
  console.log(`${rows} calls from ${from.toISOString()} to ${to.toISOString()}`);
  const close = async () => {
    await disconnectDatabase();
    await server?.stop();
  };
  return { url, pool, ctx, scope: auditScope(ctx), from, to: new Date(to.getTime() + 1), rows, close };
}

/** A PostgreSQL of the bench's own. */
export async function startServer() {
  const directory = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-query-"));
  chmodSync(directory, 0o711);
  const postgres = await startEmbeddedPostgres({ directory, database: "bench", durable: false });
  const stop = async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true });
  };
  return { url: postgres.url, stop };
}

async function fill(pool: pg.Pool, { rows, days }: { rows: number; days: number }): Promise<void> {
  const to = Date.now();
  await storeEntries(pool, generateEntries({ count: rows, from: to - days * 86_400_000, to }), 1_000);
  await pool.query("VACUUM ANALYZE");
}

/** The median of some runs, in milliseconds; `note` says something of the answer. */
export async function report<T>(
  name: string,
  run: () => Promise<T>,
  note: (answer: T) => string = () => "",
): Promise<void> {
  const times: number[] = [];
  let answer = await run();
  for (let i = 0; i < 7; i++) {
    const before = performance.now();
    answer = await run();
    times.push(performance.now() - before);
  }
  const median = times.sort((a, b) => a - b)[3]!;
  console.log(`${name.padEnd(58)} ${median.toFixed(1).padStart(8)} ms  ${note(answer)}`);
}
