import { randomBytes } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import type { RecordingKey, RecordingReader } from "../recording-reader.ts";
import { BrokenRecording } from "./broken-recording.ts";
import type { Chunk } from "./chunk.ts";
import { readChunks } from "./read-chunks.ts";
import { openStore, type RecordingStore } from "./recording-store.ts";
import { testChunks, testSession } from "./testing/recorded.ts";
import { record, storeConfig } from "./testing/store.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const SHOWN = Array.from({ length: 70 }, (_, index) => `line ${index}\r\n`);

/** What was read before it broke, and how it broke. */
async function read(key: RecordingKey, reader: RecordingReader, afterSeq?: number) {
  const read: Chunk[] = [];
  try {
    for await (const chunk of readChunks({ ...key, afterSeq }, reader)) read.push(chunk);
  } catch (error) {
    if (!(error instanceof BrokenRecording)) throw error;
    return { read, broken: { seq: error.seq, problem: error.problem } };
  }
  return { read, broken: null };
}

describe.each([false, true])("sealed: %s", (seal) => {
  let store: RecordingStore;
  let reader: RecordingReader;
  beforeAll(() => {
    const config = storeConfig(db.url, { seal });
    store = openStore(config);
    reader = { pool: db.pool, config };
  });
  afterAll(() => store.stop());

  const sql = (text: string, key: RecordingKey) => db.pool.query(text, [key.recordingId]);

  test("is read as it was written, from the start and after any piece", async () => {
    const { session, chunks } = await record(store, SHOWN);
    expect(await read(session, reader)).toEqual({ read: chunks, broken: null });
    expect(await read(session, reader, 33)).toEqual({ read: chunks.slice(34), broken: null });
    expect(await read(session, reader, 69)).toEqual({ read: [], broken: null });
  });

  test("lies in the database sealed or not", async () => {
    const { session, chunks } = await record(store, ["hello"]);
    const { rows } = await sql("SELECT data FROM recording_chunk WHERE recording_id = $1", session);
    expect(rows[0].data.equals(chunks[0]!.data)).toBe(!seal);
    if (seal) expect(rows[0].data.includes(chunks[0]!.data.subarray(0, 4))).toBe(false);
    else expect(zstdDecompressSync(rows[0].data).toString()).toContain("hello");
  });

  test("of a session that runs, what is there is read, and what comes after it from there", async () => {
    const session = testSession();
    const chunks = testChunks(session, SHOWN);
    await store.begin(session);
    for (const chunk of chunks.slice(0, 40)) await store.append(chunk);
    expect(await read(session, reader)).toEqual({ read: chunks.slice(0, 40), broken: null });
    for (const chunk of chunks.slice(40)) await store.append(chunk);
    expect(await read(session, reader, 39)).toEqual({ read: chunks.slice(40), broken: null });
  });

  const flip = "set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1)";
  const IN = "FROM recording_chunk WHERE recording_id = $1";
  const WHERE = "WHERE recording_id = $1";
  test.each([
    [
      "a changed byte",
      `UPDATE recording_chunk SET data = ${flip} ${WHERE} AND seq = 40`,
      40,
      seal ? /cannot be opened/ : /was changed/,
    ],
    [
      "a changed hash",
      `UPDATE recording_chunk SET hash = sha256('x') ${WHERE} AND seq = 3`,
      3,
      /was changed/,
    ],
    ["a changed time", `UPDATE recording_chunk SET to_ms = to_ms + 1 ${WHERE} AND seq = 5`, 5, /was changed/],
    ["the first piece gone", `DELETE ${IN} AND seq = 0`, 0, /is missing/],
    ["a piece gone", `DELETE ${IN} AND seq = 32`, 32, /is missing/],
    ["the last piece gone", `DELETE ${IN} AND seq = 69`, 69, /is missing/],
    ["all pieces gone", `DELETE ${IN}`, 0, /is missing/],
    ["the data gone", `UPDATE recording_chunk SET data = NULL ${WHERE} AND seq = 7`, 7, /has lost its data/],
    [
      "another end in its row",
      `UPDATE recording SET last_hash = repeat('0', 64) ${WHERE}`,
      69,
      /is not the one/,
    ],
    ["fewer pieces in its row", `UPDATE recording SET chunks = 69 ${WHERE}`, 69, /was added/],
  ])("%s is named, and what came before it is played", async (_, change, seq, problem) => {
    const { session, chunks } = await record(store, SHOWN);
    await sql(change, session);
    const { read: got, broken } = await read(session, reader);
    expect(broken).toEqual({ seq, problem: expect.stringMatching(problem) });
    expect(got).toEqual(chunks.slice(0, Math.min(got.length, seq + 1)));
    expect(got.length).toBeGreaterThanOrEqual(seq);
  });

  test("two pieces that changed places, and a piece of another recording, are named", async () => {
    const [first, second] = [await record(store, SHOWN), await record(store, SHOWN)];
    await sql("UPDATE recording_chunk SET seq = 1000 WHERE recording_id = $1 AND seq = 4", first.session);
    await sql("UPDATE recording_chunk SET seq = 4 WHERE recording_id = $1 AND seq = 5", first.session);
    await sql("UPDATE recording_chunk SET seq = 5 WHERE recording_id = $1 AND seq = 1000", first.session);
    expect((await read(first.session, reader)).broken?.seq).toBe(4);
    await db.pool.query(
      `UPDATE recording_chunk mine SET data = other.data, hash = other.hash FROM recording_chunk other
       WHERE mine.recording_id = $1 AND other.recording_id = $2 AND mine.seq = other.seq`,
      [second.session.recordingId, first.session.recordingId],
    );
    expect((await read(second.session, reader)).broken?.seq).toBe(0);
  });
});

test("what was sealed is opened whatever the setting is now, and with no other key", async () => {
  const config = storeConfig(db.url, { seal: true });
  const store = openStore(config);
  const { session, chunks } = await record(store, ["hello"]);
  await store.stop();
  const later = { ...config, recordings: { ...config.recordings, seal: false } };
  expect((await read(session, { pool: db.pool, config: later })).read).toEqual(chunks);
  const other = { ...config, encryption: { key: randomBytes(32), formerKeys: [] } };
  expect((await read(session, { pool: db.pool, config: other })).broken).toEqual({
    seq: 0,
    problem: expect.stringContaining("encryption.key is not the key that sealed it"),
  });
});
