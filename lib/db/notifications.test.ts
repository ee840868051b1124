import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { startNotifications, stopNotifications, subscribeNotifications } from "./notifications.ts";

let database: TestDatabase;
const CHANNEL = "notifications_test";
const received: string[] = [];
let connected = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  subscribeNotifications(CHANNEL, {
    onNotification: (payload) => received.push(payload),
    onConnected: () => {
      connected += 1;
    },
  });
  await startNotifications();
});
afterAll(async () => {
  await stopNotifications();
  await database.close();
});

const notify = (payload: string, channel = CHANNEL) =>
  database.pool.query("select pg_notify($1, $2)", [channel, payload]);

test("what is notified arrives, after its transaction has committed and not before", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query("select pg_notify($1, 'rolled back')", [CHANNEL]);
  await client.query("rollback");
  client.release();
  await notify("committed");
  await expect.poll(() => received).toContain("committed");
  expect(received).not.toContain("rolled back");
});

test("a channel that is subscribed to later is listened to, and no more once it is left", async () => {
  const seen: string[] = [];
  const stop = subscribeNotifications("later", { onNotification: (payload) => seen.push(payload) });
  await expect
    .poll(async () => {
      await notify("again", "later");
      return seen.length;
    })
    .toBeGreaterThan(0);
  stop();
  const before = seen.length;
  await notify("after", "later");
  await notify("marker");
  await expect.poll(() => received).toContain("marker");
  expect(seen).toHaveLength(before);
});

test("a subscriber that fails keeps nothing from the others, nor from what comes after", async () => {
  const fails = subscribeNotifications(CHANNEL, {
    onNotification: () => {
      throw new TypeError("a defect of one subscriber");
    },
  });
  const others: string[] = [];
  const other = subscribeNotifications(CHANNEL, { onNotification: (payload) => others.push(payload) });
  await notify("one");
  await notify("two");
  await expect.poll(() => others).toEqual(["one", "two"]);
  fails();
  other();
});

test("a connection that is lost comes back, and subscribers are told to look again", async () => {
  const before = connected;
  const end =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()";
  const { rowCount } = await database.pool.query(end, ["kubewitness listener"]);
  expect(rowCount).toBe(1);
  await expect.poll(() => connected).toBe(before + 1);
  await notify("after the loss");
  await expect.poll(() => received).toContain("after the loss");
});
