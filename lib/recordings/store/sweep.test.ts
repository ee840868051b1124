import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { onPostgres } from "../../audit/store/sql.ts";
import { openStore, type RecordingStore } from "./recording-store.ts";
import { Sweep, type SweepOptions } from "./sweep.ts";
import { testChunks, testEnd, testSession } from "./testing/recorded.ts";
import { storeConfig } from "./testing/store.ts";
import { verifyRecording } from "./verify-recording.ts";

let db: TestDatabase;
const open: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
  await db.pool.query("DELETE FROM recording_running");
});
afterAll(() => db.close());

function newStore(): RecordingStore {
  const store = openStore(storeConfig(db.url));
  open.push(store);
  return store;
}
/** Looks only when it is asked to. */
function newSweep(options: Partial<SweepOptions> = {}): Sweep {
  const sweep = new Sweep({ pool: db.pool, archive: false, everyMs: 3_600_000, silentMs: 0.001, ...options });
  open.push(sweep);
  return sweep;
}
const rows = (sql: string, ...parameters: unknown[]) =>
  onPostgres(db.pool)<Record<string, unknown>>(sql, parameters);

/** As a process that was killed leaves it: its row among the owners, and no more of it. */
async function abandoned(shown: readonly string[]) {
  const session = testSession();
  const chunks = testChunks(session, shown);
  const store = newStore();
  await store.begin(session);
  for (const chunk of chunks) await store.append(chunk);
  return { session, chunks, store };
}
const owner = async (recordingId: string) =>
  (await rows("SELECT owner FROM recording_running WHERE recording_id = $1", recordingId))[0]!.owner;
/** A heartbeat that stands still: that of a process of which nobody hears. */
async function silence(recordingId: string) {
  await rows(
    "UPDATE recording_running SET owner = gen_random_uuid() WHERE recording_id = $1 RETURNING owner",
    recordingId,
  );
  await rows("INSERT INTO recording_owner VALUES ($1, now())", await owner(recordingId));
}

test("what a dead process left is closed as interrupted, with what there is of it, and to be prepared for playback", async () => {
  const { session, chunks } = await abandoned(["a", "bc", "def"]);
  await silence(session.recordingId);
  const sweep = newSweep();
  await sweep.runOnce();
  await sweep.runOnce();
  const [row] = await rows("SELECT * FROM recording WHERE recording_id = $1", session.recordingId);
  expect(row).toMatchObject({
    ending: 4,
    result: 0,
    chunks: 3,
    output_bytes: 6,
    stored_bytes: chunks.reduce((sum, { data }) => sum + data.length, 0),
    duration_ms: 300,
    ended_at: new Date(session.startedAt + 300),
    last_hash: chunks[2]!.hash.toString("hex"),
    message: expect.stringContaining("may be missing"),
  });
  expect(
    await rows("SELECT 1 FROM recording_render WHERE recording_id = $1", session.recordingId),
  ).toHaveLength(1);
  expect(await verifyRecording(session, { pool: db.pool, config: storeConfig(db.url) })).toEqual({
    chunks: 3,
    lastHash: chunks[2]!.hash,
    problem: null,
  });
});

test("of a session that had shown nothing, the row says so", async () => {
  const { session } = await abandoned([]);
  await silence(session.recordingId);
  const sweep = newSweep();
  await sweep.runOnce();
  await sweep.runOnce();
  const [row] = await rows(
    "SELECT chunks, duration_ms FROM recording WHERE recording_id = $1",
    session.recordingId,
  );
  expect(row).toEqual({ chunks: 0, duration_ms: 0 });
});

test("an owner that is silent for less than the time is left alone, and one that is heard of again, too", async () => {
  const { session } = await abandoned(["a"]);
  await silence(session.recordingId);
  const sweep = newSweep({ silentMs: 3_600_000 });
  await sweep.runOnce();
  await sweep.runOnce();
  expect(await rows("SELECT 1 FROM recording_running")).toHaveLength(1);
  const patient = newSweep();
  await patient.runOnce();
  await rows(
    "UPDATE recording_owner SET seen_at = seen_at + interval '1 s' WHERE owner = $1",
    await owner(session.recordingId),
  );
  // What it saw before is of no weight; from now on it is silent again.
  await patient.runOnce();
  const [{ count }] = (await rows(
    "SELECT count(*)::int FROM recording WHERE recording_id = $1",
    session.recordingId,
  )) as [{ count: number }];
  expect(count).toBe(0);
});

test("after a pause in which nothing could be looked at, silence counts anew", async () => {
  const { session } = await abandoned(["a"]);
  await silence(session.recordingId);
  const sweep = newSweep({ longestGapMs: 0 });
  for (let look = 0; look < 5; look++) await sweep.runOnce();
  expect(
    await rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId),
  ).toHaveLength(1);
});

test("where nothing can be written, nobody counts as silent", async () => {
  const { session } = await abandoned(["a"]);
  await silence(session.recordingId);
  const sweep = newSweep();
  await db.pool.query("ALTER TABLE recording_owner ADD CONSTRAINT no_room CHECK (false) NOT VALID");
  for (let look = 0; look < 3; look++) await sweep.runOnce();
  await db.pool.query("ALTER TABLE recording_owner DROP CONSTRAINT no_room");
  expect(
    await rows("SELECT 1 FROM recording_running WHERE recording_id = $1", session.recordingId),
  ).toHaveLength(1);
});

test("what a process gave up is closed at once, by one of two sweeps", async () => {
  const { session, store } = await abandoned(["a", "b"]);
  open.splice(open.indexOf(store), 1);
  await store.stop();
  const sweeps = [newSweep({ silentMs: 3_600_000 }), newSweep({ silentMs: 3_600_000 })];
  await Promise.all(sweeps.map((sweep) => sweep.runOnce()));
  expect(await rows("SELECT ending FROM recording WHERE recording_id = $1", session.recordingId)).toEqual([
    { ending: 4 },
  ]);
});

test("a process whose recording was closed by mistake is told so, and its end changes nothing", async () => {
  const { session, chunks, store } = await abandoned(["a"]);
  await rows(
    "UPDATE recording_running SET owner = '00000000-0000-0000-0000-000000000000' WHERE recording_id = $1",
    session.recordingId,
  );
  await newSweep().runOnce();
  const more = testChunks(session, ["a", "b"]);
  await expect(store.append(more[1]!)).rejects.toMatchObject({ code: "conflict" });
  await store.finish(testEnd(session, more));
  expect(
    await rows("SELECT chunks, ending FROM recording WHERE recording_id = $1", session.recordingId),
  ).toEqual([{ chunks: chunks.length, ending: 4 }]);
});

test("those that cannot be read keep the others from nothing, however many they are", async () => {
  const { session } = await abandoned(["a"]);
  await silence(session.recordingId);
  await rows(
    "INSERT INTO recording_running SELECT gen_random_uuid(), '2020-01-01', gen_random_uuid(), '{}' FROM generate_series(1, 250)",
  );
  const sweep = newSweep();
  await sweep.runOnce();
  await sweep.runOnce();
  expect(await rows("SELECT 1 FROM recording WHERE recording_id = $1", session.recordingId)).toHaveLength(1);
});
