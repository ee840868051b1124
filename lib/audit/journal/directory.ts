import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { acquireProcessLock, LockHeldError, type ProcessLock } from "../../locks/process-lock.ts";
import { log } from "../../log.ts";
import { kernelName } from "./kernel-name.ts";
import { reserveFile } from "./reserve.ts";
import { syncDirectory } from "./segment.ts";

/** A journal's folder, which is this process's alone while it holds it. */
export interface JournalDirectory {
  /** UUID. */
  id: string;
  path: string;
  /** Makes the folder and takes hold of it; does nothing where that is done. Readable by this user alone. */
  make(): Promise<void>;
  release(): void;
}

/** A journal that this process cannot take hold of, and why. */
export interface UnreadableJournal {
  id: string;
  path: string;
  error: Error;
}

const FOLDER = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.adopted)?$/;
/**
 * What a journal's folder is called until its process holds it, and from when on it goes. Nobody who looks for journals takes such a one: a lock that is
 * taken in it would keep its process from starting, or from ending.
 */
const MAKING = ".making";
const REMOVING = ".removing";
/** From when on such a folder is what a process left that ended meanwhile. */
const LEFT_MS = 3_600_000;
const HEARTBEAT_MS = 10_000;
/** A journal of another kernel's is left alone until it has been silent for this long. */
const SILENCE_MS = 60_000;

/** Where the journals of a data folder are. */
export const journalsOf = (data: string): string => path.join(data, "journal");

/** A new journal's folder, `data/journal/<id>`; nothing is on the disk before `make`. */
export function newJournalDirectory(data: string): JournalDirectory {
  const id = randomUUID();
  return new HeldDirectory(id, path.join(journalsOf(data), id));
}

/**
 * Takes hold of every journal that nobody holds: of an earlier start, or of a dead replica with the same data folder. Each moves to
 * `<id>.adopted`: a writer that lives all the same, where locks do not reach it, finds its files gone and acknowledges nothing more.
 */
export async function adoptOrphans(
  data: string,
): Promise<{ adopted: JournalDirectory[]; unreadable: UnreadableJournal[] }> {
  const adopted: JournalDirectory[] = [];
  const unreadable: UnreadableJournal[] = [];
  if (!existsSync(journalsOf(data))) return { adopted, unreadable };
  for (const name of (await readdir(journalsOf(data))).sort()) {
    const directory = path.join(journalsOf(data), name);
    if (name.endsWith(MAKING) || name.endsWith(REMOVING)) await removeLeft(directory);
    const id = FOLDER.exec(name)?.[1];
    if (id === undefined) continue;
    try {
      const held = await adopt(id, directory);
      if (held) adopted.push(held);
    } catch (error) {
      // One that somebody else took or ended between our look and our move is theirs.
      if ((error as NodeJS.ErrnoException).code === "ENOENT" || !existsSync(directory)) continue;
      unreadable.push({ id, path: directory, error: error as Error });
    }
  }
  return { adopted, unreadable };
}

/** Removes a journal that is written to the database to its end, while it is held. False where it is not there: another process has taken it. */
export async function removeJournalDirectory(directory: string): Promise<boolean> {
  const removing = `${directory}${REMOVING}`;
  try {
    await rename(directory, removing);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  await rm(removing, { recursive: true, force: true });
  return true;
}

async function adopt(id: string, directory: string): Promise<JournalDirectory | null> {
  if (await aliveElsewhere(directory)) return null;
  const lock = takeLock(directory);
  if (!lock) return null;
  const adopted = directory.endsWith(".adopted") ? directory : `${directory}.adopted`;
  try {
    if (adopted !== directory) await rename(directory, adopted);
  } catch (error) {
    lock.release();
    throw error;
  }
  await rm(reserveFile(adopted), { force: true });
  // Only a help to others; the lock is what counts, and a full volume may take nothing.
  await writeFile(hostFile(adopted), kernelName(), { mode: 0o600 }).catch(() => undefined);
  return new HeldDirectory(id, adopted, lock);
}

/** Nothing is lost where it stays: that keeps nobody from starting. */
async function removeLeft(directory: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(directory);
    if (Date.now() - mtimeMs > LEFT_MS) await rm(directory, { recursive: true, force: true });
  } catch (error) {
    // It has got its name, or is gone.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    log.warn({ err: error, directory }, "audit journal: what a process left that ended cannot be removed");
  }
}

/** Makes it last where a folder is, with the flushed files that come to be in it: through all folders above it, to the one that `first`, the first that was made, is in. */
async function syncAbove(directory: string, first: string): Promise<void> {
  const last = path.dirname(first);
  for (let above = path.dirname(directory); ; above = path.dirname(above)) {
    await syncDirectory(above);
    if (above === last) return;
  }
}

const lockPath = (directory: string): string => path.join(directory, "lock");
const hostFile = (directory: string): string => path.join(directory, "host");

/** The kernel's locks tell who lives under it. Those of another kernel may not reach here: there the folder's heartbeat tells. */
async function aliveElsewhere(directory: string): Promise<boolean> {
  try {
    const kernel = await readFile(hostFile(directory), "utf8");
    const { mtimeMs } = await stat(hostFile(directory));
    return kernel !== "" && kernel !== kernelName() && Date.now() - mtimeMs < SILENCE_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function takeLock(directory: string): ProcessLock | null {
  try {
    return acquireProcessLock(lockPath(directory));
  } catch (error) {
    if (error instanceof LockHeldError) return null;
    throw error;
  }
}

class HeldDirectory implements JournalDirectory {
  readonly id: string;
  readonly path: string;
  #lock: ProcessLock | null;
  #heartbeat: NodeJS.Timeout | null = null;
  /** Of the folders down to this one the topmost that was not there before. */
  #firstMade: string | undefined;

  constructor(id: string, directory: string, lock: ProcessLock | null = null) {
    this.id = id;
    this.path = directory;
    this.#lock = lock;
    if (lock) this.#beat();
  }

  async make(): Promise<void> {
    if (this.#heartbeat) return;
    if (!existsSync(this.path)) this.#firstMade = await this.#makeHeld();
    await syncAbove(this.path, this.#firstMade ?? this.path);
    await writeFile(hostFile(this.path), kernelName(), { mode: 0o600 });
    this.#beat();
  }

  /** The folder has its name from when on it is held. Gives the topmost folder that was made for it. */
  async #makeHeld(): Promise<string | undefined> {
    const making = `${this.path}${MAKING}`;
    const first = mkdirSync(making, { recursive: true, mode: 0o700 });
    this.#lock ??= acquireProcessLock(lockPath(making));
    await rename(making, this.path);
    return first === making ? this.path : first;
  }

  release(): void {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#lock?.release();
  }

  #beat(): void {
    this.#heartbeat = setInterval(() => {
      const now = new Date();
      // A folder that is gone or a full disk shows elsewhere, where it matters.
      utimes(hostFile(this.path), now, now).catch(() => undefined);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }
}
