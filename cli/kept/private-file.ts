import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { Failure } from "../program/failure.ts";

const OTHERS = 0o077;

/**
 * The text of a file that is its owner's alone; null where there is none.
 * @throws Failure where others may read or write it, or it is another's: what is in it may be known, or not be ours.
 */
export function readPrivateFile(file: string): string | null {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw unusable(file, error);
  }
  try {
    refuseSharedFile(file, handle);
    return readFileSync(handle, "utf8");
  } finally {
    closeSync(handle);
  }
}

function refuseSharedFile(file: string, handle: number): void {
  // Windows has no such bits: there a profile's folder is its owner's.
  if (process.platform === "win32") return;
  const { mode, uid } = fstatSync(handle);
  if (uid !== process.getuid?.())
    throw new Failure("refused", `${file} belongs to another user: remove it, then run: kubewitness login`);
  if ((mode & OTHERS) === 0) return;
  const seen = `0${(mode & 0o777).toString(8)}`;
  throw new Failure(
    "refused",
    `${file} can be read or written by others (mode ${seen}). If somebody may have read it, run: kubewitness logout, and sign in anew. Then: chmod 600 ${file}`,
  );
}

/** Writes a file as a whole or not at all, on the disk when it returns, mode 0600 in a folder of mode 0700 where it makes one. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}-${process.hrtime.bigint()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Failure(
    "failed",
    `${file} cannot be used (${code ?? message}): see to its folder and its space.`,
  );
}
