const FIRST_BYTES = 65_536;
const LONGEST_VARINT = 10;

/** Writes messages of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/), the few forms of fields that are used. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #end = 0;

  /** What was written so far. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** A whole number, of the type uint32, enum or bool. */
  uint32(field: number, value: number): void {
    this.#tag(field, 0);
    this.#varint(value);
  }

  /** A whole number that fits a double; below zero it takes ten bytes. */
  int64(field: number, value: number): void {
    this.#tag(field, 0);
    if (value >= 0) {
      this.#varint(value);
      return;
    }
    let left = BigInt.asUintN(64, BigInt(value));
    this.#room(LONGEST_VARINT);
    while (left > 127n) {
      this.#bytes[this.#end++] = Number(left & 127n) | 128;
      left >>= 7n;
    }
    this.#bytes[this.#end++] = Number(left);
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, 1);
    this.#room(8);
    this.#bytes.writeBigUInt64LE(value, this.#end);
    this.#end += 8;
  }

  double(field: number, value: number): void {
    this.#tag(field, 1);
    this.#room(8);
    this.#bytes.writeDoubleLE(value, this.#end);
    this.#end += 8;
  }

  string(field: number, text: string): void {
    this.#tag(field, 2);
    const bytes = Buffer.byteLength(text);
    this.#varint(bytes);
    this.#room(bytes);
    this.#bytes.write(text, this.#end, "utf8");
    this.#end += bytes;
  }

  /** A message within: its fields are what `write` writes. */
  message(field: number, write: () => void): void {
    this.#tag(field, 2);
    // Its length stands before it, and is known behind it: most are short, and a byte is left for it.
    this.#room(1);
    const start = this.#end;
    this.#end += 1;
    write();
    const bytes = this.#end - start - 1;
    const more = varintWidth(bytes) - 1;
    // Also for the length itself: behind its place, room that is made keeps nothing.
    this.#room(LONGEST_VARINT);
    if (more > 0) this.#bytes.copyWithin(start + 1 + more, start + 1, this.#end);
    this.#end = start;
    this.#varint(bytes);
    this.#end += bytes;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#room(LONGEST_VARINT);
    let left = value;
    while (left > 127) {
      this.#bytes[this.#end++] = (left % 128) | 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#end++] = left;
  }

  #room(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

function varintWidth(value: number): number {
  let width = 1;
  for (let left = value; left > 127; left = Math.floor(left / 128)) width++;
  return width;
}
