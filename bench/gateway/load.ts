import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Target {
  name: string;
  url: string;
  token?: string;
}

export interface Measurement {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers that were not 2xx or 3xx, and socket errors. */
  errors: number;
}

/** One run of wrk with one thread on `core`. */
export async function measure(
  { url, token }: Target,
  { connections, seconds, core }: { connections: number; seconds: number; core: number },
): Promise<Measurement> {
  const headers = [
    "-H",
    "User-Agent: kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
    "-H",
    "Accept: application/json",
  ];
  if (token !== undefined) headers.push("-H", `Authorization: Bearer ${token}`);
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "10s"];
  const { stdout } = await promisify(execFile)("taskset", [
    "-c",
    String(core),
    "wrk",
    ...load,
    ...headers,
    url,
  ]);
  return readReport(stdout);
}

/** Reads wrk's report. */
export function readReport(report: string): Measurement {
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(report)?.[1];
  if (rate === undefined) throw new Error(`wrk said: ${report}`);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report) ?? [];
  const errors = refused + broken.slice(1).reduce((sum, count) => sum + Number(count), 0);
  return { requestsPerSecond: Number(rate), p50: latency(report, 50), p99: latency(report, 99), errors };
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
