import { randomBytes } from "node:crypto";
import type pg from "pg";
import { inject } from "vitest";
import { createDatabase, type Database } from "../lib/db/client.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { createPool } from "../lib/db/pool.ts";
import { runStatement } from "./run-statement.ts";

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  prisma: Database;
  /** Closes the connections and drops the database. */
  close(): Promise<void>;
}

/**
 * Makes a migrated, empty database for one test file and connects the process to it, so that the house's own functions
 * use it (`database()`, `pool()`). A second one in the same file, or one for another process: `{ connect: false }`.
 */
export async function createTestDatabase({ connect = true } = {}): Promise<TestDatabase> {
  const { url: serverUrl, template } = inject("postgres");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await runStatement(serverUrl, `create database "${name}" template "${template}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const connection = connect ? connectProcess(url.href) : connectAlone(url.href);
  const close = async () => {
    await connection.close();
    await runStatement(serverUrl, `drop database "${name}" with (force)`);
  };
  return { url: url.href, pool: connection.pool, prisma: connection.db, close };
}

function connectProcess(url: string) {
  const { db, pool } = connectDatabase(url);
  return { db, pool, close: disconnectDatabase };
}

function connectAlone(url: string) {
  const db = createDatabase(url);
  const pool = createPool(url);
  const close = async () => {
    await Promise.all([db.$disconnect(), pool.end()]);
  };
  return { db, pool, close };
}
