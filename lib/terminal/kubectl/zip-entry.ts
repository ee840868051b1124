import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";

// Signatures and offsets: PKWARE's APPNOTE.TXT 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
const DIRECTORY_END = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const DIRECTORY_ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL_HEADER_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

interface ZipEntry {
  method: number;
  checksum: number;
  packedSize: number;
  size: number;
  headerAt: number;
}

/**
 * Unpacks one file of a zip archive, e.g. `helm/helm`, in a stream. Throws where the archive lacks it, packs it otherwise than
 * stored or deflated, or where size or CRC-32 are not the archive's. No encryption, no zip64.
 */
export async function unpackZipEntry(archive: string, name: string, target: string, mode = 0o644) {
  const file = await open(archive);
  try {
    const entry = await findEntry(file, name, archive);
    if (entry.method !== STORED && entry.method !== DEFLATED)
      throw new Error(
        `${archive}: ${name} is packed by method ${entry.method}; takes 0 (stored) or 8 (deflated)`,
      );
    const header = await readAt(file, entry.headerAt, LOCAL_HEADER_SIZE);
    const start = entry.headerAt + LOCAL_HEADER_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
    await pipeline(
      createReadStream(archive, { start, end: start + entry.packedSize - 1 }),
      entry.method === DEFLATED ? createInflateRaw() : new PassThrough(),
      checked(entry, `${archive}: ${name}`),
      createWriteStream(target, { mode }),
    );
  } finally {
    await file.close();
  }
}

/** Passes everything on; fails at the end where it was not what the archive says. */
function checked(entry: ZipEntry, what: string): Transform {
  let size = 0;
  let checksum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
    flush(done) {
      const intact = size === entry.size && checksum === entry.checksum;
      done(
        intact ? null : new Error(`${what} is damaged: ${size} of ${entry.size} bytes, or another CRC-32`),
      );
    },
  });
}

async function findEntry(file: FileHandle, name: string, archive: string): Promise<ZipEntry> {
  const directory = await readDirectory(file, archive);
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY.signature)
      throw new Error(`${archive}: the zip directory is damaged at ${at}`);
    const nameEnd = at + DIRECTORY_ENTRY.size + directory.readUInt16LE(at + 28);
    if (directory.toString("utf8", at + DIRECTORY_ENTRY.size, nameEnd) === name) {
      return {
        method: directory.readUInt16LE(at + 10),
        checksum: directory.readUInt32LE(at + 16),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        headerAt: directory.readUInt32LE(at + 42),
      };
    }
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  throw new Error(`${archive} has no ${name}`);
}

/** The central directory, found through the record at the archive's end. */
async function readDirectory(file: FileHandle, archive: string): Promise<Buffer> {
  const { size } = await file.stat();
  const tailSize = Math.min(size, DIRECTORY_END.size + DIRECTORY_END.longestComment);
  const tail = await readAt(file, size - tailSize, tailSize);
  for (let at = tail.length - DIRECTORY_END.size; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== DIRECTORY_END.signature) continue;
    return readAt(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  }
  throw new Error(`${archive} is not a zip archive`);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length)
    throw new Error(`ends at ${position + bytesRead}, ${length - bytesRead} bytes early`);
  return buffer;
}
