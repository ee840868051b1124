import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { register } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { startRecordingKeeper } from "./keeper.ts";
import { openStore } from "./recording-store.ts";
import { testChunks, testSession } from "./testing/recorded.ts";
import { record, storeConfig } from "./testing/store.ts";

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-keeper-"));
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const metric = async (name: string) =>
  /^\S+ (\d+)$/m.exec(
    (await register.getSingleMetricAsString(`kubewitness_recordings_${name}`)).replace(/^#.*\n/gm, ""),
  )?.[1];

test("closes what a process gave up, moves what is over, and says what cannot be moved until it is", async () => {
  const directory = path.join(folder, "archive");
  // In the place of the folder.
  writeFileSync(directory, "");
  const config = storeConfig(db.url, { store: "directory", directory });
  const store = openStore(config);
  await record(store, ["a"]);
  const session = testSession();
  await store.begin(session);
  await store.append(testChunks(session, ["b"])[0]!);
  expect(await metric("running")).toBe("1");
  await store.stop();
  const keeper = startRecordingKeeper(config);
  const poll = { timeout: 30_000, interval: 100 };
  await expect
    .poll(async () => (await db.pool.query("SELECT ending FROM recording ORDER BY no")).rows, poll)
    .toEqual([{ ending: 0 }, { ending: 4 }]);
  // Counted once its row is committed.
  await expect.poll(() => metric("interrupted_total"), poll).toBe("1");
  await db.pool.query("DELETE FROM recording_render");
  await expect
    .poll(() => keeper.troubles(), poll)
    .toEqual([
      "2 recordings could not be moved to or removed from where recordings are kept, and are tried again",
    ]);
  await expect.poll(() => metric("archive_failing"), poll).toBe("2");
  rmSync(directory);
  await db.pool.query("UPDATE recording_archive SET not_before = now() - interval '1 s'");
  await expect.poll(() => keeper.troubles(), poll).toEqual([]);
  await expect.poll(() => metric("archived_total"), poll).toBe("2");
  await keeper.stop();
}, 60_000);
