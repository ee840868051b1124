import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StepError } from "../steps.ts";

// https://www.postgresql.org/docs/18/storage-file-layout.html: line 1 the process id, line 8 the state once it is known.
const PROCESS_ID_LINE = 0;
const STATE_LINE = 7;
const SHUTDOWN_DEADLINE_MS = 60_000;

/** Whether the server with this process id says that it takes connections; a pid file left by another says nothing. */
export function isPostmasterReady(dataDirectory: string, pid: number | undefined): boolean {
  const lines = readPidFile(dataDirectory);
  return Number(lines?.[PROCESS_ID_LINE]) === pid && lines?.[STATE_LINE]?.trim() === "ready";
}

/**
 * Ends a PostgreSQL that an earlier, killed run left on `dataDirectory`, and removes a pid file whose number has since
 * gone to another program (PostgreSQL itself would refuse to start then). Call only while holding the folder's lock.
 * Resolves with true where a server was ended.
 */
export async function endOrphanedPostmaster(dataDirectory: string): Promise<boolean> {
  const pid = Number(readPidFile(dataDirectory)?.[PROCESS_ID_LINE]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  if (!isPostmasterOf(pid, dataDirectory)) {
    rmSync(path.join(dataDirectory, "postmaster.pid"), { force: true });
    return false;
  }
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + SHUTDOWN_DEADLINE_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new StepError(
        `PostgreSQL of an earlier run (process ${pid}) does not end: end it, then start again`,
      );
    }
    await sleep(50);
  }
  return true;
}

function readPidFile(dataDirectory: string): string[] | undefined {
  const file = path.join(dataDirectory, "postmaster.pid");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n") : undefined;
}

/** A postmaster's working directory is its data directory. Without /proc every live process counts as one. */
function isPostmasterOf(pid: number, dataDirectory: string): boolean {
  if (!existsSync("/proc/self")) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
