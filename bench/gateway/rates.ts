import { GOALS, type Verdicts } from "./goals.ts";
import { type Measurement, measure, median, type Target } from "./load.ts";
import { type Cluster, OTHER_CORE, type Peer, type Rig } from "./rig.ts";
import { formatThreads, type ThreadTimes, threadsBetween, threadTimes } from "./threads.ts";

const CONNECTIONS = [1, 16, 64];
const WARM_UP_SECONDS = 2;

interface Rounds {
  target: Target;
  measurements: Measurement[];
  threads: Map<string, number>;
  calls: number;
}

/** As many calls as each can answer, for so many connections: a table, and what of the goals was met. */
export async function compareRates(
  rig: Rig,
  cluster: Cluster,
  { rounds, seconds }: { rounds: number; seconds: number },
  verdicts: Verdicts,
): Promise<void> {
  const targets = rig.targets(cluster);
  for (const target of targets)
    await measure(target, { connections: 16, seconds: WARM_UP_SECONDS, core: OTHER_CORE });
  console.log(
    "\n| connections | target | requests/s | p50 ms | p99 ms | CPU µs a call | errors | of kubectl proxy | of nginx |",
  );
  console.log("|---:|---|---:|---:|---:|---:|---:|---:|---:|");
  const threads: string[] = [];
  for (const connections of CONNECTIONS) {
    const results = await inTurn(targets, connections, { rounds, seconds });
    for (const [name, result] of results) {
      console.log(row(connections, name, result, results));
      if (name.startsWith("gateway"))
        threads.push(`${name}, ${connections}: ${formatThreads(result.threads, result.calls)}`);
    }
    judge(cluster, connections, results, verdicts);
  }
  console.log(`\nCPU µs a call by thread:\n\n${threads.map((line) => `- ${line}`).join("\n")}`);
}

async function inTurn(
  targets: readonly (Target & { name: Peer })[],
  connections: number,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Map<Peer, Rounds>> {
  const results = new Map<Peer, Rounds>(
    targets.map((target) => [target.name, { target, measurements: [], threads: new Map(), calls: 0 }]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const result of results.values()) {
      const before = threadTimes(result.target.pids ?? []);
      const measurement = await measure(result.target, { connections, seconds, core: OTHER_CORE });
      add(result.threads, threadsBetween(before, threadTimes(result.target.pids ?? [])));
      result.measurements.push(measurement);
      result.calls += measurement.requestsPerSecond * seconds;
    }
  }
  return results;
}

function add(sums: Map<string, number>, times: ThreadTimes): void {
  for (const [name, time] of times) sums.set(name, (sums.get(name) ?? 0) + time);
}

const of = ({ measurements }: Rounds, key: keyof Measurement): number =>
  median(measurements.map((measurement) => measurement[key]));

/** A rate as a share of a peer's. */
function share(results: Map<Peer, Rounds>, name: Peer, peer: Peer): number {
  return of(results.get(name)!, "requestsPerSecond") / of(results.get(peer)!, "requestsPerSecond");
}

function row(connections: number, name: Peer, result: Rounds, results: Map<Peer, Rounds>): string {
  const errors = result.measurements.reduce((sum, measurement) => sum + measurement.errors, 0);
  const cells = [
    ...[connections, name, Math.round(of(result, "requestsPerSecond"))],
    ...[of(result, "p50").toFixed(2), of(result, "p99").toFixed(2)],
    ...[result.target.pids?.length ? of(result, "cpuMicroseconds").toFixed(0) : "", errors],
    ...[share(results, name, "kubectl proxy").toFixed(2), share(results, name, "nginx").toFixed(2)],
  ];
  return `| ${cells.join(" | ")} |`;
}

function judge(cluster: Cluster, connections: number, results: Map<Peer, Rounds>, verdicts: Verdicts): void {
  const atLeast = (peer: Peer, goal: number | undefined) => {
    if (goal === undefined) return;
    const what = `requests/s at ${connections}, ${cluster} upstream, of ${peer}`;
    verdicts.atLeast(what, goal, share(results, "gateway", peer));
  };
  if (cluster === "slow") {
    atLeast("kubectl proxy", GOALS.slowOfKubectlProxy);
    return;
  }
  atLeast("kubectl proxy", GOALS.ofKubectlProxy[connections]);
  atLeast("nginx", GOALS.ofNginx[connections]);
  const cpu = GOALS.cpuMicroseconds[connections];
  if (cpu !== undefined)
    verdicts.atMost(`CPU µs a call at ${connections}`, cpu, of(results.get("gateway")!, "cpuMicroseconds"));
}
