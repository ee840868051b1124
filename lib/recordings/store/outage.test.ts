import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { onPostgres } from "../../audit/store/sql.ts";
import { createPool } from "../../db/pool.ts";
import type { RecordedSession } from "../recorded-session.ts";
import { openStore, type RecordingStore } from "./recording-store.ts";
import { Sweep } from "./sweep.ts";
import { type DatabaseProxy, startDatabaseProxy } from "./testing/database-proxy.ts";
import { testChunks, testEnd, testSession } from "./testing/recorded.ts";
import { storeConfig } from "./testing/store.ts";
import { verifyRecording } from "./verify-recording.ts";

let db: TestDatabase;
let proxy: DatabaseProxy;
let store: RecordingStore;
beforeAll(async () => {
  db = await createTestDatabase();
  proxy = await startDatabaseProxy(db.url);
});
beforeEach(() => {
  store = openStore(storeConfig(proxy.url));
});
afterEach(async () => {
  proxy.mend();
  await store.stop();
});
afterAll(async () => {
  await proxy.close();
  await db.close();
});

const rows = (sql: string, ...parameters: unknown[]) =>
  onPostgres(db.pool)<Record<string, unknown>>(sql, parameters);
const rowsOf = ({ recordingId }: RecordedSession) =>
  rows("SELECT ending, chunks FROM recording WHERE recording_id = $1", recordingId);
const verify = (session: RecordedSession) =>
  verifyRecording(session, { pool: db.pool, config: storeConfig(db.url) });

test("a short outage is waited for: what came meanwhile is stored when it is over", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["a", "b", "c"]);
  await store.begin(session);
  await store.append(chunks[0]!);
  proxy.cut();
  const meanwhile = chunks.slice(1).map((chunk) => store.append(chunk));
  await delay(300);
  proxy.mend();
  await Promise.all(meanwhile);
  await store.finish(testEnd(session, chunks));
  expect(await verify(session)).toMatchObject({ chunks: 3, problem: null });
});

test.each(["cut", "hang"] as const)(
  "a longer one (%s) fails what waits within its time, and what follows it, and the end is told once it is over",
  async (how) => {
    const session = testSession();
    const chunks = testChunks(session, ["a", "b", "c"]);
    await store.begin(session);
    await store.append(chunks[0]!);
    proxy[how]();
    await expect(store.append(chunks[1]!)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^The recording cannot go on: PostgreSQL did not take it within 4 s/),
    });
    const ended = store.finish(testEnd(session, chunks.slice(0, 1), { ending: "unrecorded" }));
    proxy.mend();
    await ended;
    // The last try of the second may have been on its way: then it belongs to the recording.
    const [row, ...others] = await rowsOf(session);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ ending: 5 });
    expect([1, 2]).toContain(row!.chunks);
    expect(await verify(session)).toMatchObject({ chunks: row!.chunks, problem: null });
  },
  30_000,
);

test("after one that was not taken, no later one is: there would be a gap", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["a", "b"]);
  await store.begin(session);
  const [first] = chunks;
  await expect(store.append({ ...first!, outputBytes: 2 ** 40 })).rejects.toMatchObject({
    code: "unavailable",
  });
  await expect(store.append(chunks[1]!)).rejects.toMatchObject({ code: "unavailable" });
  await store.finish(testEnd(session, []));
  expect(await rowsOf(session)).toEqual([{ ending: 0, chunks: 0 }]);
});

test("a session that cannot begin is refused, and nothing of it stays", async () => {
  proxy.cut();
  const session = testSession();
  await expect(store.begin(session)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("The recording cannot begin"),
  });
  expect(await rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId)).toEqual(
    [],
  );
});

test("an answer that was lost changes nothing: each piece, beginning and end is there once", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["a", "b"]);
  proxy.loseAnswerOf("INTO recording_running");
  await store.begin(session);
  proxy.loseAnswerOf(session.recordingId);
  for (const chunk of chunks) await store.append(chunk);
  proxy.loseAnswerOf("COMMIT");
  await store.finish(testEnd(session, chunks));
  expect(await rowsOf(session)).toEqual([{ ending: 0, chunks: 2 }]);
  expect(await rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId)).toEqual(
    [],
  );
  expect(await verify(session)).toMatchObject({ chunks: 2, problem: null });
  const [ledger] = await rows(
    "SELECT last_no = (SELECT count(*) FROM recording) AS gapless FROM audit_ledger WHERE stream = 'recording'",
  );
  expect(ledger).toEqual({ gapless: true });
});

test("a session whose beginning was not confirmed and was given up is taken back", async () => {
  const session = testSession();
  proxy.loseAnswerOf("INTO recording_running");
  // Nothing gets through after the one whose answer was lost.
  const beginning = store.begin(session);
  await expect
    .poll(() => rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId))
    .toHaveLength(1);
  proxy.cut();
  await beginning.catch(() => undefined);
  proxy.mend();
  // It may have been confirmed by a second try before the cut.
  store.forget(session.recordingId);
  await expect
    .poll(() => rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId))
    .toEqual([]);
});

test("an outage that the sweep sees too ends nobody's recording", async () => {
  const session = testSession();
  await store.begin(session);
  const pool = createPool(proxy.url, { max: 1, connectMs: 500 });
  // Silent for half a second is gone; the outage is longer.
  const sweep = new Sweep({ pool, archive: false, everyMs: 3_600_000, silentMs: 500, longestGapMs: 400 });
  await sweep.runOnce();
  proxy.cut();
  for (let look = 0; look < 6; look++) {
    await sweep.runOnce();
    await delay(100);
  }
  proxy.mend();
  await sweep.runOnce();
  await sweep.runOnce();
  const [chunk] = testChunks(session, ["a"]);
  await store.append(chunk!);
  expect(await rowsOf(session)).toEqual([]);
  await store.finish(testEnd(session, [chunk!]));
  await sweep.stop();
  await pool.end();
}, 40_000);

test("what could not be closed before the process ends is closed by a sweep", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["a"]);
  const ending = openStore(storeConfig(proxy.url));
  await ending.begin(session);
  await ending.append(chunks[0]!);
  proxy.cut();
  const finishing = ending.finish(testEnd(session, chunks));
  finishing.catch(() => undefined);
  await ending.stop();
  await expect(finishing).rejects.toThrow(/left as interrupted/);
  const sweep = new Sweep({ pool: db.pool, archive: false, everyMs: 3_600_000, silentMs: 0.001 });
  await sweep.runOnce();
  await sweep.runOnce();
  await sweep.stop();
  expect(await rowsOf(session)).toEqual([{ ending: 4, chunks: 1 }]);
}, 40_000);

test("a store that has stopped refuses what comes later at once, and does not try for minutes", async () => {
  const session = testSession();
  const stopped = openStore(storeConfig(db.url));
  await stopped.begin(session);
  await stopped.stop();
  await expect(stopped.finish(testEnd(session, []))).rejects.toThrow(/left as interrupted/);
  await expect(stopped.begin(testSession())).rejects.toThrow(/cannot begin/);
});
