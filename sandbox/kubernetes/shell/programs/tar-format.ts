const BLOCK = 512;

export interface TarHeader {
  name: string;
  size: number;
  mode: number;
  modified: Date;
  /** `0` file, `5` directory, `2` symbolic link, `1` hard link, `L` long name, `x` and `g` pax records. */
  type: string;
  linkName: string;
}

/** Bytes that fill a file's last block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A GNU tar header, with a long-name record before it where the name needs one. */
export function encodeTarHeader(header: TarHeader): Buffer {
  const name = Buffer.from(header.name);
  if (name.length <= 100) return headerBlock(header, name);
  const record = Buffer.concat([name, Buffer.alloc(1)]);
  const longName = headerBlock(
    { ...header, name: "", size: record.length, type: "L", linkName: "" },
    Buffer.from("././@LongLink"),
  );
  return Buffer.concat([
    longName,
    record,
    Buffer.alloc(paddingOf(record.length)),
    headerBlock(header, name.subarray(0, 100)),
  ]);
}

/** The two blocks of zeros that end an archive. */
export const TAR_END: Buffer = Buffer.alloc(BLOCK * 2);

function headerBlock(header: TarHeader, name: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0);
  writeOctal(block, 100, 7, header.mode);
  writeOctal(block, 108, 7, 0);
  writeOctal(block, 116, 7, 0);
  writeSize(block, header.size);
  writeOctal(block, 136, 11, Math.floor(header.modified.getTime() / 1000));
  block.fill(0x20, 148, 156);
  block.write(header.type, 156, "latin1");
  block.write(header.linkName, 157, 100);
  block.write("ustar  \0", 257, "latin1");
  block.write("root", 265);
  block.write("root", 297);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function writeOctal(block: Buffer, at: number, digits: number, value: number): void {
  block.write(value.toString(8).padStart(digits, "0"), at, "latin1");
}

/** Sizes over 8 GiB do not fit eleven octal digits: GNU tar writes them in base 256. */
function writeSize(block: Buffer, size: number): void {
  if (size < 8 ** 11) {
    writeOctal(block, 124, 11, size);
    return;
  }
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
}

/** Reads a header block; null for a block of zeros. Throws a RangeError where it is no tar header. */
export function decodeTarHeader(block: Buffer): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const checksum = block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (readOctal(block, 148, 8) !== checksum) throw new RangeError("invalid tar header checksum");
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? readText(block, 345, 155) : "";
  const name = readText(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: (block[124]! & 0x80) === 0 ? readOctal(block, 124, 12) : Number(block.readBigUInt64BE(128)),
    mode: readOctal(block, 100, 8) & 0o7777,
    modified: new Date(readOctal(block, 136, 12) * 1000),
    type: String.fromCharCode(block[156]! || 0x30),
    linkName: readText(block, 157, 100),
  };
}

function readText(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

function readOctal(block: Buffer, at: number, length: number): number {
  const text = block
    .toString("latin1", at, at + length)
    .replace(/[\0 ]+$/, "")
    .trim();
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** `path`, `size` and `linkpath` of a pax record block (POSIX, pax, "pax Extended Header"). */
export function decodePax(text: string): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const match = /^(\d+) ([^=]+)=/.exec(text.slice(at, at + 200));
    if (match === null) break;
    const length = Number(match[1]);
    records.set(match[2]!, text.slice(at + match[0].length, at + length - 1));
    at += Math.max(length, match[0].length);
  }
  return records;
}
