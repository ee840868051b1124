import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { AppError } from "../errors.ts";

interface Migration {
  name: string;
  sql: string;
  /** As Prisma computes it: SHA-256 of the file, in hex. */
  checksum: string;
}

interface Applied {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

const MIGRATIONS = path.resolve(import.meta.dirname, "../../prisma/migrations");
/** Prisma's own advisory lock, so that its command line and this runner exclude each other. */
const PRISMA_LOCK = 72_707_369;

/** Prisma's table to the letter: `prisma migrate status` agrees with what is recorded here. */
const CREATE_TABLE = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

/**
 * Applies the migrations that the database lacks, in order, each in one transaction; resolves with their names. Replicas
 * that start together wait for one another. Prisma's own runner would download a native engine.
 *
 * Throws an {@link AppError} (`conflict`) where the database has a migration that this version does not know, or one whose
 * file has changed since, or one that Prisma's command line left unfinished.
 */
export async function migrateDatabase(url: string, directory = MIGRATIONS): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "kubewitness migrations" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [PRISMA_LOCK]);
    await client.query("set client_min_messages = warning");
    await client.query(CREATE_TABLE);
    const missing = missingMigrations(readMigrations(directory), await readApplied(client));
    for (const migration of missing) await applyMigration(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    // Ending the session releases the lock.
    await client.end();
  }
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((name) => existsSync(path.join(directory, name, "migration.sql")))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const result = await client.query<Applied>(
    "select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null",
  );
  return result.rows;
}

function missingMigrations(known: Migration[], applied: Applied[]): Migration[] {
  for (const row of applied) {
    const migration = known.find(({ name }) => name === row.migration_name);
    const problem = problemOf(row, migration);
    if (problem) throw new AppError("conflict", `The database's migration ${row.migration_name} ${problem}`);
  }
  const names = new Set(applied.map((row) => row.migration_name));
  return known.filter(({ name }) => !names.has(name));
}

function problemOf(row: Applied, migration: Migration | undefined): string | undefined {
  if (!migration) return "is not known to this version: start the version that made it, or a newer one.";
  if (!row.finished_at)
    return "was not finished: mend the database, then mark it with `prisma migrate resolve`.";
  if (row.checksum !== migration.checksum) {
    return "differs from the file of that name: restore the file; a change needs a migration of its own.";
  }
  return undefined;
}

async function applyMigration(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("internal", `The migration ${name} failed, nothing of it was kept: ${reason}`, {
      cause: error,
    });
  }
}
