import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { serverNodeOptions } from "../../scripts/node-options.ts";
import { freePort } from "../../test/free-ports.ts";
import { runStatement } from "../../test/run-statement.ts";
import { GOALS, type Verdicts } from "./goals.ts";
import { type Measurement, measure, median } from "./load.ts";
import { end, firstLine } from "./programs.ts";

const CONNECTIONS = [16, 64];
const COUNTS = [1, 2];
const WARM_UP_SECONDS = 2;
/** Two for the gateway, one for client and upstream, one for PostgreSQL. */
const CORES_FOR_ALL = 4;

interface Running {
  count: number;
  url: string;
  token: string;
  pids: number[];
  child: ChildProcess;
}

interface Input {
  databaseUrl: string;
  folder: string;
  upstream: string;
  path: string;
  seconds: number;
  rounds: number;
}

/**
 * One gateway process against two, on all cores, beside client, upstream and PostgreSQL, which take theirs: what a second process is worth on a machine of this size. What a
 * call costs is the sum over the processes. By that, too, it is said what two cores of their own would answer, of one: where a machine has no others for client, upstream and
 * PostgreSQL, the rate says more of those.
 */
export async function compareProcesses(input: Input, verdicts: Verdicts): Promise<void> {
  console.log("\nGateway processes, nothing on a core of its own:\n");
  console.log("| connections | processes | requests/s | p50 ms | p99 ms | CPU µs a call | errors | of one |");
  console.log("|---:|---:|---:|---:|---:|---:|---:|---:|");
  const running: Running[] = [];
  try {
    for (const count of COUNTS) running.push(await start(input, count));
    for (const target of running) await load(target, { connections: 16, seconds: WARM_UP_SECONDS });
    for (const connections of CONNECTIONS) await compare(running, connections, input, verdicts);
  } finally {
    for (const { child } of running) await end(child);
  }
}

async function compare(
  running: readonly Running[],
  connections: number,
  { seconds, rounds }: { seconds: number; rounds: number },
  verdicts: Verdicts,
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
  const [one, two] = running as [Running, Running];
  const rates = of(two, "requestsPerSecond") / of(one, "requestsPerSecond");
  const costs = (COUNTS[1]! * of(one, "cpuMicroseconds")) / of(two, "cpuMicroseconds");
  const shared = availableParallelism() < CORES_FOR_ALL ? ", client and upstream on the same cores" : "";
  verdicts.atLeast(`two processes at ${connections}, of one${shared}`, GOALS.twoCores, rates);
  verdicts.atLeast(`two processes at ${connections}, of one, by CPU µs a call`, GOALS.twoCores, costs);
}

const load = (
  { url, token, pids }: Running,
  { connections, seconds }: { connections: number; seconds: number },
) => measure({ name: url, url, token, pids }, { connections, seconds, core: null });

async function start(
  { databaseUrl, folder, upstream, path: target }: Input,
  count: number,
): Promise<Running> {
  const database = new URL(databaseUrl);
  database.pathname = `/processes_${count}`;
  await runStatement(databaseUrl, `create database processes_${count}`);
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
