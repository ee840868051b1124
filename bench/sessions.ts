// npm run bench -- sessions [--sessions 200] [--seconds 20] [--rounds 2]
// Sessions with 5 KB/s each through the gateway with everything on, on one core; cluster, clients and PostgreSQL on the other. In turn unrecorded and
// recorded: rate, how long a chunk is on its way, the gateway's processor time and memory a session. Then how much of the screen a kill loses, and what the
// recorder alone adds to a chunk's way.
import { type ChildProcess, execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { RecordingPolicy } from "../lib/access/policy/schema.ts";
import { updateRole } from "../lib/access/roles/mutations.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase, pool } from "../lib/db/connection.ts";
import { serverNodeOptions } from "../scripts/node-options.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { findOnPath } from "../scripts/steps.ts";
import { end, firstLine, startOn } from "./gateway/programs.ts";
import { writeCertificates } from "./gateway/upstream.ts";
import { measureRecorderCost } from "./sessions/recorder-cost.ts";
import { FRAME_BYTES, openSessions, startSessionCluster } from "./sessions/session-load.ts";

const GATEWAY_CORE = 0;
const OTHER_CORE = 1;
const SETTLE_MS = 3_000;
const EXEC = "/k8s/clusters/bench/api/v1/namespaces/shop/pods/web/exec?command=sh&stdout=true&tty=true";

const { values } = parseArgs({
  options: { sessions: { type: "string" }, seconds: { type: "string" }, rounds: { type: "string" } },
});
const sessions = Number(values.sessions ?? 200);
const seconds = Number(values.seconds ?? 20);
const rounds = Number(values.rounds ?? 2);

if (!findOnPath("taskset") || availableParallelism() < 2) {
  console.log("SKIPPED: it needs two cores and taskset (util-linux).");
  process.exit(0);
}
const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-"));
chmodSync(folder, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: path.join(folder, "postgres"),
  database: "bench",
  durable: true,
});
const postmaster = readFileSync(path.join(folder, "postgres/pgdata/postmaster.pid"), "utf8").split("\n")[0]!;
for (const pid of [postmaster, String(process.pid)])
  execFileSync("taskset", ["-a", "-c", "-p", String(OTHER_CORE), pid], { stdio: "ignore" });
await writeCertificates(folder);
const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
const cluster = await startSessionCluster({ cert: read("server.crt"), key: read("server.key") });
const program = path.join(import.meta.dirname, "gateway/gateway-process.ts");
const gateway = startOn(GATEWAY_CORE, process.execPath, [
  ...serverNodeOptions(1),
  ...[program, postgres.url, folder, `https://127.0.0.1:${cluster.port}`, folder],
]);
try {
  const served = JSON.parse((await firstLine(gateway, /^\{.*\}$/m))[0]) as { port: number; token: string };
  connectDatabase(postgres.url);
  const way = { url: `wss://127.0.0.1:${served.port}${EXEC}`, token: served.token, ca: read("ca.crt") };
  await compare(way);
  await killWithin(way);
  const { watched, recorded } = await measureRecorderCost(sessions, seconds / 2);
  console.log(
    `\nIn one process, CPU shared with nothing but this, ms a chunk: watched ${described(watched)};`,
  );
  console.log(`watched and recorded ${described(recorded)}.`);
} finally {
  await end(gateway);
  cluster.close();
  await disconnectDatabase();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

type Way = Parameters<typeof openSessions>[1];

async function compare(way: Way): Promise<void> {
  console.log(`${sessions} sessions of ${FRAME_BYTES} bytes 20 times a second, ${seconds} s each round.\n`);
  console.log("| recorded | KB/s | p50 ms | p99 ms | load alone, p99 ms | CPU % | MB | KB a session |");
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|");
  await measure("off", way, { print: false });
  for (let round = 0; round < rounds; round++)
    for (const policy of ["off", "required"] as const) await measure(policy, way, { print: true });
  const { rows } = await pool().query("SELECT count(*)::int AS recordings FROM recording");
  console.log(`\nRecordings in PostgreSQL: ${rows[0].recordings}.`);
}

/** Kills the gateway with all sessions running: from the last output that is stored to that moment. */
async function killWithin(way: Way): Promise<void> {
  const open = await openSessions(sessions, way);
  await delay(SETTLE_MS);
  const killedAt = Date.now();
  gateway.kill("SIGKILL");
  await open.closed();
  const { rows } = await pool().query<{ lost: string }>(
    `SELECT $1 - max(extract(epoch FROM started_at) * 1000 + to_ms) AS lost
      FROM recording_running JOIN recording_chunk USING (recording_id, started_at) GROUP BY recording_id`,
    [killedAt],
  );
  const lost = rows.map((row) => Math.round(Number(row.lost)));
  console.log(
    `Killed: of ${lost.length} sessions the last ${quantile(lost, 0.5)} ms are lost (median), ${quantile(lost, 1)} at most.`,
  );
}

async function measure(policy: RecordingPolicy, way: Way, { print }: { print: boolean }): Promise<void> {
  await setPolicy(policy);
  const idleMegabytes = residentMegabytes(gateway);
  const open = await openSessions(sessions, way);
  await delay(SETTLE_MS);
  open.takeLatencies();
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const cpuBefore = cpuSeconds(gateway);
  const started = performance.now();
  await delay(seconds * 1000);
  const tookSeconds = (performance.now() - started) / 1000;
  lag.disable();
  const latencies = open.takeLatencies();
  const cpu = (100 * (cpuSeconds(gateway) - cpuBefore)) / tookSeconds;
  const megabytes = residentMegabytes(gateway);
  await open.close();
  await delay(SETTLE_MS);
  if (!print) return;
  const cells = [
    policy === "off" ? "no" : "yes",
    Math.round((latencies.length * FRAME_BYTES) / tookSeconds / 1000),
    quantile(latencies, 0.5).toFixed(2),
    quantile(latencies, 0.99).toFixed(2),
    // How late this process itself is, which makes both ends of each session.
    (lag.percentile(99) / 1e6).toFixed(2),
    cpu.toFixed(0),
    megabytes.toFixed(0),
    Math.round(((megabytes - idleMegabytes) * 1024) / sessions),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

async function setPolicy(record: RecordingPolicy): Promise<void> {
  const { rows } = await pool().query("SELECT id FROM roles WHERE name = 'developer'");
  await updateRole({ ctx: systemContext("bench"), input: { id: rows[0].id, record } });
  await delay(1_000);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function described(values: readonly number[]): string {
  return `p50 ${quantile(values, 0.5).toFixed(3)}, p99 ${quantile(values, 0.99).toFixed(3)}, most ${quantile(values, 1).toFixed(2)}`;
}

function residentMegabytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** User and system time of all threads (proc(5), fields 14 and 15), in the usual hundredths of a second. */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
