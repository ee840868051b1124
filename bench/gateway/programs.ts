import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { findOnPath } from "../../scripts/steps.ts";

/** What the bench runs beside the gateway; a name that is missing makes it impossible. */
export const PROGRAMS = {
  taskset: "util-linux",
  wrk: "wrk",
  nginx: "nginx-light",
  kubectl: "kubernetes-client",
} as const;

/** Sees to it that the programs are there: as root from Debian's packages. Yields the packages that are still missing. */
export function ensurePrograms(): string[] {
  const missing = () =>
    Object.entries(PROGRAMS)
      .filter(([name]) => !findOnPath(name))
      .map(([, debian]) => debian);
  const wanted = missing();
  if (wanted.length === 0 || process.getuid?.() !== 0 || !findOnPath("apt-get")) return wanted;
  console.log(`Installing ${wanted.join(", ")} (apt-get install)`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["install", "-y", "-qq", ...wanted], { env: environment, stdio: "ignore" });
  } catch {
    // Said by the caller, with the names.
  }
  return missing();
}

/** Starts a program on one core. kubectl proxy says a line for each connection that its client closes. */
export function startOn(
  core: number,
  command: string,
  args: string[],
  { env = process.env, stderr = "inherit" }: { env?: NodeJS.ProcessEnv; stderr?: "inherit" | "ignore" } = {},
): ChildProcess {
  return spawn("taskset", ["-c", String(core), command, ...args], { env, stdio: ["ignore", "pipe", stderr] });
}

/** The first line of a program's output that matches, or an error when it ends before. */
export function firstLine(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once("exit", (code) =>
      reject(new Error(`${child.spawnargs.join(" ")} ended with ${code}: ${text}`)),
    );
  });
}

/** Ends a program that the bench started, by its own process. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  await exited(child);
}

/** Waits for a program's own end. */
export async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}
