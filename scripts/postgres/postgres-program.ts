import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import path from "node:path";
import type { RunAs } from "./run-as.ts";

/** Starts one of PostgreSQL's programs as the one that may run it. */
export function startPostgresProgram(
  runAs: RunAs,
  program: "initdb" | "postgres",
  programArguments: string[],
  stdio: StdioOptions,
): ChildProcess {
  const [file, ...rest] = [...runAs.prefix, path.join(runAs.binDirectory, program), ...programArguments];
  return spawn(file!, rest, {
    ...runAs.ids,
    stdio,
    cwd: "/",
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    // A session of its own: Ctrl-C must reach the application, which drains first, and not PostgreSQL.
    detached: true,
  });
}
