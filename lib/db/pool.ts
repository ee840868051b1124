import pg from "pg";
import { log } from "../log.ts";

// A Postgres bigint (numbers of entries, byte counts) fits a JavaScript number up to 2^53, which no ledger reaches.
pg.types.setTypeParser(pg.types.builtins.INT8, (value) => Number(value));

/** Opens a pool for SQL of the project's own: the audit tables, LISTEN, migrations. Sizes are connections. */
export function createPool(url: string, options: { max?: number; applicationName?: string } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "kubewitness",
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // An idle connection that breaks (PostgreSQL restarts) would end the process; the next query opens another.
  pool.on("error", ({ message }) => log.warn({ reason: message }, "database: an idle connection broke"));
  return pool;
}

/**
 * Runs `work` on one connection. While it is out of its pool, nobody else listens for its breaking, which would end the process. A
 * connection on which `work` failed is closed: what state it is in cannot be told.
 */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // The query under way rejects by itself.
  const ignore = () => undefined;
  client.on("error", ignore);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.release(failed);
    // A broken connection can report once more while it is being closed.
    if (!failed) client.removeListener("error", ignore);
  }
}
