import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { serverNodeOptions } from "../../scripts/node-options.ts";
import type { Bench } from "./history.ts";

const EXPORT_PROCESS = fileURLToPath(new URL("export-process.ts", import.meta.url));

/** Streams an export of `rows` rows as fast as they come, each format in a process that has exported nothing before. */
export async function measureExport(bench: Bench, rows: number): Promise<void> {
  const events = await bench.pool.query<{ count: number }>(
    "SELECT count(*) AS count FROM (SELECT FROM audit_event WHERE happened_at >= $1 AND happened_at < $2 LIMIT $3) AS event",
    [bench.from, bench.to, rows],
  );
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

const COPY = `COPY (SELECT r.no, r.executed_at, r.result, a.name, a.email, ip.value, c.name, c.endpoint, ro.value, ns.value, v.value, re.value,
    r.resource_name, r.message, r.http_status, r.duration_ms, kg.value, iu.value, ig.value, cn.value, r.access_method, co.value,
    r.session_id, r.recording_id, ta.value, tt.value, r.call_id, r.stage, r.exit_code, r.bytes_in, r.bytes_out, ag.value
  FROM (SELECT * FROM kube_request ORDER BY executed_at DESC, ledger_id DESC, no DESC LIMIT %ROWS%) r
  JOIN audit_actor a ON a.id = r.actor_id JOIN audit_cluster c ON c.id = r.cluster_id
  LEFT JOIN audit_dictionary ip ON ip.id = r.client_ip_id LEFT JOIN audit_dictionary ro ON ro.id = r.role_id
  LEFT JOIN audit_dictionary ns ON ns.id = r.namespace_id LEFT JOIN audit_dictionary v ON v.id = r.verb_id
  LEFT JOIN audit_dictionary re ON re.id = r.resource_id LEFT JOIN audit_dictionary kg ON kg.id = r.kubernetes_groups_id
  LEFT JOIN audit_dictionary iu ON iu.id = r.impersonated_user_id LEFT JOIN audit_dictionary ig ON ig.id = r.impersonated_groups_id
  LEFT JOIN audit_dictionary cn ON cn.id = r.client_name_id LEFT JOIN audit_dictionary co ON co.id = r.command_id
  LEFT JOIN audit_dictionary ta ON ta.id = r.tunnel_agent_id LEFT JOIN audit_dictionary tt ON tt.id = r.tunnel_tag_id
  LEFT JOIN audit_dictionary ag ON ag.id = r.api_group_id) TO STDOUT WITH (FORMAT csv)`;

/** The yardstick: the database's own CSV of the same columns, without a format of ours, an order of rows or a hash. */
async function copyByPsql({ url }: Bench, rows: number): Promise<void> {
  const startedAt = performance.now();
  const psql = spawn("psql", [url, "-c", COPY.replace("%ROWS%", String(rows))], {
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
