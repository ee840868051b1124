import { createCipheriv, createHash, type Hash } from "node:crypto";
import { FileError } from "./file-error.ts";

/** Bytes of a file, read at any place. */
export interface FileContent {
  readonly size: number;
  /** At most `length` bytes from `offset`; empty at the end. Throws FileError `EIO` where the bytes are not kept. */
  read(offset: number, length: number): Buffer;
}

export const BLOCK_BYTES = 64 * 1024;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);
/** Files with more content than this keep their size and digests only. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const MAX_FILE_BYTES = 16 * 1024 * 1024 * 1024;

/** Bytes that the files of one container may keep in memory. */
export class StorageQuota {
  readonly limitBytes: number;
  usedBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  take(bytes: number): void {
    if (this.usedBytes + bytes > this.limitBytes) throw new FileError("ENOSPC");
    this.usedBytes += bytes;
  }

  release(bytes: number): void {
    this.usedBytes -= bytes;
  }
}

/**
 * Pseudo-random bytes that need no memory: AES-128 in counter mode over zeros, so any place is computed directly and
 * every read gives the same bytes.
 */
export class GeneratedContent implements FileContent {
  readonly size: number;
  readonly #key: Buffer;

  constructor(size: number, seed: string) {
    this.size = size;
    this.#key = createHash("sha256").update(seed).digest().subarray(0, 16);
  }

  read(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const start = offset - (offset % 16);
    const counter = Buffer.alloc(16);
    counter.writeBigUInt64BE(BigInt(start / 16), 8);
    const cipher = createCipheriv("aes-128-ctr", this.#key, counter);
    return cipher.update(Buffer.alloc(wanted + (offset - start))).subarray(offset - start);
  }
}

/** Text made anew at each open, as files in /proc are. */
export class TextContent implements FileContent {
  readonly #bytes: Buffer;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(offset: number, length: number): Buffer {
    return this.#bytes.subarray(offset, offset + length);
  }
}

/**
 * What a program wrote, in blocks of 64 KiB. Blocks of zeros cost nothing. Beyond 16 MiB of other content only the size
 * and the digests go on: reading such a file fails with EIO, while `ls`, `wc -c`, `sha256sum` and `md5sum` still tell
 * the truth about it. So a `kubectl cp` of any size into a pod costs no memory.
 */
export class StoredContent implements FileContent {
  readonly #quota: StorageQuota;
  #blocks: Buffer[] = [];
  #keptBytes = 0;
  #size = 0;
  #digests: { sha256: Hash; md5: Hash } | null = null;

  constructor(quota: StorageQuota) {
    this.#quota = quota;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Buffer): void {
    if (this.#size + bytes.length > MAX_FILE_BYTES) throw new FileError("EFBIG");
    let rest = bytes;
    while (rest.length > 0 && this.#digests === null) {
      const room = BLOCK_BYTES - (this.#size % BLOCK_BYTES);
      this.#appendToBlock(rest.subarray(0, room));
      rest = rest.subarray(room);
      if (this.#keptBytes > MAX_KEPT_BYTES) this.#keepDigestsOnly();
    }
    if (rest.length === 0) return;
    this.#digests?.sha256.update(rest);
    this.#digests?.md5.update(rest);
    this.#size += rest.length;
  }

  read(offset: number, length: number): Buffer {
    if (offset >= this.#size) return Buffer.alloc(0);
    if (this.#digests !== null) throw new FileError("EIO");
    const inBlock = offset % BLOCK_BYTES;
    const block = this.#blocks[Math.floor(offset / BLOCK_BYTES)]!;
    const available = Math.min(BLOCK_BYTES - inBlock, this.#size - offset, length);
    return block.subarray(inBlock, inBlock + available);
  }

  /** Hex digests where the content is not kept; null where it can be read. */
  digests(): { sha256: string; md5: string } | null {
    if (this.#digests === null) return null;
    return { sha256: this.#digests.sha256.copy().digest("hex"), md5: this.#digests.md5.copy().digest("hex") };
  }

  /** Empties the file and gives its memory back. */
  clear(): void {
    this.#quota.release(this.#keptBytes);
    this.#blocks = [];
    this.#keptBytes = 0;
    this.#size = 0;
    this.#digests = null;
  }

  #appendToBlock(bytes: Buffer): void {
    const used = this.#size % BLOCK_BYTES;
    if (used === 0 && bytes.length === BLOCK_BYTES && bytes.equals(ZERO_BLOCK)) {
      this.#blocks.push(ZERO_BLOCK);
    } else {
      const block = used === 0 ? Buffer.alloc(0) : this.#blocks.pop()!;
      const grown = growBlock(block, used + bytes.length);
      const added = grown === block ? 0 : grown.length - keptLength(block);
      if (added > 0) this.#takeOrRestore(added, used === 0 ? null : block);
      bytes.copy(grown, used);
      this.#keptBytes += added;
      this.#blocks.push(grown);
      if (used + bytes.length === BLOCK_BYTES) this.#dropZeros(grown);
    }
    this.#size += bytes.length;
  }

  #dropZeros(block: Buffer): void {
    if (!block.equals(ZERO_BLOCK)) return;
    this.#blocks[this.#blocks.length - 1] = ZERO_BLOCK;
    this.#keptBytes -= block.length;
    this.#quota.release(block.length);
  }

  #takeOrRestore(bytes: number, block: Buffer | null): void {
    try {
      this.#quota.take(bytes);
    } catch (error) {
      if (block !== null) this.#blocks.push(block);
      throw error;
    }
  }

  #keepDigestsOnly(): void {
    const digests = { sha256: createHash("sha256"), md5: createHash("md5") };
    for (let at = 0; at < this.#size; ) {
      const piece = this.read(at, BLOCK_BYTES);
      digests.sha256.update(piece);
      digests.md5.update(piece);
      at += piece.length;
    }
    this.#digests = digests;
    this.#quota.release(this.#keptBytes);
    this.#keptBytes = 0;
    this.#blocks = [];
  }
}

function keptLength(block: Buffer): number {
  return block === ZERO_BLOCK ? 0 : block.length;
}

/** A block with room for `needed` bytes: doubled, so that appending small pieces stays cheap. */
function growBlock(block: Buffer, needed: number): Buffer {
  if (needed <= block.length && block !== ZERO_BLOCK) return block;
  let length = Math.max(256, block.length);
  while (length < needed) length *= 2;
  const grown = Buffer.alloc(Math.min(length, BLOCK_BYTES));
  block.copy(grown);
  return grown;
}
