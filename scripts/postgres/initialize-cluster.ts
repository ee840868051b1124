import type { ChildProcess } from "node:child_process";
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { StepError } from "../steps.ts";
import { startPostgresProgram } from "./postgres-program.ts";
import type { RunAs } from "./run-as.ts";

/** Makes the cluster beside its place and moves it there: a first start that was cut short leaves nothing half-done. */
export async function initializeCluster(
  runAs: RunAs,
  { user, password }: { user: string; password: string },
): Promise<void> {
  const unfinished = `${runAs.dataDirectory}.unfinished`;
  const passwordFile = `${runAs.dataDirectory}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(runAs, unfinished, passwordFile);
  try {
    const options = [
      "-U",
      user,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "-E",
      "UTF8",
      "--locale=C",
    ];
    await runInitdb(runAs, ["-D", unfinished, ...options]);
  } finally {
    rmSync(passwordFile);
  }
  rmSync(runAs.dataDirectory, { recursive: true, force: true });
  renameSync(unfinished, runAs.dataDirectory);
}

async function runInitdb(runAs: RunAs, programArguments: string[]): Promise<void> {
  const child = startPostgresProgram(runAs, "initdb", programArguments, ["ignore", "ignore", "pipe"]);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const end = () => endGroup(child);
  process.once("exit", end);
  const code = await new Promise((resolve) => child.on("close", resolve));
  process.off("exit", end);
  if (code !== 0) throw new StepError(`PostgreSQL's initdb failed (${runAs.mode}): ${said.trim()}`);
}

/** Ctrl-C does not reach the session that initdb runs in: it ends with the script that waits for it. */
function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

function giveTo({ ids }: RunAs, ...files: string[]): void {
  if (ids.uid === undefined || ids.gid === undefined) return;
  for (const file of files) chownSync(file, ids.uid, ids.gid);
}
