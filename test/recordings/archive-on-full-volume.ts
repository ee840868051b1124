// Moves a recording to a folder that is a volume too small for it, makes the volume larger, and moves it again. Writes what happened as a line of JSON. Arguments:
// database URL, folder.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { createPool } from "../../lib/db/pool.ts";
import { Archiver } from "../../lib/recordings/store/archive/archiver.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { record, storeConfig } from "../../lib/recordings/store/testing/store.ts";
import { verifyRecording } from "../../lib/recordings/store/verify-recording.ts";

const [url, folder] = process.argv.slice(2) as [string, string];
const config = storeConfig(url, { store: "directory", directory: folder });
const pool = createPool(url);
const store = openStore(config);
// Of what cannot be compressed.
const shown = Array.from({ length: 24 }, () => randomBytes(100_000).toString("base64"));
const { session } = await record(store, shown);
await store.stop();
await pool.query("DELETE FROM recording_render");

async function archive(): Promise<Record<string, unknown>> {
  await pool.query("UPDATE recording_archive SET not_before = now() - interval '1 s'");
  const archiver = new Archiver({ pool, config, everyMs: 3_600_000 });
  await archiver.runOnce();
  await archiver.stop();
  const { rows } = await pool.query(
    `SELECT (SELECT error FROM recording_archive) AS error,
       (SELECT count(*)::int FROM recording_chunk WHERE data IS NOT NULL) AS "inDatabase"`,
  );
  const files = readdirSync(folder, { recursive: true }).filter((name) =>
    String(name).includes(session.recordingId),
  );
  const { chunks, problem } = await verifyRecording(session, { pool, config });
  return { ...rows[0], files: files.length, chunks, problem, ...archiver.status() };
}

const full = await archive();
execFileSync("mount", ["-o", "remount,size=16m", folder]);
const roomy = await archive();
process.stdout.write(`${JSON.stringify({ full, roomy })}\n`);
await pool.end();
