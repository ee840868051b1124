// One export in a process of its own: node bench/query/export-process.ts <source> <format> <rows> <from> <to>, with DATABASE_URL. Says rows a second, CPU
// time a row (of this process, PostgreSQL's is not in it), and how much memory it took at most beyond what it had before.
import { z } from "zod";
import { auditScope } from "../../lib/access/permission.ts";
import { readEventQuery } from "../../lib/audit/event-history/read.ts";
import { ExportFormat } from "../../lib/audit/export/schema.ts";
import { startExport } from "../../lib/audit/export/start.ts";
import { readRequestQuery } from "../../lib/audit/request-audit/read.ts";
import { systemContext } from "../../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";

const [source, format, rows, from, to] = process.argv.slice(2);
const url = process.env.DATABASE_URL;
if (!url || !rows || !from || !to)
  throw new Error("DATABASE_URL, a source, a format, rows, from and to are needed");
const { pool } = connectDatabase(url);
await pool.query("SELECT 1");

const ctx = systemContext("bench");
const input = {
  ctx,
  scope: auditScope(ctx),
  source: z.enum(["request-audit", "event-history", "audit-log"]).parse(source),
  format: ExportFormat.parse(format),
} as const;
const readQuery = input.source === "request-audit" ? readRequestQuery : readEventQuery;
const read = readQuery({ from, to, timeZone: "UTC" });
const memoryBefore = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const { body } = await startExport({ ...input, read, maxRows: Number(rows) });
let bytes = 0;
let most = memoryBefore;
for await (const chunk of body) {
  bytes += chunk.length;
  most = Math.max(most, process.memoryUsage.rss());
}
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
const rate = Math.round(Number(rows) / seconds).toLocaleString("en-US");
console.log(
  `${source} as ${format}: ${rows} rows, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s, ${rate} rows/s, ` +
    `${((user + system) / Number(rows)).toFixed(1)} µs CPU a row, ${((most - memoryBefore) / 1e6).toFixed(0)} MB more memory`,
);
await disconnectDatabase();
