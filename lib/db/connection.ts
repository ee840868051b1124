import type pg from "pg";
import { createDatabase, type Database } from "./client.ts";
import { createPool } from "./pool.ts";

interface Connection {
  db: Database;
  pool: pg.Pool;
  url: string;
}

// server.ts and Next load copies of this module; globalThis is what they share.
const shared = globalThis as typeof globalThis & { kubewitnessConnection?: Connection };

/** Connects the process to its database. Called once, by the composition root (or a test). */
export function connectDatabase(url: string): Connection {
  if (shared.kubewitnessConnection) throw new Error("connectDatabase: this process is connected already");
  shared.kubewitnessConnection = { url, db: createDatabase(url), pool: createPool(url) };
  return shared.kubewitnessConnection;
}

function connection(): Connection {
  if (!shared.kubewitnessConnection) throw new Error("the database is used before connectDatabase()");
  return shared.kubewitnessConnection;
}

/** The process's Prisma client. */
export const database = (): Database => connection().db;
/** The process's pool for SQL of the project's own. */
export const pool = (): pg.Pool => connection().pool;
/** For connections that must be their own (LISTEN, cursors). */
export const databaseUrl = (): string => connection().url;

/** Closes both; in-flight queries finish first. */
export async function disconnectDatabase(): Promise<void> {
  const open = shared.kubewitnessConnection;
  delete shared.kubewitnessConnection;
  await Promise.all([open?.db.$disconnect(), open?.pool.end()]);
}
