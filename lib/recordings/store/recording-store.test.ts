import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { onPostgres } from "../../audit/store/sql.ts";
import { openStore, type RecordingStore } from "./recording-store.ts";
import { testChunks, testEnd, testSession } from "./testing/recorded.ts";
import { record, storeConfig } from "./testing/store.ts";

let db: TestDatabase;
let store: RecordingStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = openStore(storeConfig(db.url));
});
afterAll(async () => {
  await store.stop();
  await db.close();
});

const rows = (sql: string, ...parameters: unknown[]) =>
  onPostgres(db.pool)<Record<string, unknown>>(sql, parameters);

test("a session is among the running ones from its start, has its row at its end, and is to be prepared for playback", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["hello", "world"]);
  await store.begin(session);
  expect(await rows("SELECT entry->>'pod' AS pod FROM recording_running")).toEqual([{ pod: "api-0" }]);
  for (const chunk of chunks) await store.append(chunk);
  await store.finish(testEnd(session, chunks, { ending: "disconnected", exitCode: 137 }));
  expect(await rows("SELECT * FROM recording_running")).toEqual([]);
  expect(await rows("SELECT recording_id, attempts FROM recording_render")).toEqual([
    { recording_id: session.recordingId, attempts: 0 },
  ]);
  const [row] = await rows(
    `SELECT r.*, a.email, c.name AS cluster, n.value AS namespace, o.value AS role FROM recording r JOIN audit_actor a ON a.id = actor_id
     JOIN audit_cluster c ON c.id = r.cluster_id JOIN audit_dictionary n ON n.id = namespace_id JOIN audit_dictionary o ON o.id = role_id`,
  );
  expect(row).toMatchObject({
    recording_id: session.recordingId,
    call_id: session.callId,
    email: "alice@example.com",
    cluster: "prod",
    namespace: "payments",
    role: "operator",
    pod: "api-0",
    started_at: new Date(session.startedAt),
    duration_ms: 60_000,
    output_bytes: 10,
    stored_bytes: chunks[0]!.data.length + chunks[1]!.data.length,
    chunks: 2,
    last_hash: chunks[1]!.hash.toString("hex"),
    ending: 1,
    result: 1,
    exit_code: 137,
    tty: 1,
    input_recorded: 0,
    commands: null,
  });
});

test("numbers are gap-free, and an end or a chunk that is told twice is there once", async () => {
  const [before] = await rows("SELECT last_no FROM audit_ledger WHERE stream = 'recording'");
  const { session, chunks } = await record(store, ["a"]);
  await store.finish(testEnd(session, chunks));
  await record(store, ["b"]);
  const numbers = await rows("SELECT no FROM recording WHERE no > $1 ORDER BY no", before!.last_no);
  expect(numbers.map(({ no }) => no)).toEqual([1, 2].map((n) => Number(before!.last_no) + n));
});

test("chunks of many sessions at once are all stored", async () => {
  const sessions = Array.from({ length: 40 }, () => testSession());
  await Promise.all(sessions.map((session) => store.begin(session)));
  const all = sessions.map((session) => testChunks(session, ["1", "2", "3"]));
  await Promise.all(
    all.map(async (chunks) => {
      for (const chunk of chunks) await store.append(chunk);
    }),
  );
  const stored = await rows(
    "SELECT count(*)::int AS chunks FROM recording_chunk WHERE recording_id = ANY ($1::uuid[])",
    sessions.map(({ recordingId }) => recordingId),
  );
  expect(stored).toEqual([{ chunks: 120 }]);
});

test("a chunk of a recording that another process closed is refused, and those beside it are taken", async () => {
  const [closed, open] = [testSession(), testSession()];
  await Promise.all([store.begin(closed), store.begin(open)]);
  await rows("DELETE FROM recording_running WHERE recording_id = $1", closed.recordingId);
  const [refused, taken] = await Promise.allSettled(
    [closed, open].map((session) => store.append(testChunks(session, ["x"])[0]!)),
  );
  expect(refused).toMatchObject({
    status: "rejected",
    reason: {
      code: "conflict",
      message: expect.stringContaining(`${closed.recordingId} was closed as interrupted`),
    },
  });
  expect(taken!.status).toBe("fulfilled");
  // Its end changes nothing.
  await store.finish(testEnd(closed, []));
  expect(await rows("SELECT no FROM recording WHERE recording_id = $1", closed.recordingId)).toEqual([]);
});

test("a chunk that PostgreSQL cannot take fails alone", async () => {
  const [bad, good] = [testSession(), testSession()];
  await Promise.all([store.begin(bad), store.begin(good)]);
  const [refused, taken] = await Promise.allSettled([
    store.append({ ...testChunks(bad, ["x"])[0]!, outputBytes: 2 ** 40 }),
    store.append(testChunks(good, ["x"])[0]!),
  ]);
  expect(refused).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
  expect(taken!.status).toBe("fulfilled");
});

test("a chunk whose commit was not confirmed belongs to the recording", async () => {
  const session = testSession();
  const chunks = testChunks(session, ["a", "b"]);
  await store.begin(session);
  for (const chunk of chunks) await store.append(chunk);
  await store.finish(testEnd(session, chunks.slice(0, 1)));
  const [row] = await rows(
    "SELECT chunks, output_bytes, last_hash FROM recording WHERE recording_id = $1",
    session.recordingId,
  );
  expect(row).toEqual({ chunks: 2, output_bytes: 2, last_hash: chunks[1]!.hash.toString("hex") });
});

test("a process that ends leaves what it had to whoever closes it, and is no owner any more", async () => {
  const other = openStore(storeConfig(db.url));
  const session = testSession({ recordingId: randomUUID() });
  await other.begin(session);
  const [{ owner }] = (await rows(
    "SELECT owner FROM recording_running WHERE recording_id = $1",
    session.recordingId,
  )) as [{ owner: string }];
  expect(await rows("SELECT owner FROM recording_owner WHERE owner = $1", owner)).toHaveLength(1);
  await other.stop();
  expect(await rows("SELECT owner FROM recording_owner WHERE owner = $1", owner)).toEqual([]);
  expect(
    await rows("SELECT owner FROM recording_running WHERE recording_id = $1", session.recordingId),
  ).toEqual([{ owner: "00000000-0000-0000-0000-000000000000" }]);
});
