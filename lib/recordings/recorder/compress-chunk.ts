import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync } from "node:zlib";

const LEVEL = 3;
/**
 * Up to here a chunk is compressed at once: a thread's help would cost several times the work, and each chunk that waits for one has a
 * compressor's memory of its own.
 */
const SMALL_BYTES = 16 * 1024;

const compressOnThread = promisify(zstdCompress);

/** A chunk's lines as one zstd frame with a checksum, whose header says how large they are. */
export async function compressChunk(lines: Buffer): Promise<Buffer> {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  const options = { pledgedSrcSize: lines.length, params };
  return lines.length <= SMALL_BYTES ? zstdCompressSync(lines, options) : compressOnThread(lines, options);
}
