// Records entries on a disk that is full, then is not. Run with a small file system of its own at the data folder.
// Arguments: database URL, data folder. Writes what happened as one line of JSON.
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { Registry } from "prom-client";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";
import { generateEntries } from "../history/generate-entries.ts";

const [url, data] = process.argv.slice(2) as [string, string];
const { pool } = connectDatabase(url);
const pipeline = await startAuditPipeline({
  config: {
    data,
    audit: {
      sync: false,
      durability: "strict",
      reads: true,
      retentionDays: 0,
      journal: { maxBytes: 2 ** 30 },
    },
  },
  pool,
  registry: new Registry(),
});
const { recorder } = pipeline;
const to = Date.now();
// Calls that went to a cluster: others get no entry each while the disk is full.
const entries = Array.from(generateEntries({ count: 60, from: to - 1_000, to, seed: 9 }), (entry) => {
  return { ...entry, role: entry.role ?? "developer" };
});
const outcomes: Record<string, string[]> = { before: [], refused: [], after: [] };

const filler = path.join(data, "filler");
fillDisk();
for (const entry of entries.slice(0, 40)) {
  try {
    await entryRecorded(recorder, entry);
    outcomes.before!.push(entry.callId);
  } catch {
    outcomes.refused!.push(entry.callId);
  }
}
const whileFull = recorder.admission();
rmSync(filler);
const deadline = Date.now() + 15_000;
while (!recorder.admission().admitted && Date.now() < deadline)
  await new Promise((resolve) => setTimeout(resolve, 50));
const admittedAgain = recorder.admission().admitted;
for (const entry of entries.slice(40)) {
  await entryRecorded(recorder, entry);
  outcomes.after!.push(entry.callId);
}
await pipeline.drain();
await disconnectDatabase();
writeSync(1, `${JSON.stringify({ whileFull, admittedAgain, ...outcomes })}\n`);

function fillDisk(): void {
  const handle = openSync(filler, "w");
  const block = Buffer.alloc(4_096, 1);
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(handle);
  }
}
