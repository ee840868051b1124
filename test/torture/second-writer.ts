// Takes the journals that nobody holds, as another process on the same data folder does, writes them to PostgreSQL, and ends.
// Arguments: database URL, data folder.
import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "prom-client";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";
import { log } from "../../lib/log.ts";

const [url, data] = process.argv.slice(2) as [string, string];
log.level = "silent";
const { pool } = connectDatabase(url);
const audit = {
  sync: false,
  durability: "strict",
  reads: true,
  retentionDays: 0,
  journal: { maxBytes: 2 ** 30 },
} as const;
const pipeline = await startAuditPipeline({ config: { data, audit }, pool, registry: new Registry() });
while (pipeline.status().orphans.length > 0) await sleep(50);
await pipeline.drain();
await disconnectDatabase();
