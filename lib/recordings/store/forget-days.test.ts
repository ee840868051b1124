import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { dropExpiredDays } from "../../audit/retention/retention.ts";
import { onPostgres } from "../../audit/store/sql.ts";
import { Archiver } from "./archive/archiver.ts";
import { forgetRecordingDays } from "./forget-days.ts";
import { openStore, type RecordingStore } from "./recording-store.ts";
import { record, storeConfig } from "./testing/store.ts";

const DAY_MS = 86_400_000;

let db: TestDatabase;
let store: RecordingStore;
let folder: string;
let config: ReturnType<typeof storeConfig>;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-archive-"));
  config = storeConfig(db.url, { store: "directory", directory: folder });
  store = openStore(config);
});
afterAll(async () => {
  await store.stop();
  await db.close();
  rmSync(folder, { recursive: true });
});

const rows = (sql: string, ...parameters: unknown[]) =>
  onPostgres(db.pool)<Record<string, unknown>>(sql, parameters);
const archiver = () => new Archiver({ pool: db.pool, config, everyMs: 3_600_000 });

async function archiveAll(): Promise<void> {
  const one = archiver();
  await one.runOnce();
  await one.stop();
}

test("recordings go with the record: rows, pieces, what was still to be done, and files; their numbers count as dropped", async () => {
  const now = Date.now();
  const old = [1, 2, 3].map(() => record(store, ["old"], { startedAt: now - 10 * DAY_MS }));
  // Of these, one is moved, and two wait to be prepared.
  const [moved] = await Promise.all(old);
  const kept = await record(store, ["kept"], { startedAt: now - 2 * DAY_MS });
  for (const { session } of [moved!, kept])
    await rows("DELETE FROM recording_render WHERE recording_id = $1", session.recordingId);
  await archiveAll();
  expect(readdirSync(folder)).toHaveLength(2);
  expect(await dropExpiredDays(db.pool, 5, new Date(now), { forgetDays: forgetRecordingDays })).toContain(
    new Date(now - 10 * DAY_MS).toISOString().slice(0, 10),
  );
  await archiveAll();
  const left = { chunks: 1, recordings: 1, archives: 1 };
  expect(
    await rows(
      `SELECT (SELECT count(*)::int FROM recording_chunk) AS chunks, (SELECT count(*)::int FROM recording) AS recordings,
         (SELECT count(*)::int FROM recording_archive) AS archives`,
    ),
  ).toEqual([left]);
  expect(readdirSync(folder)).toEqual([new Date(kept.session.startedAt).toISOString().slice(0, 10)]);
  expect(await rows("SELECT recording_id FROM recording_render")).toEqual([]);
  expect(await rows("SELECT last_no, dropped FROM audit_ledger WHERE stream = 'recording'")).toEqual([
    { last_no: 4, dropped: 3 },
  ]);
});

test("one that was being moved when its day was dropped leaves no file behind", async () => {
  const { session } = await record(store, ["x"], { startedAt: Date.now() - 20 * DAY_MS });
  await rows("DELETE FROM recording_render WHERE recording_id = $1", session.recordingId);
  await archiveAll();
  // As if the process had died between the file and the row.
  await rows(
    "UPDATE recording_archive SET place = NULL, name = NULL WHERE recording_id = $1",
    session.recordingId,
  );
  await dropExpiredDays(db.pool, 5, new Date(), { forgetDays: forgetRecordingDays });
  await archiveAll();
  expect(readdirSync(folder)).not.toContain(new Date(session.startedAt).toISOString().slice(0, 10));
});
