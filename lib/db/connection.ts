import type pg from "pg";
import { createDatabase, type Database } from "./client.ts";
import { createPool } from "./pool.ts";

interface Connection {
  db: Database;
  pool: pg.Pool;
  gatewayPool: pg.Pool;
  url: string;
}

/** How many connections each pool may have; what they are for: docs/operations.md. */
interface ConnectionCounts {
  gateway: number;
  changes: number;
  console: number;
}

const DEFAULT_COUNTS: ConnectionCounts = { gateway: 6, changes: 8, console: 10 };
/** Who calls is one row by its key: what takes longer waits for a lock, and keeps others out. */
const GATEWAY_STATEMENT_MS = 10_000;

// server.ts and Next load copies of this module; globalThis is what they share.
const shared = globalThis as typeof globalThis & { kubewitnessConnection?: Connection };

/** Connects the process to its database. Called once, by the composition root (or a test). */
export function connectDatabase(url: string, counts = DEFAULT_COUNTS): Connection {
  if (shared.kubewitnessConnection) throw new Error("connectDatabase: this process is connected already");
  shared.kubewitnessConnection = {
    url,
    db: createDatabase(url, counts.changes),
    pool: createPool(url, { max: counts.console, applicationName: "kubewitness console" }),
    gatewayPool: createPool(url, {
      max: counts.gateway,
      applicationName: "kubewitness gateway",
      statementMs: GATEWAY_STATEMENT_MS,
    }),
  };
  return shared.kubewitnessConnection;
}

function connection(): Connection {
  if (!shared.kubewitnessConnection) throw new Error("the database is used before connectDatabase()");
  return shared.kubewitnessConnection;
}

/** The process's Prisma client: what is changed and listed, signing in among it. */
export const database = (): Database => connection().db;
/** The process's pool for reading the record. Nothing that a call or a sign-in waits for may use it: reads may take long. */
export const pool = (): pg.Pool => connection().pool;
/** The process's pool for who calls and what they may: short statements alone. */
export const gatewayPool = (): pg.Pool => connection().gatewayPool;
/** For connections that must be their own (LISTEN, cursors). */
export const databaseUrl = (): string => connection().url;

/** Closes all; in-flight queries finish first. */
export async function disconnectDatabase(): Promise<void> {
  const open = shared.kubewitnessConnection;
  delete shared.kubewitnessConnection;
  await Promise.all([open?.db.$disconnect(), open?.pool.end(), open?.gatewayPool.end()]);
}
