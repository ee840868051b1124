import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runStatement } from "../../../test/run-statement.ts";
import { migrateDatabase } from "../../db/migrate.ts";

const name = `test_${randomBytes(8).toString("hex")}`;
const MIGRATION = "20261129300000_recording_text_search";
const MIGRATIONS = path.resolve(import.meta.dirname, "../../../prisma/migrations");
const before = mkdtempSync(path.join(tmpdir(), "kubewitness-migrations-"));
const { url: serverUrl } = inject("postgres");

function urlOf(user: string | null): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  if (user) Object.assign(url, { username: user, password: user });
  return url.href;
}

beforeAll(async () => {
  await runStatement(serverUrl, `create database "${name}"`);
  await runStatement(serverUrl, `create role "${name}" login password '${name}'`);
  await runStatement(serverUrl, `grant create on database "${name}" to "${name}"`);
  await runStatement(urlOf(null), `grant usage, create on schema public to "${name}"`);
  // A database of the version before.
  cpSync(MIGRATIONS, before, {
    recursive: true,
    filter: (source) => path.basename(source) < `${MIGRATION}` || !/^\d{14}_/.test(path.basename(source)),
  });
  await migrateDatabase(urlOf(name), before);
  await runStatement(serverUrl, `revoke create on database "${name}" from "${name}"`);
});
afterAll(async () => {
  await runStatement(serverUrl, `drop database "${name}" with (force)`);
  await runStatement(serverUrl, `drop role "${name}"`);
  rmSync(before, { recursive: true });
});

test("a database whose user may not make the extension says who has to do what, and nothing is half there", async () => {
  await expect(migrateDatabase(urlOf(name))).rejects.toThrow(
    /pg_trgm, which this database's user may not make here .*Have an administrator of the database run CREATE EXTENSION pg_trgm/,
  );
  await runStatement(urlOf(null), "create extension pg_trgm");
  expect(await migrateDatabase(urlOf(name))).toContain(MIGRATION);
  const client = new pg.Client({ connectionString: urlOf(name) });
  await client.connect();
  const { rows } = await client.query(
    "SELECT indexdef FROM pg_indexes WHERE indexname = 'recording_text_text_idx'",
  );
  await client.end();
  expect(rows[0].indexdef).toContain("gin_trgm_ops");
});
