import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

export interface Target {
  name: string;
  url: string;
  token?: string;
  /** Whose CPU time is counted, together. */
  pids?: number[];
}

export interface Measurement {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers that were not 2xx or 3xx, and socket errors. */
  errors: number;
  /** What the process (all its threads) used for a call; NaN where it was not counted. */
  cpuMicroseconds: number;
}

/** One run of wrk with one thread, on `core`; on any where that is null. */
export async function measure(
  { url, token, pids = [] }: Target,
  { connections, seconds, core }: { connections: number; seconds: number; core: number | null },
): Promise<Measurement> {
  const headers = [
    "-H",
    "User-Agent: kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
    "-H",
    "Accept: application/json",
  ];
  if (token !== undefined) headers.push("-H", `Authorization: Bearer ${token}`);
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "10s"];
  const before = cpuMicroseconds(pids);
  const pinned = core === null ? [] : ["taskset", "-c", String(core)];
  const [program = "", ...args] = [...pinned, "wrk", ...load, ...headers, url];
  const { stdout } = await promisify(execFile)(program, args);
  const { calls, ...report } = readReport(stdout);
  return { ...report, cpuMicroseconds: (cpuMicroseconds(pids) - before) / calls };
}

/** Reads wrk's report. */
function readReport(report: string): Omit<Measurement, "cpuMicroseconds"> & { calls: number } {
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(report)?.[1];
  if (rate === undefined) throw new Error(`wrk said: ${report}`);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report) ?? [];
  const errors = refused + broken.slice(1).reduce((sum, count) => sum + Number(count), 0);
  const calls = Number(/(\d+) requests in/.exec(report)?.[1]);
  return {
    calls,
    requestsPerSecond: Number(rate),
    p50: latency(report, 50),
    p99: latency(report, 99),
    errors,
  };
}

const MILLISECONDS: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };

function latency(report: string, percentile: number): number {
  const [, value, unit] = new RegExp(`${percentile}%\\s+([\\d.]+)(us|ms|s)`).exec(report) ?? [];
  return Number(value) * (MILLISECONDS[unit ?? ""] ?? Number.NaN);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** CPU time of processes so far (proc(5): utime and stime, in ticks of 10 ms); NaN of none. */
function cpuMicroseconds(pids: readonly number[]): number {
  if (pids.length === 0) return Number.NaN;
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]!.split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}
