import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { createDatabase, type Database } from "./client.ts";
import { explainOutage } from "./outage.ts";
import { createPool } from "./pool.ts";

let test: TestDatabase;
let admin: pg.Client;
let db: Database;
let pool: pg.Pool;

beforeAll(async () => {
  test = await createTestDatabase();
  admin = new pg.Client({ connectionString: test.url });
  await admin.connect();
  db = createDatabase(test.url);
  pool = createPool(test.url);
});
afterAll(async () => {
  await Promise.all([admin.end(), db.$disconnect(), pool.end()]);
  await test.close();
});

/** As a restart of PostgreSQL does to everybody. */
const endEveryConnection = () =>
  admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error) => error,
  );

async function expectOutage(work: Promise<unknown>) {
  expect(explainOutage(await errorOf(work))).toMatchObject({
    name: "AppError",
    code: "unavailable",
    httpStatus: 503,
    message: expect.stringContaining("The database cannot be reached."),
    retryAfterSeconds: 5,
  });
}

it("is told of a database that is not there, to Prisma and to SQL of our own", async () => {
  const elsewhere = (host: string) => test.url.replace(/@[^/]+\//, `@${host}/`);
  for (const url of [elsewhere("127.0.0.1:1"), elsewhere("no-such-host.invalid:5432")]) {
    const away = { db: createDatabase(url), pool: createPool(url) };
    await expectOutage(away.db.user.count());
    await expectOutage(away.db.$transaction((tx) => tx.user.count()));
    await expectOutage(away.db.$queryRaw`SELECT 1`);
    await expectOutage(away.pool.query("SELECT 1"));
    await Promise.all([away.db.$disconnect(), away.pool.end()]);
  }
});

it("is told of a connection that ends under a query", async () => {
  for (const sleep of [
    () => db.$queryRaw`SELECT pg_sleep(60)::text`,
    () => pool.query("SELECT pg_sleep(60)"),
  ]) {
    const outage = expectOutage(sleep() as Promise<unknown>);
    await expect
      .poll(
        async () =>
          (
            await admin.query(
              "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
            )
          ).rowCount,
      )
      .toBe(1);
    await endEveryConnection();
    await outage;
  }
});

it("is told of a connection that ended within a transaction", async () => {
  await expectOutage(
    db.$transaction(async (tx) => {
      await tx.user.count();
      await endEveryConnection();
      await tx.user.count();
    }),
  );
  const client = await pool.connect();
  await endEveryConnection();
  await expectOutage(client.query("SELECT 1"));
  client.release(true);
});

it("leaves every other error alone", async () => {
  const errors = [
    await errorOf(pool.query("SELECT * FROM no_such_table")),
    await errorOf(db.$queryRaw`SELECT * FROM no_such_table`),
    await errorOf(db.user.findFirstOrThrow({ where: { email: "nobody@acme.example" } })),
    await errorOf(fetch("http://127.0.0.1:1")),
    new Error("a defect"),
    "a string",
  ];
  for (const error of errors) expect(explainOutage(error)).toBe(error);
});
