import pg from "pg";
import { log } from "../log.ts";

// A Postgres bigint (numbers of entries, byte counts) fits a JavaScript number up to 2^53, which no ledger reaches.
pg.types.setTypeParser(pg.types.builtins.INT8, (value) => Number(value));

export interface PoolOptions {
  max?: number;
  /** As PostgreSQL lists its connections (pg_stat_activity). */
  applicationName?: string;
  /** Longest that a statement may take, milliseconds; for ever where it is left out. */
  statementMs?: number;
  /** Longest that its answer may take to come where the server is silent, milliseconds: a connection that is gone without a word is noticed so. */
  answerMs?: number;
  /** Longest that connecting, and waiting for a free connection, may take, milliseconds. */
  connectMs?: number;
}

/** Opens a pool for SQL of the project's own: the audit tables, LISTEN, migrations. Sizes are connections. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "kubewitness",
    statement_timeout: options.statementMs,
    query_timeout: options.answerMs,
    connectionTimeoutMillis: options.connectMs ?? 5_000,
    keepAlive: true,
    // A peer that is gone without a word is noticed within half a minute, and not after the two hours that systems wait.
    keepAliveInitialDelayMillis: 15_000,
  });
  // A connection that breaks (PostgreSQL restarts) would end the process, unless somebody listens: of idle ones the pool tells, of
  // those in use the query under way, which rejects.
  pool.on("error", ({ message }) => log.warn({ reason: message }, "database: an idle connection broke"));
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Whether every connection is in use: whoever waited in vain for one was not kept from the database but by others. */
export function isBusy(pool: pg.Pool): boolean {
  return pool.totalCount >= pool.options.max && pool.idleCount === 0;
}

/** Runs `work` on one connection. Where it fails, the connection is closed: what state it is in cannot be told. */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}
