import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleCommandLine } from "../../scripts/cli/bundle.ts";

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  child: ChildProcessWithoutNullStreams;
  /** What was printed so far. */
  stdout(): string;
  stderr(): string;
  ended: Promise<CliResult>;
}

/** A person's machine: a home folder of its own, in which the command line is run as they would. */
export interface Machine {
  home: string;
  /** The bundle. */
  program: string;
  env: NodeJS.ProcessEnv;
  start(words: string[], env?: Record<string, string>): RunningCli;
  run(words: string[], env?: Record<string, string>): Promise<CliResult>;
  remove(): void;
}

/** Made anew for the first machine of this process, and removed with the last. */
let bundle: { folder: string; program: Promise<string>; machines: number } | undefined;

function shareBundle(): { program: Promise<string>; leave: () => void } {
  if (bundle === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-bundle-"));
    bundle = { folder, program: bundleCommandLine(folder), machines: 0 };
  }
  const shared = bundle;
  shared.machines++;
  const leave = () => {
    if (--shared.machines > 0) return;
    rmSync(shared.folder, { recursive: true, force: true });
    if (bundle === shared) bundle = undefined;
  };
  return { program: shared.program, leave };
}

/** With the bundle that people get. */
export async function createMachine(): Promise<Machine> {
  const home = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-home-"));
  const shared = shareBundle();
  const program = await shared.program;
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    PATH: process.env.PATH ?? "",
    NODE_ENV: "test",
    LC_ALL: "C",
    TZ: "UTC",
  };
  const running = new Set<ChildProcessWithoutNullStreams>();
  const start = (words: string[], more: Record<string, string> = {}): RunningCli => {
    const child = spawn(process.execPath, [program, ...words], {
      env: { ...env, ...more },
      stdio: "pipe",
    });
    const text = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk) => {
        text[stream] += chunk;
      });
    child.stdin.end();
    running.add(child);
    child.on("close", () => running.delete(child));
    const ended = new Promise<CliResult>((resolve) =>
      child.on("close", (code) => resolve({ code, ...text })),
    );
    return { child, stdout: () => text.stdout, stderr: () => text.stderr, ended };
  };
  return {
    home,
    program,
    env,
    start,
    run: (words, more) => start(words, more).ended,
    remove() {
      for (const child of running) child.kill("SIGKILL");
      rmSync(home, { recursive: true, force: true });
      shared.leave();
    },
  };
}
