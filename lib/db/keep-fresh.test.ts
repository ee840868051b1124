import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { keepFresh } from "./keep-fresh.ts";
import { startNotifications, stopNotifications } from "./notifications.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await startNotifications();
  await db.pool.query("create table numbers (n int not null)");
});
afterAll(async () => {
  await stopNotifications();
  await db.close();
});

const HIGHEST = "select coalesce(max(n), 0) as n from numbers";

test("a hundred changes, one after another, are a few loads, and the last one is known", async () => {
  const loaded: number[] = [];
  const began = performance.now();
  const highest = async () => (await db.pool.query<{ n: number }>(HIGHEST)).rows[0]?.n ?? 0;
  const fresh = await keepFresh({
    what: "the numbers",
    channel: "test_numbers",
    // The notifications alone.
    pollMs: 3_600_000,
    readFingerprint: async () => String(await highest()),
    load: async () => {
      loaded.push(await highest());
    },
  });
  // LISTEN is under way.
  while (loaded.length === 1) await db.pool.query("select pg_notify('test_numbers', '')");
  await db.pool.query(
    `do $$ begin
       for i in 1..100 loop
         insert into numbers values (i);
         perform pg_notify('test_numbers', i::text);
         commit;
         perform pg_sleep(0.01);
       end loop;
     end $$`,
  );
  await expect.poll(() => loaded.at(-1), { timeout: 15_000 }).toBe(100);
  await fresh.stop();
  // However slow the machine is: a tenth of a second passes from one to the next.
  expect(loaded.length).toBeLessThanOrEqual((performance.now() - began) / 100 + 1);
});
