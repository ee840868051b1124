// A gateway whose clients and cluster write down all that they are told, for tests that stop it and spoil its disk. Its database is away. Arguments: data folder,
// audit.durability, seed, and when it ends: `killed` goes on until then; `full` fills the volume that the data folder is and kills itself when calls are
// refused. Lines on standard output:
//   sent <call id> read|change      the cluster has heard of the call
//   answered <call id> read|change  the client has the whole answer
//   refused <call id> list|create   the client was told that the call is not on the record
//   flushed <position>              so far the journal is on the disk
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Registry } from "prom-client";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { type Durability, startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { connectDatabase } from "../../lib/db/connection.ts";
import { log } from "../../lib/log.ts";
import { generateEntries } from "../history/generate-entries.ts";

const [data, durability, seed, until] = process.argv.slice(2) as [
  string,
  Durability,
  string,
  "killed" | "full",
];
const CALLS_AT_ONCE = 12;
log.level = "silent";

const { pool } = connectDatabase("postgresql://nobody@127.0.0.1:1/none");
const { recorder, status } = await startAuditPipeline({
  config: {
    data,
    audit: { sync: false, durability, reads: true, retentionDays: 0, journal: { maxBytes: 2 ** 30 } },
  },
  pool,
  registry: new Registry(),
  retention: false,
});

let flushed = 0;
/** Whoever is told something because of a flush is told after it was noted. */
function say(line: string): void {
  // The database has nothing of it.
  const position = status().unwrittenBytes;
  const before = position > flushed ? `flushed ${position}\n` : "";
  flushed = position;
  const bytes = Buffer.from(`${before}${line}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

async function serve(entry: KubeRequestEntry): Promise<void> {
  const what = entry.verb === "list" ? "read" : "change";
  const intent = recorder.recordIntent({ ...entry, stage: "start", httpStatus: null });
  if (what === "change")
    await new Promise<void>((resolve, reject) =>
      intent.whenDurable((error) => (error ? reject(error) : resolve())),
    );
  say(`sent ${entry.callId} ${what}`);
  // Some clusters answer before a disk does.
  if (entry.executedAt % 3 > 0) await delay(entry.executedAt % 3);
  await entryRecorded(recorder, entry);
  say(`answered ${entry.callId} ${what}`);
}

const to = Date.now();
const entries = generateEntries({ count: 100_000, from: to - 3_600_000, to, seed: Number(seed) });

async function client(): Promise<void> {
  for (const entry of entries) {
    if (entry.stage !== "complete") continue;
    if (until === "full" && !recorder.admission().admitted) break;
    while (!recorder.admission().admitted) await delay(20);
    const verb = entry.executedAt % 2 === 0 ? "list" : "create";
    await serve({ ...entry, verb, role: "developer" }).catch(() => say(`refused ${entry.callId} ${verb}`));
  }
}

writeSync(1, "ready\n");
await Promise.all(Array.from({ length: CALLS_AT_ONCE }, client));
if (until === "full") process.kill(process.pid, "SIGKILL");
setInterval(() => undefined, 60_000);
