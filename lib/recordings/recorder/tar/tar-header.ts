/** Size of everything that a tar stream is made of. */
export const TAR_BLOCK_BYTES = 512;

/** What a header block says of the entry after it (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06). */
export interface TarHeader {
  name: string;
  /** Bytes of content. */
  size: number;
  /** The type flag: `0` a file, `5` a folder, `x` attributes of the next entry in pax's form, `L` its long name in GNU's. */
  type: string;
}

/** What a block is: an entry's header, the end of the archive (nothing but zeros), or neither. */
export function readTarHeader(block: Buffer): TarHeader | "zeros" | null {
  if (block.every((byte) => byte === 0)) return "zeros";
  if (octal(block, 148, 8) !== checksum(block)) return null;
  const size = readSize(block);
  if (size === null) return null;
  const prefix = isUstar(block) ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return { name: prefix === "" ? name : `${prefix}/${name}`, size, type: String.fromCharCode(block[156]!) };
}

/** Whether bytes begin a tar stream, as far as their first block tells; the oldest form, which has no magic, is not taken for one. */
export function beginsTar(bytes: Buffer): boolean {
  if (bytes.length < TAR_BLOCK_BYTES || bytes.toString("latin1", 257, 262) !== "ustar") return false;
  const header = readTarHeader(bytes.subarray(0, TAR_BLOCK_BYTES));
  return header !== null && header !== "zeros";
}

/** GNU's own form has other fields where POSIX has the name's prefix. */
function isUstar(block: Buffer): boolean {
  return block.toString("latin1", 257, 263) === "ustar\0";
}

/** The sum of all bytes, those of the checksum's own field counted as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < TAR_BLOCK_BYTES; index++) if (index < 148 || index >= 156) sum += block[index]!;
  return sum;
}

/** Octal digits, or from 8 GiB on a number in base 256 whose first bit is set. */
function readSize(block: Buffer): number | null {
  if ((block[124]! & 0x80) === 0) return octal(block, 124, 12);
  let size = 0;
  for (let index = 125; index < 136; index++) size = size * 256 + block[index]!;
  return Number.isSafeInteger(size) ? size : null;
}

function octal(block: Buffer, at: number, length: number): number | null {
  const digits = text(block, at, length).trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString("utf8", at, end === -1 ? at + length : Math.min(end, at + length));
}
