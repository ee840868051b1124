import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { REQUEST_AUDIT } from "../../lib/audit/columns/request-audit/schema.ts";
import { serverNodeOptions } from "../../scripts/node-options.ts";
import type { Bench } from "./history.ts";

const EXPORT_PROCESS = fileURLToPath(new URL("export-process.ts", import.meta.url));

/** Streams an export of at most `most` rows as fast as they come, each format in a process that has exported nothing before. */
export async function measureExport(bench: Bench, most: number): Promise<void> {
  const events = await bench.pool.query<{ count: number }>(
    "SELECT count(*) AS count FROM (SELECT FROM audit_event WHERE happened_at >= $1 AND happened_at < $2 LIMIT $3) AS event",
    [bench.from, bench.to, most],
  );
  const rows = Math.min(most, bench.rows);
  for (const format of ["csv", "json", "ndjson"]) {
    await exportAlone(bench, "request-audit", format, rows);
    for (const source of ["event-history", "audit-log"])
      await exportAlone(bench, source, format, events.rows[0]!.count);
  }
  await copyByPsql(bench, rows);
}

async function exportAlone(
  { url, from, to }: Bench,
  source: string,
  format: string,
  rows: number,
): Promise<void> {
  const given = [EXPORT_PROCESS, source, format, String(rows), from.toISOString(), to.toISOString()];
  const child = spawn(process.execPath, [...serverNodeOptions(), ...given], {
    stdio: ["ignore", "inherit", "inherit"],
    // Not an argument: it holds the password.
    env: { ...process.env, DATABASE_URL: url },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  if (code !== 0) throw new Error(`the export of ${source} as ${format} failed`);
}

/** The columns of an export with what they stand for, as one statement of the database's own. */
function copySql(rows: number): string {
  const told = Object.values(REQUEST_AUDIT.columns).filter(({ api }) => api !== null);
  const joins = new Set([
    "JOIN audit_actor a ON a.id = r.actor_id JOIN audit_cluster c ON c.id = r.cluster_id",
  ]);
  const values = told.map(({ stored }) => {
    if (stored.holds === "actor") return `a.${stored.of[0]}`;
    if (stored.holds === "cluster") return `c.${stored.of}`;
    if (stored.holds !== "term") return `r.${stored.column}`;
    const term = `of_${stored.column}`;
    joins.add(`LEFT JOIN audit_dictionary ${term} ON ${term}.id = r.${stored.column}`);
    return `${term}.value`;
  });
  return `COPY (SELECT ${values.join(", ")}
    FROM (SELECT * FROM kube_request ORDER BY executed_at DESC, ledger_id DESC, no DESC LIMIT ${rows}) r
    ${[...joins].join(" ")}) TO STDOUT WITH (FORMAT csv)`;
}

/** The yardstick: the database's own CSV of the same columns, without a format of ours, an order of rows or a hash. */
async function copyByPsql({ url }: Bench, rows: number): Promise<void> {
  const startedAt = performance.now();
  const psql = spawn("psql", [url, "-c", copySql(rows)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((resolve) => {
    psql.on("error", () => resolve(null));
    psql.on("close", resolve);
  });
  if (code !== 0) return console.log("psql COPY: not measured (psql is not there, or failed)");
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    `psql COPY: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds).toLocaleString("en-US")} rows/s`,
  );
}
