// Records intents of calls and starts of sessions that never end, says so, and waits to be killed.
// Arguments: database URL, data folder, number of intents.
import { writeSync } from "node:fs";
import { Registry } from "prom-client";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded, intentRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { connectDatabase } from "../../lib/db/connection.ts";
import { generateEntries } from "../history/generate-entries.ts";

const [url, data, count] = process.argv.slice(2) as [string, string, string];
const { pool } = connectDatabase(url);
const { recorder } = await startAuditPipeline({
  config: {
    data,
    audit: {
      sync: false,
      durability: "strict",
      reads: true,
      retentionDays: 0,
      journal: { maxBytes: 2 ** 20 },
    },
  },
  pool,
  registry: new Registry(),
});
const to = Date.now();
const held = [...generateEntries({ count: Number(count), from: to - 1_000, to, seed: 5 })];
for (const entry of held) await intentRecorded(recorder, { ...entry, verb: "create", stage: "complete" });
// So much comes after them that their segments are deleted: they are carried along.
for (const entry of generateEntries({ count: 3_000, from: to - 1_000, to, seed: 6 })) {
  await entryRecorded(recorder, { ...entry, role: "developer", verb: "list", stage: "complete" });
}
const [session] = held;
await entryRecorded(recorder, { ...session!, verb: "create", resource: "pods/exec", stage: "start" });
writeSync(1, "ready\n");
setInterval(() => undefined, 60_000);
