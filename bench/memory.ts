// npm run bench -- memory [--watches 2000] [--sessions 200] [--calls 100000] [--quiet 120] [--settle 45] [--alive] [--snapshots FOLDER] [--flags="--flag-of-node ..."]
// What the gateway holds with everything on: after its start, after calls, with watches that get an event every ten seconds each, with recorded
// sessions beside them, and after all of them have left. Beside it, for the watches, nginx and kubectl proxy. --alive: whole collections at each look (which
// give back what is not in use: resident memory is another one's then).
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { updateRole } from "../lib/access/roles/mutations.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase, pool } from "../lib/db/connection.ts";
import { serverNodeOptions } from "../scripts/node-options.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { measure } from "./gateway/load.ts";
import { end } from "./gateway/programs.ts";
import { writeCertificates } from "./gateway/upstream.ts";
import { startCluster } from "./memory/cluster.ts";
import { openWatches } from "./memory/open-watches.ts";
import { startPeers } from "./memory/peers.ts";
import type { ProcessMemory } from "./memory/read-memory.ts";
import { openSessions } from "./sessions/session-load.ts";

const { values } = parseArgs({
  options: {
    watches: { type: "string", default: "2000" },
    sessions: { type: "string", default: "200" },
    calls: { type: "string", default: "100000" },
    quiet: { type: "string", default: "120" },
    settle: { type: "string", default: "45" },
    alive: { type: "boolean", default: false },
    snapshots: { type: "string" },
    flags: { type: "string", default: "" },
  },
});
const EVENT_MS = 10_000;
const CONNECTIONS = 64;
const LOAD_SECONDS = 5;
const SHOP = "/k8s/clusters/bench/api/v1/namespaces/shop/pods";

const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-memory-"));
chmodSync(folder, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: path.join(folder, "postgres"),
  database: "bench",
  durable: true,
});
await writeCertificates(folder);
const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
const cluster = await startCluster({ cert: read("server.crt"), key: read("server.key") }, EVENT_MS);
const gateway = startGateway();
const lines = createInterface({ input: gateway.stdout! })[Symbol.asyncIterator]();
/** The next line that has the key: the log's are among them. */
async function nextLine<T>(key: string): Promise<T> {
  for (;;) {
    const line: unknown = JSON.parse((await lines.next()).value as string);
    if (line !== null && typeof line === "object" && key in line) return line as T;
  }
}
try {
  const { port, token } = await nextLine<{ port: number; token: string }>("token");
  connectDatabase(postgres.url);
  await recordSessions();
  await run(`127.0.0.1:${port}`, token);
  await comparePeers();
} finally {
  await end(gateway);
  cluster.close();
  await disconnectDatabase();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function startGateway(): ChildProcess {
  const program = path.join(import.meta.dirname, "memory/gateway-process.ts");
  const flags = values.flags.split(" ").filter(Boolean);
  const options = [...serverNodeOptions(), ...flags];
  const args = [...options, program, postgres.url, folder, `https://127.0.0.1:${cluster.port}`, folder];
  // As `npm start` has it at its second start.
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), "kubewitness-bench-compiled") };
  return spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
}

async function recordSessions(): Promise<void> {
  const { rows } = await pool().query("SELECT id FROM roles WHERE name = 'developer'");
  await updateRole({ ctx: systemContext("bench"), input: { id: rows[0].id, record: "required" } });
}

async function run(address: string, token: string): Promise<void> {
  console.log(
    "| | resident MB | heap in use | heap | beside it | of it buffers | young | alive, and beside |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|");
  const ca = read("ca.crt");
  await settle("after the start");
  let calls = 0;
  while (calls < Number(values.calls)) {
    const target = { name: "gateway", url: `https://${address}${SHOP}?limit=500`, token };
    const load = { connections: CONNECTIONS, seconds: LOAD_SECONDS, core: null };
    const { requestsPerSecond, errors } = await measure(target, load);
    if (errors > 0) throw new Error(`${errors} calls failed`);
    calls += requestsPerSecond * LOAD_SECONDS;
  }
  await settle(`after ${Math.round(calls)} calls`);
  const url = `https://${address}${SHOP}?watch=true`;
  const watches = await openWatches(Number(values.watches), { url, token, ca });
  await settle(`${cluster.watches()} watches`);
  const session = `wss://${address}${SHOP}/web/exec?command=sh&stdout=true&tty=true`;
  const sessions = await openSessions(Number(values.sessions), { url: session, token, ca });
  await settle(`and ${values.sessions} sessions`);
  await sessions.close();
  await watches.close();
  await settle("just after they left");
  await delay(Number(values.quiet) * 1_000);
  await look(`${values.quiet} s later`);
  console.log(`\nEvents of watches: ${watches.events()}.`);
}

/** What others hold for as many watches. */
async function comparePeers(): Promise<void> {
  for (const { name, process: peer, url } of await startPeers(folder, cluster.port)) {
    const before = residentMegabytes(peer);
    const watchUrl = `${url}/api/v1/namespaces/shop/pods?watch=true`;
    const watches = await openWatches(Number(values.watches), { url: watchUrl, ca: read("ca.crt") });
    await delay(Number(values.settle) * 1_000);
    console.log(
      `${name}: ${before} MB after its start, ${residentMegabytes(peer)} MB with ${values.watches} watches.`,
    );
    await watches.close();
    await end(peer);
  }
}

async function settle(name: string): Promise<void> {
  await delay(Number(values.settle) * 1_000);
  await look(name);
}

async function look(name: string): Promise<void> {
  const resident = residentMegabytes(gateway);
  gateway.stdin!.write(values.alive ? "memory alive\n" : "memory\n");
  const memory = await nextLine<ProcessMemory>("heapUsed");
  const { heapUsed, heapTotal, external, arrayBuffers, newSpace, alive, aliveExternal } = memory;
  const cells = [name, resident, heapUsed, heapTotal, external, arrayBuffers, newSpace];
  console.log(`| ${cells.join(" | ")} | ${alive === null ? "" : `${alive}, ${aliveExternal}`} |`);
  if (values.snapshots === undefined) return;
  gateway.stdin!.write(
    `snapshot ${path.join(values.snapshots, `${name.replaceAll(/\W+/g, "-")}.heapsnapshot`)}\n`,
  );
  await nextLine("snapshot");
}

function residentMegabytes({ pid }: ChildProcess): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
}
