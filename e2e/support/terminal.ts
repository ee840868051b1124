import path from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import { expect } from "@playwright/test";
import { kubeconfigFile } from "./installation.ts";
import { kubectlPath } from "./kubectl.ts";

/** The size that the terminal says it has. */
export const TERMINAL_SIZE = { rows: 33, cols: 101 };

/** alice's kubectl in a terminal of its own. */
export interface Terminal {
  output(): string;
  untilOutput(text: RegExp): Promise<void>;
  write(text: string): void;
  resize(size: { rows: number; cols: number }): void;
  /** Waits until kubectl has ended; its exit code. */
  ended(): Promise<number>;
}

export async function startTerminal(args: string[]): Promise<Terminal> {
  const file = await kubectlPath();
  const terminal: IPty = spawn(file, ["--kubeconfig", kubeconfigFile(), "--context", "alice", ...args], {
    ...TERMINAL_SIZE,
    env: { PATH: process.env.PATH ?? "", HOME: path.dirname(kubeconfigFile()), TERM: "xterm" },
  });
  let text = "";
  terminal.onData((chunk) => {
    text += chunk;
  });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    output: () => text,
    untilOutput: (wanted) => expect.poll(() => text).toMatch(wanted),
    write: (input) => terminal.write(input),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    ended: async () => {
      const killed = setTimeout(() => terminal.kill("SIGKILL"), 30_000);
      const code = await exit;
      clearTimeout(killed);
      return code;
    },
  };
}
