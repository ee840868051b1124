import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { migrateDatabase } from "./migrate.ts";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../prisma/migrations");

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-migrations-"));
  cpSync(MIGRATIONS, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const addMigration = (name: string, sql: string) => {
  mkdirSync(path.join(directory, name));
  writeFileSync(path.join(directory, name, "migration.sql"), sql);
};

it("has nothing to do on a migrated database", async () => {
  expect(await migrateDatabase(database.url)).toEqual([]);
});

it("applies a new migration once, also when replicas start together", async () => {
  addMigration("29990101000000_once", "create table migrated_once (id int)");
  const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase(database.url, directory)));
  expect(applied.flat()).toEqual(["29990101000000_once"]);
  await database.pool.query("delete from _prisma_migrations where migration_name = '29990101000000_once'");
});

it("keeps nothing of a migration that fails", async () => {
  addMigration("29990102000000_broken", "create table half_done (id int); select * from no_such_table");
  await expect(migrateDatabase(database.url, directory)).rejects.toThrow(
    '29990102000000_broken failed, nothing of it was kept: relation "no_such_table" does not exist',
  );
  const left = await database.pool.query("select to_regclass('half_done') as name");
  expect(left.rows[0]).toEqual({ name: null });
});

it("refuses a database that a newer version migrated", async () => {
  addMigration("29990103000000_newer", "select 1");
  await migrateDatabase(database.url, directory);
  await expect(migrateDatabase(database.url)).rejects.toThrow(
    "29990103000000_newer is not known to this version",
  );
  await database.pool.query("delete from _prisma_migrations where migration_name = '29990103000000_newer'");
});

it("refuses a migration whose file was changed after it was applied", async () => {
  const [first] = (await database.pool.query("select migration_name from _prisma_migrations order by 1"))
    .rows;
  const file = path.join(directory, first.migration_name, "migration.sql");
  writeFileSync(file, `${readFileSync(file, "utf8")}\n-- changed\n`);
  await expect(migrateDatabase(database.url, directory)).rejects.toThrow(
    "differs from the file of that name",
  );
});
