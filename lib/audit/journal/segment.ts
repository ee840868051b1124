import { constants } from "node:fs";
import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

/** A file of a journal. Positions count bytes over all segments and never go back. */
export interface Segment {
  file: string;
  /** Position of its first byte; the file's name. */
  base: number;
}

const DIGITS = 16;
const SUFFIX = ".segment";

export const segmentFile = (directory: string, base: number): string =>
  path.join(directory, `${String(base).padStart(DIGITS, "0")}${SUFFIX}`);

/** The segments of a journal, oldest first. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{16}\.segment$/.test(name)).sort();
  return names.map((name) => ({ file: path.join(directory, name), base: Number(name.slice(0, DIGITS)) }));
}

/** Makes a segment for appending. `durable`: a write returns when its bytes are on the disk (O_DSYNC, as fdatasync after each). */
export async function createSegment(directory: string, base: number, { durable }: { durable: boolean }) {
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_DSYNC } = constants;
  const file = segmentFile(directory, base);
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | (durable ? O_DSYNC : 0), 0o600);
  try {
    if (durable) await syncDirectory(directory);
    const { ino } = await handle.stat();
    return { file, base, handle, ino };
  } catch (error) {
    await handle.close();
    // The next try makes it anew.
    await rm(file, { force: true });
    throw error;
  }
}

/** Thrown where a segment is not where it was made: somebody else has moved or deleted it. */
export class SegmentTakenError extends Error {
  constructor(file: string) {
    super(`${file} is gone, or is not the file that was made`);
  }
}

/** @throws {SegmentTakenError} What is written to a file without its name, nobody will read. */
export async function requireInPlace({ file, ino }: { file: string; ino: number }): Promise<void> {
  try {
    if ((await stat(file)).ino === ino) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  throw new SegmentTakenError(file);
}

/** A new file's name is durable once its directory is. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all of `bytes`, which a single write need not. */
export async function writeFully(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

/** Bytes of all segments of a journal. */
export async function journalBytes(directory: string): Promise<number> {
  const sizes = await Promise.all(
    (await listSegments(directory)).map(async ({ file }) => (await stat(file)).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
