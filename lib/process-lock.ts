import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** A file that says which process owns a folder. */
export interface ProcessLock {
  /** Removes the file; safe to call twice. */
  release(): void;
}

/** Thrown by {@link acquireProcessLock} while another process is alive that holds the lock. */
export class LockHeldError extends Error {
  readonly file: string;
  readonly pid: number;
  constructor(file: string, pid: number) {
    super(`${file} is held by process ${pid}`);
    this.file = file;
    this.pid = pid;
  }
}

interface Owner {
  pid: number;
  /** Tells apart two processes that had the same number: boot id and start time, or empty where the system does not say. */
  identity: string;
}

/**
 * Takes the lock or throws {@link LockHeldError}. A lock whose process is gone (killed, or from before a reboot) is taken
 * over. Node has no flock, so the file names its owner by process id and start time.
 */
export function acquireProcessLock(file: string): ProcessLock {
  mkdirSync(path.dirname(file), { recursive: true });
  const owner = readOwner(file);
  if (owner && isRunning(owner)) throw new LockHeldError(file, owner.pid);
  if (existsSync(file)) rmSync(file, { force: true });
  writeOwner(file);
  let held = true;
  return {
    release() {
      if (held) rmSync(file, { force: true });
      held = false;
    },
  };
}

function writeOwner(file: string): void {
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o600);
  } catch (error) {
    // Another process took it between our look and our write.
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new LockHeldError(file, readOwner(file)?.pid ?? 0);
    throw error;
  }
  const owner: Owner = { pid: process.pid, identity: processIdentity(process.pid) };
  writeSync(handle, `${JSON.stringify(owner)}\n`);
  closeSync(handle);
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
