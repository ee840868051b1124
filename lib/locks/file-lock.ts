import { accessSync, closeSync, constants, existsSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** A lock on a file that ends with its holder, however that ends, and not before it is released. */
export interface FileLock {
  release(): void;
}

/** Those that are held: garbage collection would close a database that nothing refers to, and its lock would end unseen. */
const held = new Set<DatabaseSync>();

/** SQLite's primary result codes: the lock is another's. */
const BUSY = 5;
const LOCKED = 6;

/**
 * Takes the kernel's own lock on a file, which it makes where it is missing; null where another holds it, whichever process, container or (over NFS)
 * host that is. Node offers neither flock nor fcntl; SQLite, which is in Node, locks its files by fcntl (F_SETLK), and an empty file is an empty database to
 * it. Nothing is written, so a full volume does not matter. The file must be for nothing else: closing any handle of it in this process
 * would end the lock (fcntl(2)), which only SQLite guards against.
 * @throws where the file cannot be made or opened, and where the file system takes no locks.
 */
export function lockFile(file: string): FileLock | null {
  if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  else closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (code === BUSY || code === LOCKED) return null;
    throw new Error(
      `${file} cannot be locked (${(error as Error).message}): use a file system that takes locks`,
      {
        cause: error,
      },
    );
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
