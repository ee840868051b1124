// npm run bench -- tunnel [--seconds 5] [--rounds 3] [--megabytes 1024]
// The same cluster called directly and through an agent, in turn: the gateway with everything on has one core, on the other are the agent, load client,
// upstream and PostgreSQL. TLS on every hop, the tunnel's own among them. Then a large log by both ways.
import type { ChildProcess } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import https from "node:https";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { serverNodeOptions } from "../scripts/node-options.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { freePort } from "../test/free-ports.ts";
import { type Measurement, measure, median, type Target } from "./gateway/load.ts";
import { end, ensurePrograms, firstLine, startOn } from "./gateway/programs.ts";
import { listening, writeCertificates, writeNginxConfiguration } from "./gateway/upstream.ts";

const GATEWAY_CORE = 0;
const OTHER_CORE = 1;
const CONNECTIONS = [1, 16, 64];
const PATH = "/api/v1/namespaces/shop/pods?limit=500";
const LOG = "/api/v1/namespaces/shop/pods/web/log";

const { values } = parseArgs({
  options: { seconds: { type: "string" }, rounds: { type: "string" }, megabytes: { type: "string" } },
});
const seconds = Number(values.seconds ?? 5);
const rounds = Number(values.rounds ?? 3);
const megabytes = Number(values.megabytes ?? 1_024);

const missing = ensurePrograms();
if (missing.length > 0 || availableParallelism() < 2) {
  console.log(`SKIPPED: ${missing.length > 0 ? `install ${missing.join(", ")}` : "it needs two cores"}.`);
  process.exit(0);
}

interface Served {
  port: number;
  token: string;
  joinToken: string;
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
  await writeCertificates(folder);
  writeLog();
  const upstreamPort = await freePort();
  const upstream = `https://127.0.0.1:${upstreamPort}`;
  const user = process.getuid?.() === 0 ? "user root; " : "";
  const configuration = writeNginxConfiguration(
    folder,
    upstreamPort,
    `location = ${LOG} { root ${folder}/www; }`,
  );
  children.push(startOn(OTHER_CORE, "nginx", ["-g", user, "-c", configuration]));
  await listening(upstreamPort);
  const program = path.join(import.meta.dirname, "tunnel/gateway-process.ts");
  const gateway = startOn(GATEWAY_CORE, process.execPath, [
    ...[...serverNodeOptions(1), program, postgres.url, folder, upstream, folder],
  ]);
  children.push(gateway);
  const served = JSON.parse((await firstLine(gateway, /^\{.*\}$/m))[0]) as Served;
  const agent = startAgent(served, upstream);
  await untilConnected(served);

  const targetOf = (name: string, cluster: string): Target => ({
    name,
    url: `https://127.0.0.1:${served.port}/k8s/clusters/${cluster}${PATH}`,
    token: served.token,
    pids: [gateway.pid!],
  });
  const targets = [targetOf("direct", "bench"), targetOf("tunnel", "far")];
  for (const target of targets) await measure(target, { connections: 16, seconds: 2, core: OTHER_CORE });
  console.log(`${rounds} rounds of ${seconds} s each, in turn; medians.\n`);
  console.log("| connections | way | requests/s | p50 ms | p99 ms | CPU µs a call | errors | of direct |");
  console.log("|---:|---|---:|---:|---:|---:|---:|---:|");
  for (const connections of CONNECTIONS) await compare(targets, connections);
  console.log();
  for (const [name, cluster] of [
    ["direct", "bench"],
    ["tunnel", "far"],
  ] as const)
    console.log(await readLog(served, { name, cluster, gateway, agent }));
}

function startAgent({ port, joinToken }: Served, upstream: string): ChildProcess {
  const agent = startOn(OTHER_CORE, process.execPath, [path.join(import.meta.dirname, "../agent/main.ts")], {
    env: {
      ...process.env,
      KUBEWITNESS_URL: `https://127.0.0.1:${port}`,
      KUBEWITNESS_JOIN_TOKEN: joinToken,
      KUBEWITNESS_AGENT_STATE: path.join(folder, "agent"),
      KUBEWITNESS_AGENT_LISTEN: "127.0.0.1:0",
      KUBERNETES_API_SERVER: upstream,
    },
  });
  agent.stdout?.resume();
  children.push(agent);
  return agent;
}

function get(
  served: Served,
  cluster: string,
  { target = PATH, onBytes = () => undefined }: { target?: string; onBytes?: (bytes: number) => void } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: "127.0.0.1", port: served.port, rejectUnauthorized: false, agent: false },
      path: `/k8s/clusters/${cluster}${target}`,
      headers: { Authorization: `Bearer ${served.token}` },
    };
    const request = https.get(options, (response) => {
      response.on("data", (chunk: Buffer) => onBytes(chunk.length));
      response.on("error", reject).on("end", () => resolve(response.statusCode ?? 0));
    });
    request.on("error", reject);
  });
}

async function untilConnected(served: Served): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await get(served, "far")) !== 200) {
    if (Date.now() > deadline) throw new Error("the agent did not connect within 30 s");
    await delay(200);
  }
}

async function compare(targets: Target[], connections: number): Promise<void> {
  const results = new Map<string, Measurement[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets)
      results.get(target.name)!.push(await measure(target, { connections, seconds, core: OTHER_CORE }));
  }
  const rate = (name: string) => median(results.get(name)!.map(({ requestsPerSecond }) => requestsPerSecond));
  for (const [name, measurements] of results) {
    const of = (key: keyof Measurement) => median(measurements.map((measurement) => measurement[key]));
    const errors = measurements.reduce((sum, measurement) => sum + measurement.errors, 0);
    const cells = [connections, name, Math.round(rate(name)), of("p50").toFixed(2), of("p99").toFixed(2)];
    const ratio = (rate(name) / rate("direct")).toFixed(2);
    console.log(`| ${[...cells, of("cpuMicroseconds").toFixed(0), errors, ratio].join(" | ")} |`);
  }
}

async function readLog(
  served: Served,
  {
    name,
    cluster,
    gateway,
    agent,
  }: { name: string; cluster: string; gateway: ChildProcess; agent: ChildProcess },
): Promise<string> {
  let bytes = 0;
  let peak = 0;
  const memory = ({ pid }: ChildProcess) =>
    Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
  const before = memory(gateway);
  const sampling = setInterval(() => {
    peak = Math.max(peak, memory(gateway));
  }, 50);
  const since = performance.now();
  await get(served, cluster, {
    target: LOG,
    onBytes: (more) => {
      bytes += more;
    },
  });
  const took = (performance.now() - since) / 1_000;
  clearInterval(sampling);
  if (bytes !== megabytes * 2 ** 20) throw new Error(`${bytes} bytes arrived`);
  const rate = Math.round(megabytes / took);
  return `${name}: a log of ${megabytes} MiB in ${took.toFixed(1)} s, ${rate} MiB/s; the gateway's memory ${before} MB before, at most ${peak} MB; the agent's ${memory(agent)} MB after.`;
}

function writeLog(): void {
  const file = path.join(folder, "www", LOG);
  mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = openSync(file, "w");
  for (let index = 0; index < megabytes; index++) writeSync(descriptor, Buffer.alloc(2 ** 20, index % 256));
  closeSync(descriptor);
}
