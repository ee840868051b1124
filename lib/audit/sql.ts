import type pg from "pg";
import type { Transaction } from "../db/client.ts";

/** Runs one statement on whatever carries the transaction and answers its rows. */
export type RunSql = <Row>(text: string, parameters: unknown[]) => Promise<Row[]>;

/** Statements of `client` (or of a pool, each in a transaction of its own). */
export function onPostgres(client: Pick<pg.PoolClient, "query">): RunSql {
  return async <Row>(text: string, parameters: unknown[]) =>
    (await client.query(text, parameters)).rows as Row[];
}

/** Statements in a Prisma transaction. */
export function onPrisma(tx: Transaction): RunSql {
  return <Row>(text: string, parameters: unknown[]) => tx.$queryRawUnsafe<Row[]>(text, ...parameters);
}
