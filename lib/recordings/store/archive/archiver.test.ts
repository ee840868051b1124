import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/database.ts";
import { onPostgres } from "../../../audit/store/sql.ts";
import type { Config } from "../../../config.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import type { Chunk } from "../chunk.ts";
import { readChunks } from "../read-chunks.ts";
import { readSegment } from "../read-segment.ts";
import { openStore } from "../recording-store.ts";
import { partSealing, sealPart } from "../sealed-part.ts";
import { S3_KEYS, type S3Server, startS3Server } from "../testing/s3-server.ts";
import { record, storeConfig } from "../testing/store.ts";
import { verifyRecording } from "../verify-recording.ts";
import { Archiver } from "./archiver.ts";

let db: TestDatabase;
let s3: S3Server;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  s3 = await startS3Server();
});
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-archive-"));
  s3.objects.clear();
  await db.pool.query("DELETE FROM recording_archive");
});
afterEach(() => {
  s3.failWith = null;
  s3.loses = 0;
  s3.knowsNoRanges = false;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await s3.close();
  await db.close();
});

type StoreConfig = ReturnType<typeof storeConfig>;
const places = (): Record<"directory" | "bucket", Partial<Config["recordings"]>> => {
  const bucket = { endpoint: s3.endpoint, region: "eu-central-1", name: "rec", prefix: "kw/", ...S3_KEYS };
  return { directory: { store: "directory", directory: folder }, bucket: { store: "bucket", bucket } };
};
const rows = (sql: string, ...parameters: unknown[]) =>
  onPostgres(db.pool)<Record<string, unknown>>(sql, parameters);

const SHOWN = Array.from({ length: 70 }, (_, index) => `line ${index}\r\n`);
const SEGMENTS = ["first", "second"];

/** A session that was recorded and prepared for playback. */
async function prepared(config: StoreConfig): Promise<{ session: RecordedSession; chunks: Chunk[] }> {
  const store = openStore(config);
  const recorded = await record(store, SHOWN);
  await store.stop();
  const { recordingId, startedAt } = recorded.session;
  for (const [seq, text] of SEGMENTS.entries()) {
    const kept = sealPart(partSealing(config), { kind: "segment", recordingId, seq }, Buffer.from(text));
    await rows(
      "INSERT INTO recording_segment (started_at, recording_id, seq, start_ms, sealed, data) VALUES ($1, $2, $3, 0, $4, $5)",
      new Date(startedAt),
      recordingId,
      seq,
      kept.sealed,
      kept.data,
    );
  }
  await rows("DELETE FROM recording_render WHERE recording_id = $1", recordingId);
  return recorded;
}

async function archive(config: StoreConfig): Promise<Archiver> {
  const archiver = new Archiver({ pool: db.pool, config, everyMs: 3_600_000 });
  await archiver.runOnce();
  await archiver.stop();
  return archiver;
}
/** What failed is tried again after a pause. */
const overPause = () => rows("UPDATE recording_archive SET not_before = now() - interval '1 s'");

async function readAll(config: StoreConfig, session: RecordedSession): Promise<Chunk[]> {
  return Array.fromAsync(readChunks(session, { pool: db.pool, config }));
}
const dataLeft = async ({ recordingId }: RecordedSession) =>
  (
    await rows(
      `SELECT (SELECT count(*)::int FROM recording_chunk WHERE recording_id = $1 AND data IS NOT NULL) +
         (SELECT count(*)::int FROM recording_segment WHERE recording_id = $1 AND data IS NOT NULL) AS left`,
      recordingId,
    )
  )[0]!.left;

const stored = (session: RecordedSession) => {
  const name = `${new Date(session.startedAt).toISOString().slice(0, 10)}/${session.recordingId}.recording`;
  return { file: path.join(folder, name), object: `/rec/kw/${name}` };
};

describe.each(["directory", "bucket"] as const)("in a %s", (place) => {
  test.each([false, true])("a prepared recording is moved and read as before (sealed: %s)", async (seal) => {
    const config = storeConfig(db.url, { ...places()[place], seal });
    const { session, chunks } = await prepared(config);
    expect((await archive(config)).status()).toEqual({ failing: 0 });
    expect(await dataLeft(session)).toBe(0);
    expect(await readAll(config, session)).toEqual(chunks);
    const reader = { pool: db.pool, config };
    for (const [seq, text] of SEGMENTS.entries())
      expect(String(await readSegment({ ...session, seq }, reader))).toBe(text);
    expect(await readSegment({ ...session, seq: 2 }, reader)).toBeNull();
    // Once; a second run finds nothing to do.
    await archive(config);
    const [row] = await rows(
      "SELECT place, bytes FROM recording_archive WHERE recording_id = $1",
      session.recordingId,
    );
    const { file, object } = stored(session);
    const size = place === "directory" ? statSync(file).size : s3.objects.get(object)!.length;
    expect(row).toEqual({ place, bytes: size });
    if (place === "directory") expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("one that is not prepared yet stays in PostgreSQL", async () => {
    const config = storeConfig(db.url, places()[place]);
    const store = openStore(config);
    const { session, chunks } = await record(store, ["a", "b"]);
    await store.stop();
    await archive(config);
    expect(await dataLeft(session)).toBe(2);
    expect(await readAll(config, session)).toEqual(chunks);
  });

  test("after the setting changed, those of before are read where they are, and others stay in PostgreSQL", async () => {
    const before = storeConfig(db.url, places()[place]);
    const { session, chunks } = await prepared(before);
    const waiting = await prepared(before);
    await rows(
      "UPDATE recording_archive SET not_before = 'infinity' WHERE recording_id = $1",
      waiting.session.recordingId,
    );
    await archive(before);
    const now = { ...before, recordings: { ...before.recordings, store: "database" as const } };
    await overPause();
    await archive(now);
    expect(await readAll(now, session)).toEqual(chunks);
    expect(await readAll(now, waiting.session)).toEqual(waiting.chunks);
    expect(await dataLeft(waiting.session)).toBe(72);
    expect(await rows("SELECT recording_id FROM recording_archive WHERE place IS NULL")).toEqual([]);
  });

  test("where the place is away, that is said; nothing is lost, and it is moved when it is back", async () => {
    const config = storeConfig(db.url, places()[place]);
    const { session, chunks } = await prepared(config);
    const away = `${folder}.away`;
    const goAway = () => {
      s3.failWith = { status: 503, code: "SlowDown" };
      renameSync(folder, away);
      // A file where a folder is to be: nothing can be made in it.
      writeFileSync(folder, "");
    };
    const comeBack = () => {
      s3.failWith = null;
      rmSync(folder);
      renameSync(away, folder);
    };
    goAway();
    expect((await archive(config)).status()).toEqual({ failing: 1 });
    expect(await readAll(config, session)).toEqual(chunks);
    const [job] = await rows("SELECT error, attempts, not_before > now() AS later FROM recording_archive");
    expect(job).toEqual({ error: expect.any(String), attempts: 1, later: true });
    comeBack();
    // Not before its pause is over.
    await archive(config);
    expect(await dataLeft(session)).toBe(72);
    await overPause();
    expect((await archive(config)).status()).toEqual({ failing: 0 });
    expect(await dataLeft(session)).toBe(0);
    goAway();
    await expect(readAll(config, session)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`kept in the ${place} that the settings name`),
    });
    comeBack();
    expect(await readAll(config, session)).toEqual(chunks);
  });

  test("a changed, cut or missing file is named by the piece that it begins with", async () => {
    const config = storeConfig(db.url, places()[place]);
    const { session } = await prepared(config);
    await archive(config);
    const { file, object } = stored(session);
    const [row] = await rows(
      "SELECT archive_offset AS at FROM recording_chunk WHERE recording_id = $1 AND seq = 40",
      session.recordingId,
    );
    const at = Number(row!.at);
    const whole = s3.objects.get(object);
    const verify = async () => (await verifyRecording(session, { pool: db.pool, config })).problem;
    if (place === "directory") truncateSync(file, at + 3);
    else s3.objects.set(object, whole!.subarray(0, at + 3));
    expect(await verify()).toEqual({ seq: 40, problem: "has lost its data" });
    if (place === "directory") rmSync(file);
    else s3.objects.delete(object);
    expect(await verify()).toEqual({ seq: 0, problem: "has lost its data" });
    if (place === "bucket") {
      const changed = Buffer.from(whole!);
      changed[at + 5]! ^= 1;
      s3.objects.set(object, changed);
      expect(await verify()).toEqual({ seq: 40, problem: expect.stringContaining("was changed") });
    }
  });

  test("of a day that is no longer kept, it is removed; where the place is away, later", async () => {
    const config = storeConfig(db.url, places()[place]);
    const { session } = await prepared(config);
    await archive(config);
    await rows("UPDATE recording_archive SET expired = true");
    s3.failWith = { status: 403, code: "AccessDenied" };
    renameSync(folder, `${folder}.away`);
    expect((await archive(config)).status()).toEqual({ failing: 1 });
    s3.failWith = null;
    renameSync(`${folder}.away`, folder);
    await overPause();
    expect((await archive(config)).status()).toEqual({ failing: 0 });
    expect(s3.objects.size).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(
      await rows("SELECT 1 FROM recording_archive WHERE recording_id = $1", session.recordingId),
    ).toEqual([]);
  });

  test("two replicas move each recording once", async () => {
    const config = storeConfig(db.url, places()[place]);
    const recorded = [await prepared(config), await prepared(config), await prepared(config)];
    s3.requests.splice(0);
    await Promise.all([archive(config), archive(config)]);
    for (const { session, chunks } of recorded) expect(await readAll(config, session)).toEqual(chunks);
    if (place === "bucket") {
      expect(s3.requests.filter(({ method }) => method === "PUT")).toHaveLength(3);
    }
  });
});

test("what a process that was killed left unfinished in the directory is removed when it is done", async () => {
  const config = storeConfig(db.url, places().directory);
  const { session } = await prepared(config);
  await archive(config);
  const { file } = stored(session);
  writeFileSync(`${file}.${randomUUID()}.unfinished`, "half");
  await rows("UPDATE recording_archive SET expired = true");
  await archive(config);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(["../../outside", "/etc/hostname", "2026-11-28/../../outside"])(
  "a name that was put into the database to lead elsewhere (%s) is neither read nor removed",
  async (name) => {
    const config = storeConfig(db.url, places().directory);
    const { session } = await prepared(config);
    await archive(config);
    await rows("UPDATE recording_archive SET name = $1", name);
    await expect(readAll(config, session)).rejects.toThrow(/which is no recording's/);
    await rows("UPDATE recording_archive SET expired = true");
    expect((await archive(config)).status()).toEqual({ failing: 1 });
    expect(existsSync(stored(session).file)).toBe(true);
  },
);

test.each([
  ["another secret", { secretKey: "wrong" }, "SignatureDoesNotMatch"],
  ["another key", { accessKey: "OTHER" }, "InvalidAccessKeyId"],
  ["another region", { region: "us-east-1" }, "AuthorizationHeaderMalformed"],
  ["another bucket", { name: "other" }, "NoSuchBucket"],
])("with %s nothing is moved, and the reason is kept", async (_, wrong, code) => {
  const { bucket, ...rest } = storeConfig(db.url, places().bucket).recordings;
  const config = storeConfig(db.url, { ...rest, bucket: { ...bucket, ...wrong } });
  const { session } = await prepared(config);
  await archive(config);
  expect(await dataLeft(session)).toBe(72);
  const [{ error }] = (await rows("SELECT error FROM recording_archive")) as [{ error: string }];
  expect(error).toContain(code);
  expect(error).not.toContain("wrong");
});

test("a storage that keeps less than it was given is found out before anything is taken away", async () => {
  s3.loses = 1;
  const config = storeConfig(db.url, places().bucket);
  const { session } = await prepared(config);
  expect((await archive(config)).status()).toEqual({ failing: 1 });
  expect(await dataLeft(session)).toBe(72);
});

test("a storage that knows no ranges is not taken for one that has lost a recording", async () => {
  const config = storeConfig(db.url, places().bucket);
  const { session } = await prepared(config);
  await archive(config);
  s3.knowsNoRanges = true;
  await expect(readAll(config, session)).rejects.toMatchObject({
    code: "unavailable",
    cause: { message: expect.stringMatching(/GET was answered with more than \d+ bytes$/) },
  });
});

test("where the settings of the place are gone, that is said", async () => {
  const config = storeConfig(db.url, places().bucket);
  const { session } = await prepared(config);
  await archive(config);
  const without = storeConfig(db.url);
  await expect(readAll({ ...without, encryption: config.encryption }, session)).rejects.toThrow(
    /recordings\.bucket said, which is not set any more/,
  );
});
