import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { Sweep } from "./sweep.ts";
import { storeConfig } from "./testing/store.ts";
import { verifyRecording } from "./verify-recording.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const PROGRAM = path.resolve(import.meta.dirname, "../../../test/recordings/record-until-killed.ts");

test("of a process that is killed, everything that was committed is in the recording, which is whole and says what it is", async () => {
  const child = spawn(process.execPath, [PROGRAM, db.url], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data;
  });
  const lines = () => output.split("\n").slice(0, -1);
  await expect.poll(() => lines().length, { timeout: 30_000 }).toBeGreaterThan(30);
  child.kill("SIGKILL");
  await once(child, "close");
  const [first, ...committed] = lines();
  const [recordingId, startedAt] = first!.split(" ") as [string, string];
  // It is alive for whoever looks now, and gone for whoever has seen nothing of it for a while.
  const sweep = new Sweep({ pool: db.pool, archive: false, everyMs: 3_600_000, silentMs: 300 });
  await expect
    .poll(
      async () => {
        await sweep.runOnce();
        const { rows } = await db.pool.query("SELECT ending FROM recording WHERE recording_id = $1", [
          recordingId,
        ]);
        return rows;
      },
      { timeout: 20_000 },
    )
    .toEqual([{ ending: 4 }]);
  await sweep.stop();
  const reader = { pool: db.pool, config: storeConfig(db.url) };
  const { chunks, problem } = await verifyRecording({ recordingId, startedAt: Number(startedAt) }, reader);
  expect(problem).toBeNull();
  // One may have been under way.
  expect([committed.length, committed.length + 1]).toContain(chunks);
}, 60_000);
