import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { lockFile } from "./file-lock.ts";

/** A folder that is this process's alone. */
export interface ProcessLock {
  /** Lets go of it; safe to call twice. */
  release(): void;
}

/** Thrown by {@link acquireProcessLock} while another process is alive that holds the lock. */
export class LockHeldError extends Error {
  readonly file: string;
  /** Who that is, as far as it is known: `process 7 of host web-0`. Process ids are of the holder's own namespace. */
  readonly holder: string;
  constructor(file: string, owner: Owner | undefined) {
    const holder = describeOwner(owner);
    super(`${file} is held by ${holder}`);
    this.file = file;
    this.holder = holder;
  }
}

interface Owner {
  pid: number;
  /** Missing where an earlier version wrote it. */
  host?: string;
  /** Tells apart two processes that had the same number: boot id and start time, or empty where the system does not say. */
  identity: string;
}

/**
 * Takes the lock or throws {@link LockHeldError}; its folder must be there. The kernel holds it (`<file>.held`), across process id namespaces and whatever hosts are
 * called, and it ends with the process. `file` only tells who holds it; programs of earlier versions know no other lock, so one that one
 * of them named and that is running is believed. A name that this version wrote is not: the folder may have been moved since, with the name in it.
 */
export function acquireProcessLock(file: string): ProcessLock {
  const lock = lockFile(`${file}.held`);
  const owner = readOwner(file);
  if (!lock) throw new LockHeldError(file, owner);
  if (owner && owner.host === undefined && isRunning(owner)) {
    lock.release();
    throw new LockHeldError(file, owner);
  }
  writeOwner(file);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(file, { force: true });
      // The file of the kernel's lock stays: where it came and went, two could lock a file each.
      lock.release();
    },
  };
}

const describeOwner = (owner: Owner | undefined): string => {
  if (!owner) return "another process";
  return owner.host === undefined ? `process ${owner.pid}` : `process ${owner.pid} of host ${owner.host}`;
};

function writeOwner(file: string): void {
  const owner: Owner = { pid: process.pid, host: hostname(), identity: processIdentity(process.pid) };
  try {
    writeFileSync(file, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  } catch (error) {
    // A full volume takes no name; the lock holds without it.
    if (!["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function readOwner(file: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(readFileSync(file, "utf8"));
    return Number.isInteger(owner.pid) && owner.pid > 0 ? owner : undefined;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    // A file cut short by a crash names nobody.
    if (missing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRunning(owner: Owner): boolean {
  if (owner.pid === process.pid) return owner.identity === processIdentity(process.pid);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return owner.identity === processIdentity(owner.pid);
}

function processIdentity(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc(5): the name in parentheses may hold spaces; starttime is field 22, the 20th after it.
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${boot}/${started}`;
  } catch {
    return "";
  }
}
