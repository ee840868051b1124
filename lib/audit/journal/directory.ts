import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { acquireProcessLock, LockHeldError, type ProcessLock } from "../../process-lock.ts";

/** A journal's folder, held by this process. */
export interface JournalDirectory {
  /** Folder name, UUID. */
  id: string;
  path: string;
  release(): void;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEARTBEAT_MS = 10_000;
/** A journal of another host's is left alone until it has been silent for this long. */
const SILENCE_MS = 60_000;

const root = (data: string): string => path.join(data, "journal");

/** Makes a journal's folder, `data/journal/<id>`, readable by this user alone, and holds it. */
export async function createJournalDirectory(data: string): Promise<JournalDirectory> {
  const id = randomUUID();
  const directory = path.join(root(data), id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = acquireProcessLock(lockFile(directory));
  await writeFile(hostFile(directory), hostname(), { mode: 0o600 });
  return hold(id, directory, lock);
}

/** Takes hold of every journal that nobody holds: of an earlier start, or of a dead replica with the same data folder. */
export async function adoptOrphans(data: string): Promise<JournalDirectory[]> {
  if (!existsSync(root(data))) return [];
  const names = (await readdir(root(data))).filter((name) => UUID.test(name)).sort();
  const adopted: JournalDirectory[] = [];
  for (const id of names) {
    const directory = path.join(root(data), id);
    if (await aliveElsewhere(directory)) continue;
    const lock = takeLock(directory);
    if (lock) adopted.push(hold(id, directory, lock));
  }
  return adopted;
}

/** Removes a journal that is written to the database to its end. */
export async function removeJournalDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

const lockFile = (directory: string): string => path.join(directory, "lock");
const hostFile = (directory: string): string => path.join(directory, "host");

/** A process id says nothing about another host (or container): there the folder's heartbeat does. */
async function aliveElsewhere(directory: string): Promise<boolean> {
  try {
    const host = await readFile(hostFile(directory), "utf8");
    const { mtimeMs } = await stat(hostFile(directory));
    return host !== hostname() && Date.now() - mtimeMs < SILENCE_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function takeLock(directory: string): ProcessLock | null {
  try {
    return acquireProcessLock(lockFile(directory));
  } catch (error) {
    if (error instanceof LockHeldError) return null;
    throw error;
  }
}

function hold(id: string, directory: string, lock: ProcessLock): JournalDirectory {
  const beat = () => {
    const now = new Date();
    // A folder that is gone or a full disk shows elsewhere, where it matters.
    utimes(hostFile(directory), now, now).catch(() => undefined);
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    lock.release();
  };
  return { id, path: directory, release };
}
