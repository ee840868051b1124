import type { Terminal } from "./terminal.ts";

/** What `--output json` prints: for programs, and for people who read it. */
export const printJson = (terminal: Terminal, value: unknown): void =>
  terminal.print(JSON.stringify(value, null, 2));
