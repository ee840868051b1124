import { type ChildProcess, spawn } from "node:child_process";
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

/** Calls `stop` once: on SIGINT, SIGTERM, SIGHUP, or when the bootstrap that started this process is gone. */
export function onStopRequest(stop: (reason: NodeJS.Signals | "disconnect") => void): void {
  let asked = false;
  const once = (reason: NodeJS.Signals | "disconnect") => {
    if (asked) return;
    asked = true;
    stop(reason);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => once(signal));
  process.on("disconnect", () => once("disconnect"));
}

/** Starts a program of node_modules/.bin or PATH in the project's root with inherited output. */
export function startProgram(
  program: string,
  programArguments: string[],
  environment: Record<string, string | undefined> = {},
): ChildProcess {
  return spawn(program, programArguments, {
    cwd: projectRoot,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
}

/** Runs a program to its end and resolves with its exit code (1 where a signal ended it). */
export function runProgram(
  program: string,
  programArguments: string[],
  environment: Record<string, string | undefined> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = startProgram(program, programArguments, environment);
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.on("error", (error) => reject(new StepError(`${program} could not be started: ${error.message}`)));
    child.on("close", (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(code ?? 1);
    });
  });
}

function describeError(error: unknown): string {
  if (error instanceof StepError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function takeStartTime(): number {
  const given = Number(process.env.KUBEWITNESS_RUN_STARTED_AT);
  // Not for children: the application refuses KUBEWITNESS_ variables that it does not know.
  delete process.env.KUBEWITNESS_RUN_STARTED_AT;
  return Number.isFinite(given) && given > 0 ? given : Date.now();
}
