import { constants, fstatSync, openSync, statSync, writeSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
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

/** A segment that is being written. */
export interface OpenSegment extends Segment {
  fd: number;
  /** The file that was made, whatever is found under its name later. */
  ino: number;
}

/** Makes a segment. Its name lasts once its directory is flushed. */
export function createSegment(directory: string, base: number): OpenSegment {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const file = segmentFile(directory, base);
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  return { file, base, fd, ino: fstatSync(fd).ino };
}

/** Thrown where a segment is not where it was made: somebody else has moved or deleted it. */
export class SegmentTakenError extends Error {
  constructor(file: string) {
    super(`${file} is gone, or is not the file that was made`);
  }
}

/** @throws {SegmentTakenError} What is written to a file without its name, nobody will read. */
export function requireInPlace({ file, ino }: OpenSegment): void {
  if (statSync(file, { throwIfNoEntry: false })?.ino !== ino) throw new SegmentTakenError(file);
}

/** Makes it last which files a directory has. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all of `bytes`, which a single write need not. */
export function writeFully(fd: number, bytes: Buffer, position: number): void {
  for (let offset = 0; offset < bytes.length; )
    offset += writeSync(fd, bytes, offset, bytes.length - offset, position + offset);
}

/** Bytes of all segments of a journal. */
export async function journalBytes(directory: string): Promise<number> {
  const sizes = await Promise.all(
    (await listSegments(directory)).map(async ({ file }) => (await stat(file)).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
