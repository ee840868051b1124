import { promisify } from "node:util";
import { type ZstdDecompress, zstdDecompress } from "node:zlib";
import { CastError } from "./cast-decoder.ts";

/** With `info` the engine tells how many bytes it took: after one frame it stops, without an error (https://nodejs.org/api/zlib.html#class-options). */
const decompress = promisify(zstdDecompress) as unknown as (
  data: Uint8Array,
  options: { maxOutputLength: number; info: true },
) => Promise<{ buffer: Buffer; engine: ZstdDecompress }>;

/**
 * Decompresses zstd frames that follow each other (RFC 8878, section 3), each whole, off this thread. Throws a {@link CastError} where one is cut or no frame, or where all
 * together would be more than `mostBytes`: a few bytes can stand for gigabytes.
 */
export async function decompressFrames(data: Uint8Array, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let room = mostBytes;
  for (let rest = data; rest.length > 0; ) {
    const { buffer, engine } = await decompressOne(rest, room);
    parts.push(buffer);
    room -= buffer.length;
    rest = rest.subarray(engine.bytesWritten);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

async function decompressOne(data: Uint8Array, room: number) {
  try {
    // Zero is no limit that zlib takes.
    return await decompress(data, { maxOutputLength: Math.max(1, room), info: true });
  } catch (cause) {
    throw new CastError(problemOf(cause as NodeJS.ErrnoException), { cause });
  }
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ERR_BUFFER_TOO_LARGE") return "it is larger than a piece may be when it is decompressed";
  if (code === "Z_BUF_ERROR") return "its compressed data is cut";
  return `it is not compressed as it should be (${message})`;
}
