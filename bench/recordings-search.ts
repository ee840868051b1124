// npm run bench -- recordings-search [--sessions 10000] [--days 30] [--kilobytes 40] [--url postgresql://...]
// Search across recordings: how soon a page of those is there in which something was typed or shown. Without --url a database is made and filled.
import { parseArgs } from "node:util";
import { auditScope } from "../lib/access/permission.ts";
import { countRecordings, listRecordings } from "../lib/audit/recordings/read.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { processState } from "../lib/process-state.ts";
import { report, startServer } from "./query/history.ts";
import { fillRecordings, RARE_COMMAND, RARE_LINE } from "./recordings-search/fill-recordings.ts";

const { values: options } = parseArgs({
  options: {
    sessions: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    kilobytes: { type: "string", default: "40" },
    url: { type: "string" },
  },
});
const server = options.url ? null : await startServer();
const url = options.url ?? server!.url;
await migrateDatabase(url);
const { pool } = connectDatabase(url);
const days = Number(options.days);
const to = new Date();
const from = new Date(to.getTime() - days * 86_400_000);
const ctx = systemContext("bench");
const scope = auditScope(ctx);

const FILTERS = [
  `command : "${RARE_COMMAND}"`,
  'command : "rm -rf"',
  "command : rm",
  "command : kubectl",
  'command : "no such command"',
  `output : "${RARE_LINE}"`,
  'output : "BEGIN RSA"',
  'output : "rm -rf"',
  "output : refused",
  'output : "no such text anywhere"',
  "output : zzz",
  "output : err",
  "output : 127",
  'output : "größe"',
  "NOT output : refused",
  'output : refused AND command : "rm"',
];

try {
  if (server) {
    const begun = performance.now();
    const sessions = Number(options.sessions);
    await fillRecordings(pool, { sessions, from, to, bytes: Number(options.kilobytes) * 1_000 });
    console.log(`filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  }
  const size = await pool.query(
    `SELECT count(*) FILTER (WHERE kind = 1) AS commands, count(*) FILTER (WHERE kind = 2) AS blocks, (sum(octet_length(text)) / 1e6)::int AS "MB",
       (SELECT sum(pg_relation_size(indexrelid)) / 1e6 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relname LIKE 'recording_text_%')::int AS "indexes MB"
     FROM recording_text`,
  );
  console.log(size.rows[0]);
  const window = { from: from.toISOString(), to: to.toISOString(), timeZone: "UTC" };
  for (const filter of FILTERS) {
    const query = { ...window, filter };
    await report(
      filter,
      () => {
        // What the requests of one page share.
        processState("audit/found-recordings", () => new Map()).clear();
        return listRecordings({ ctx, scope, query: { ...query, limit: 50 } });
      },
      ({ entries }) => `${entries.length} shown`,
    );
    const { count, exact } = await countRecordings({ ctx, scope, query });
    console.log(`${"".padEnd(58)} ${String(count).padStart(8)} ${exact ? "" : "or more "}recordings`);
  }
} finally {
  await disconnectDatabase();
  await server?.stop();
}
