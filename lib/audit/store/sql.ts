import pg from "pg";
import type { Transaction } from "../../db/client.ts";

/** Runs one statement on whatever carries the transaction and answers its rows. */
export type RunSql = <Row>(text: string, parameters: unknown[]) => Promise<Row[]>;

/** Statements of `client` (or of a pool, each in a transaction of its own). */
export function onPostgres(client: Pick<pg.PoolClient, "query">): RunSql {
  return async <Row>(text: string, parameters: unknown[]) =>
    (await client.query(text, parameters)).rows as Row[];
}

/** A row's columns as texts, as PostgreSQL writes them. */
export type RawRow = readonly (string | null)[];

/** Runs one statement and hands each row over as it arrives, parsed no further; none is kept. */
export type RunRawSql = (text: string, parameters: unknown[], onRow: (row: RawRow) => void) => Promise<void>;

const asText = { getTypeParser: () => (value: string) => value };

/** Statements of `client` whose rows are many. */
export function onPostgresRaw(client: pg.PoolClient): RunRawSql {
  return async (text, values, onRow) => {
    const config: pg.QueryArrayConfig = { text, values, rowMode: "array", types: asText };
    const query = client.query(new pg.Query<(string | null)[]>(config));
    let failure: unknown;
    // What a listener throws would reach the socket, and nobody behind it.
    query.on("row", (row) => {
      try {
        if (failure === undefined) onRow(row);
      } catch (error) {
        failure = error;
      }
    });
    await new Promise<void>((resolve, reject) => {
      query.on("end", () => resolve());
      query.on("error", reject);
    });
    if (failure !== undefined) throw failure;
  };
}

/** Statements in a Prisma transaction. */
export function onPrisma(tx: Transaction): RunSql {
  return <Row>(text: string, parameters: unknown[]) => tx.$queryRawUnsafe<Row[]>(text, ...parameters);
}
