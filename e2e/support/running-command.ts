import { once } from "node:events";
import { expect } from "@playwright/test";
import { type KubectlOptions, startKubectl } from "./kubectl.ts";

const COMMAND_ENDS_MS = 30_000;

/** A kubectl that goes on until it is ended. */
export interface RunningCommand {
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until its output has the text. */
  untilOutput(text: string | RegExp): Promise<void>;
  write(text: string): void;
  /** Waits until it has ended by itself; its exit code. */
  ended(): Promise<number>;
  /** Ctrl-C. */
  end(): Promise<void>;
}

export async function startCommand(args: string[], options: KubectlOptions = {}): Promise<RunningCommand> {
  const child = await startKubectl(args, options);
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text.stderr += chunk;
  });
  const closed = once(child, "close").then(([code]) => (code as number | null) ?? -1);
  const withinReason = async () => {
    const killed = setTimeout(() => child.kill("SIGKILL"), COMMAND_ENDS_MS);
    const code = await closed;
    clearTimeout(killed);
    return code;
  };
  if (options.stdin !== undefined) child.stdin.end(options.stdin);
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    untilOutput: (wanted) => expect.poll(() => text.stdout + text.stderr).toMatch(wanted),
    write: (input) => void child.stdin.write(input),
    ended: withinReason,
    end: async () => {
      child.kill("SIGINT");
      await withinReason();
    },
  };
}
