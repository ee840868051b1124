// A gateway of the smallest kind, for tests that kill it: records entries as fast as it can and says on standard output, a line
// each, which of them are acknowledged. Arguments: database URL, data folder, number of concurrent calls, seed, number of entries.
import { writeSync } from "node:fs";
import { Registry } from "prom-client";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded, intentRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { connectDatabase } from "../../lib/db/connection.ts";
import { generateEntries } from "../history/generate-entries.ts";

const [url, data, concurrency, seed, count] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const { pool } = connectDatabase(url);
const { recorder } = await startAuditPipeline({
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

const acknowledge = (what: string, entry: KubeRequestEntry): void =>
  writeWhole(`${what} ${entry.callId} ${entry.stage}\n`);

/** Standard output does not wait: while the reader is busy it takes a part, or nothing. */
function writeWhole(line: string): void {
  const bytes = Buffer.from(line);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const to = Date.now();
const entries = generateEntries({ count: Number(count), from: to - 3_600_000, to, seed: Number(seed) });

async function call(): Promise<void> {
  for (const entry of entries) {
    const mutating = !["get", "list", "watch"].includes(entry.verb) && entry.stage === "complete";
    if (mutating) {
      await intentRecorded(recorder, entry);
      acknowledge("intent", entry);
    }
    await entryRecorded(recorder, entry);
    acknowledge("entry", entry);
  }
}

writeSync(1, "ready\n");
await Promise.all(Array.from({ length: Number(concurrency) }, call));
// Those who kill it do so whenever they like.
setInterval(() => undefined, 60_000);
