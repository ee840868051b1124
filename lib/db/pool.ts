import pg from "pg";

// A Postgres bigint (numbers of entries, byte counts) fits a JavaScript number up to 2^53, which no ledger reaches.
pg.types.setTypeParser(pg.types.builtins.INT8, (value) => Number(value));

/** Opens a pool for SQL of the project's own: the audit tables, LISTEN, migrations. Sizes are connections. */
export function createPool(url: string, options: { max?: number; applicationName?: string } = {}): pg.Pool {
  return new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "kubewitness",
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
}
