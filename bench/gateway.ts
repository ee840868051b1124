// npm run bench -- gateway [--seconds 5] [--rounds 3]
// The gateway with everything on, on one core; load client, upstream and PostgreSQL on the other. Beside it in the same run, on the
// same core: kubectl proxy (plain HTTP in front, no record) and a plain Node proxy made with http-proxy (TLS in front, no record). And
// the upstream alone. TLS on both sides of the gateway, 1 KB answers.
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { serverNodeOptions } from "../scripts/node-options.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { freePort } from "../test/free-ports.ts";
import { compareProcesses } from "./gateway/compare-processes.ts";
import { type Measurement, measure, median, type Target } from "./gateway/load.ts";
import { end, ensurePrograms, exited, firstLine, startOn } from "./gateway/programs.ts";
import { listening, writeCertificates, writeNginxConfiguration } from "./gateway/upstream.ts";

const GATEWAY_CORE = 0;
const OTHER_CORE = 1;
const CONNECTIONS = [1, 16, 64];
const WARM_UP_SECONDS = 2;
const PATH = "/api/v1/namespaces/shop/pods?limit=500";

const { values } = parseArgs({ options: { seconds: { type: "string" }, rounds: { type: "string" } } });
const seconds = Number(values.seconds ?? 5);
const rounds = Number(values.rounds ?? 3);

const missing = ensurePrograms();
if (missing.length > 0 || availableParallelism() < 2) {
  const why = missing.length > 0 ? `install ${missing.join(", ")}` : "it needs two cores";
  console.log(`SKIPPED: ${why}. As root on Debian the programs are installed by themselves.`);
  process.exit(0);
}

const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-"));
chmodSync(folder, 0o711);
const children: ChildProcess[] = [];
const postgres = await startEmbeddedPostgres({
  directory: path.join(folder, "postgres"),
  database: "bench",
  durable: true,
});
try {
  await run();
} finally {
  for (const child of children.reverse()) await end(child);
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  pin(Number(readFileSync(path.join(folder, "postgres/pgdata/postmaster.pid"), "utf8").split("\n")[0]));
  await writeCertificates(folder);
  const upstreamPort = await freePort();
  const upstream = `https://127.0.0.1:${upstreamPort}`;
  children.push(startOn(OTHER_CORE, "nginx", ["-c", writeNginxConfiguration(folder, upstreamPort)]));
  await listening(upstreamPort);

  const program = path.join(import.meta.dirname, "gateway/gateway-process.ts");
  const gateway = startOnNode([program, postgres.url, folder, upstream, folder]);
  children.push(gateway);
  const { port, token } = JSON.parse((await firstLine(gateway, /^\{.*\}$/m))[0]) as {
    port: number;
    token: string;
  };

  const proxy = await startKubectlProxy(upstream);
  const nodeProxy = await startHttpProxy(upstream);
  const targets: Target[] = [
    { name: "upstream alone", url: upstream + PATH },
    { name: "kubectl proxy", url: `http://127.0.0.1:${proxy.port}${PATH}`, pids: pidsOf(proxy.pid) },
    { name: "http-proxy", url: `https://127.0.0.1:${nodeProxy.port}${PATH}`, pids: pidsOf(nodeProxy.pid) },
    {
      name: "gateway",
      url: `https://127.0.0.1:${port}/k8s/clusters/bench${PATH}`,
      token,
      pids: pidsOf(gateway.pid),
    },
  ];
  for (const target of targets)
    await measure(target, { connections: 16, seconds: WARM_UP_SECONDS, core: OTHER_CORE });
  console.log(
    `wrk and nginx on core ${OTHER_CORE}, with PostgreSQL; gateway, kubectl proxy and http-proxy on core ${GATEWAY_CORE}.`,
  );
  console.log(`${rounds} rounds of ${seconds} s each, in turn; medians.\n`);
  console.log(
    "| connections | target | requests/s | p50 ms | p99 ms | CPU µs a call | errors | of kubectl proxy |",
  );
  console.log("|---:|---|---:|---:|---:|---:|---:|---:|");
  const memory = [residentMegabytes(gateway)];
  for (const connections of CONNECTIONS) {
    await compare(targets, connections);
    memory.push(residentMegabytes(gateway));
  }
  console.log(`\nThe gateway's memory after the warm-up and after each block: ${memory.join(", ")} MB.`);
  const recorded = firstLine(gateway, /"recorded":(\d+)/);
  gateway.kill("SIGTERM");
  console.log(`Rows in PostgreSQL after the drain: ${(await recorded)[1]}.`);
  await exited(gateway);
  await compareProcesses({ databaseUrl: postgres.url, folder, upstream, path: PATH, seconds, rounds });
}

function pidsOf(pid: number | undefined): number[] {
  return pid === undefined ? [] : [pid];
}

async function compare(targets: Target[], connections: number): Promise<void> {
  const results = new Map<string, Measurement[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      results.get(target.name)!.push(await measure(target, { connections, seconds, core: OTHER_CORE }));
    }
  }
  const rate = (name: string) => median(results.get(name)!.map(({ requestsPerSecond }) => requestsPerSecond));
  for (const [name, measurements] of results) {
    const of = (key: keyof Measurement) => median(measurements.map((measurement) => measurement[key]));
    const errors = measurements.reduce((sum, measurement) => sum + measurement.errors, 0);
    const ratio = (rate(name) / rate("kubectl proxy")).toFixed(2);
    const cells = [
      connections,
      name,
      Math.round(rate(name)),
      of("p50").toFixed(2),
      of("p99").toFixed(2),
      of("cpuMicroseconds").toFixed(0),
      errors,
      ratio,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** As `npm start` runs a server that has one core. */
function startOnNode(args: string[]): ChildProcess {
  return startOn(GATEWAY_CORE, process.execPath, [...serverNodeOptions(1), ...args]);
}

async function startHttpProxy(upstream: string): Promise<{ port: number; pid: number | undefined }> {
  const program = path.join(import.meta.dirname, "gateway/http-proxy-process.ts");
  const proxy = startOnNode([program, upstream, folder]);
  children.push(proxy);
  const { port } = JSON.parse((await firstLine(proxy, /^\{.*\}$/m))[0]) as { port: number };
  return { port, pid: proxy.pid };
}

async function startKubectlProxy(upstream: string): Promise<{ port: number; pid: number | undefined }> {
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: bench
clusters: [{name: bench, cluster: {server: "${upstream}", certificate-authority: "${folder}/ca.crt"}}]
contexts: [{name: bench, context: {cluster: bench, user: bench}}]
users: [{name: bench, user: {token: upstream-token}}]
`,
  );
  const env = { ...process.env, GOMAXPROCS: "1" };
  const args = ["proxy", "--port=0", `--kubeconfig=${kubeconfig}`];
  const proxy = startOn(GATEWAY_CORE, "kubectl", args, { env, stderr: "ignore" });
  children.push(proxy);
  return { port: Number((await firstLine(proxy, /127\.0\.0\.1:(\d+)/))[1]), pid: proxy.pid };
}

/** What PostgreSQL starts from now on goes to the other core too. */
function pin(pid: number): void {
  children.push(startOn(OTHER_CORE, "taskset", ["-a", "-p", "-c", String(OTHER_CORE), String(pid)]));
}

function residentMegabytes({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
