import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { acquireProcessLock, LockHeldError } from "../../lib/locks/process-lock.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../scripts/postgres/embedded-postgres.ts";
import { endOrphanedPostmaster } from "../../scripts/postgres/postmaster-pid.ts";
import { runStatement } from "../run-statement.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A connection string whose user may create databases, and the migrated database to copy. */
    postgres: { url: string; template: string };
  }
}

const FOLDER_PREFIX = "kubewitness-test-postgres-";

/** Gives the run a PostgreSQL of its own, or uses TEST_DATABASE_URL, and migrates a template database once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.TEST_DATABASE_URL ? undefined : await startOwnServer();
  const url = process.env.TEST_DATABASE_URL ?? own!.server.url;
  const template = `kubewitness_template_${process.pid}`;
  await runStatement(url, `create database "${template}"`);
  await migrateDatabase(databaseUrl(url, template));
  project.provide("postgres", { url, template });
  return async () => {
    if (!own) return runStatement(url, `drop database "${template}" with (force)`);
    await own.server.stop();
    rmSync(own.directory, { recursive: true, force: true });
  };
}

async function startOwnServer(): Promise<{ server: EmbeddedPostgres; directory: string }> {
  await removeAbandonedServers();
  const directory = mkdtempSync(path.join(tmpdir(), FOLDER_PREFIX));
  // Where root runs PostgreSQL as nobody, nobody must be able to reach it.
  chmodSync(directory, 0o711);
  const server = await startEmbeddedPostgres({ directory, database: "postgres", durable: false });
  return { server, directory };
}

/** A run that was killed could not tidy up; another that is still going holds its lock. */
async function removeAbandonedServers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const directory = path.join(tmpdir(), name);
    if (!existsSync(path.join(directory, "lock")) || !takeLock(path.join(directory, "lock"))) continue;
    await endOrphanedPostmaster(path.join(directory, "pgdata"));
    rmSync(directory, { recursive: true, force: true });
  }
}

function takeLock(file: string): boolean {
  try {
    acquireProcessLock(file);
    return true;
  } catch (error) {
    // Another run's, or another user's.
    if (error instanceof LockHeldError || (error as NodeJS.ErrnoException).code === "EACCES") return false;
    throw error;
  }
}

function databaseUrl(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${database}`;
  return result.href;
}
