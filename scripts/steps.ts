import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** The project's root, with a package.json in it. */
export const projectRoot = path.resolve(import.meta.dirname, "..");

const startedAt = takeStartTime();

/** An expected failure of a script: the message says what failed and what to do next; no stack is printed. */
export class StepError extends Error {}

/** Prints one line of progress with the seconds since the npm script was started. */
export function announce(text: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`[${seconds} s] ${text}\n`);
}

/** Runs a script's main function; turns a {@link StepError} into one line on stderr and exit code 1. */
export async function runScript(main: () => Promise<number | undefined>): Promise<void> {
  process.chdir(projectRoot);
  process.channel?.unref();
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`error: ${describeError(error)}\n`);
    process.exitCode = 1;
  }
  // Whatever a failed step left open must not keep a finished script alive.
  process.exit();
}

/**
 * Calls `stop` once: on SIGINT, SIGTERM, when the terminal is closed, or when the bootstrap that started this process is gone. `reload`: on
 * SIGHUP where there is no terminal, as a service manager sends it.
 */
export function onStopRequest(
  stop: (reason: NodeJS.Signals | "disconnect") => void,
  reload?: () => void,
): void {
  let asked = false;
  const once = (reason: NodeJS.Signals | "disconnect") => {
    if (asked) return;
    asked = true;
    stop(reason);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => once(signal));
  const mayReload = reload !== undefined && process.stdin.isTTY !== true;
  process.on("SIGHUP", () => (mayReload ? reload() : once("SIGHUP")));
  process.on("disconnect", () => once("disconnect"));
}

/** The full path of a program on PATH. */
export function findOnPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

type Environment = Record<string, string | undefined>;

/** Runs a program of node_modules/.bin or PATH in the root with its output shown; resolves with its exit code. */
export async function runProgram(
  program: string,
  options: string[],
  environment: Environment = {},
): Promise<number> {
  const child = startProgram(program, options, environment, ["ignore", "inherit", "inherit"]);
  return await exitCode(program, child);
}

/** Runs a program and keeps what it prints on either stream. */
export async function runCaptured(
  program: string,
  options: string[],
  environment: Environment = {},
): Promise<{ code: number; output: string }> {
  const child = startProgram(program, options, environment, ["ignore", "pipe", "pipe"]);
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const code = await exitCode(program, child);
  return { code, output };
}

function startProgram(
  program: string,
  options: string[],
  environment: Environment,
  stdio: StdioOptions,
): ChildProcess {
  return spawn(program, options, { cwd: projectRoot, stdio, env: { ...process.env, ...environment } });
}

const EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143 };

/** A signal ends the program, and then this script. */
function exitCode(program: string, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let interruption: NodeJS.Signals | undefined;
    const forward = (signal: NodeJS.Signals) => {
      interruption = signal;
      child.kill(signal);
    };
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.on("error", (error) => reject(new StepError(`${program} could not be started: ${error.message}`)));
    child.on("close", (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      if (interruption) process.exit(EXIT_CODES[interruption] ?? 1);
      resolve(code ?? 1);
    });
  });
}

export function describeError(error: unknown): string {
  if (error instanceof StepError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function takeStartTime(): number {
  const given = Number(process.env.KUBEWITNESS_RUN_STARTED_AT);
  // Not for children: the application refuses KUBEWITNESS_ variables that it does not know.
  delete process.env.KUBEWITNESS_RUN_STARTED_AT;
  return Number.isFinite(given) && given > 0 ? given : Date.now();
}
