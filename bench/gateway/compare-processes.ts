import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { serverNodeOptions } from "../../scripts/node-options.ts";
import { freePort } from "../../test/free-ports.ts";
import { type Measurement, measure, median } from "./load.ts";
import { end, firstLine } from "./programs.ts";

const CONNECTIONS = [16, 64];
const COUNTS = [1, 2];
const WARM_UP_SECONDS = 2;

interface Running {
  count: number;
  url: string;
  token: string;
  pids: number[];
  child: ChildProcess;
}

/**
 * One gateway process against two, on all cores, beside client, upstream and PostgreSQL, which take theirs: what a second process is worth on a machine of this size. What a
 * call costs is the sum over the processes.
 */
export async function compareProcesses(input: {
  databaseUrl: string;
  folder: string;
  upstream: string;
  path: string;
  seconds: number;
  rounds: number;
}): Promise<void> {
  console.log("\nGateway processes, nothing on a core of its own:\n");
  console.log("| connections | processes | requests/s | p50 ms | p99 ms | CPU µs a call | errors | of one |");
  console.log("|---:|---:|---:|---:|---:|---:|---:|---:|");
  const running: Running[] = [];
  try {
    for (const count of COUNTS) running.push(await start(input, count));
    for (const target of running) await load(target, { connections: 16, seconds: WARM_UP_SECONDS });
    for (const connections of CONNECTIONS) await compare(running, connections, input);
  } finally {
    for (const { child } of running) await end(child);
  }
}

async function compare(
  running: readonly Running[],
  connections: number,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<void> {
  const results = new Map<Running, Measurement[]>(running.map((target) => [target, []]));
  for (let round = 0; round < rounds; round++)
    for (const target of running) results.get(target)!.push(await load(target, { connections, seconds }));
  const of = (target: Running, key: keyof Measurement) =>
    median(results.get(target)!.map((measurement) => measurement[key]));
  for (const target of running) {
    const errors = results.get(target)!.reduce((sum, measurement) => sum + measurement.errors, 0);
    const rate = of(target, "requestsPerSecond");
    const cells = [
      ...[connections, target.count, Math.round(rate)],
      ...[of(target, "p50").toFixed(2), of(target, "p99").toFixed(2)],
      ...[of(target, "cpuMicroseconds").toFixed(0), errors],
      (rate / of(running[0]!, "requestsPerSecond")).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const load = (
  { url, token, pids }: Running,
  { connections, seconds }: { connections: number; seconds: number },
) => measure({ name: url, url, token, pids }, { connections, seconds, core: null });

async function start(
  { databaseUrl, folder, upstream, path: target }: Parameters<typeof compareProcesses>[0],
  count: number,
): Promise<Running> {
  const database = new URL(databaseUrl);
  database.pathname = `/processes_${count}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create database processes_${count}`);
  await client.end();
  const data = path.join(folder, `processes-${count}`);
  mkdirSync(data);
  const port = await freePort();
  const program = path.join(import.meta.dirname, "processes-program.ts");
  const args = [program, database.href, data, upstream, folder, String(port), String(count)];
  const child = spawn(process.execPath, [...serverNodeOptions(), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { token, pids } = JSON.parse((await firstLine(child, /^\{.*\}$/m))[0]) as {
    token: string;
    pids: number[];
  };
  return { count, url: `https://127.0.0.1:${port}/k8s/clusters/bench${target}`, token, pids, child };
}
