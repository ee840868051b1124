import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { GOALS, type Verdicts } from "./goals.ts";
import { measure, median, type Target } from "./load.ts";
import { type Cluster, OTHER_CORE, type Peer, type Rig } from "./rig.ts";

const CONNECTIONS = 16;
const CLIENT = path.join(import.meta.dirname, "paced-client-process.ts");
const COMPARED: readonly Peer[] = ["upstream alone", "nginx", "http-proxy", "gateway"];

interface Paced {
  answers: number;
  failures: number;
  late: number;
  p50: number;
  p99: number;
}

/** What the gateway adds to a call at half of the calls that it could answer. kubectl proxy is left out: it is called without TLS. */
export async function measureHalfLoad(
  rig: Rig,
  { rounds, seconds }: { rounds: number; seconds: number },
  verdicts: Verdicts,
): Promise<void> {
  console.log("\n| upstream | target | calls/s | p50 ms | p99 ms | not sent in time | failed |");
  console.log("|---|---|---:|---:|---:|---:|---:|");
  for (const cluster of ["instant", "slow"] as const) {
    const targets = rig.targets(cluster).filter(({ name }) => COMPARED.includes(name));
    const gateway = targets.find(({ name }) => name === "gateway")!;
    const { requestsPerSecond } = await measure(gateway, {
      connections: CONNECTIONS,
      seconds,
      core: OTHER_CORE,
    });
    const rate = Math.round(requestsPerSecond / 2);
    const results = new Map<Peer, Paced[]>(targets.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const target of targets) results.get(target.name)!.push(await pace(rig, target, rate, seconds));
    for (const [name, paced] of results) console.log(row(cluster, name, rate, paced));
    const p99 = (name: Peer) => median(results.get(name)!.map((one) => one.p99));
    const added = p99("gateway") - p99("upstream alone");
    verdicts.atMost(`p99 added at half load, ms, ${cluster} upstream`, GOALS.addedP99Ms, added);
  }
}

function row(cluster: Cluster, name: Peer, rate: number, paced: readonly Paced[]): string {
  const of = (key: keyof Paced) => median(paced.map((one) => one[key]));
  const cells = [cluster, name, rate, of("p50").toFixed(2), of("p99").toFixed(2), of("late"), of("failures")];
  return `| ${cells.join(" | ")} |`;
}

async function pace(rig: Rig, { url, token = "-" }: Target, rate: number, seconds: number): Promise<Paced> {
  const client = [CLIENT, url, rig.folder, token, String(CONNECTIONS), String(rate), String(seconds)];
  const args = ["-c", String(OTHER_CORE), process.execPath, ...client];
  const { stdout } = await promisify(execFile)("taskset", args);
  return JSON.parse(stdout) as Paced;
}
