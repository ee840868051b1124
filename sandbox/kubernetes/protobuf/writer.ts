/** Writes one protobuf message. */
export class ProtobufWriter {
  #parts: Buffer[] = [];

  text(field: number, value: unknown): this {
    return typeof value === "string" && value !== "" ? this.bytes(field, Buffer.from(value)) : this;
  }

  bool(field: number, value: unknown): this {
    if (value === true) this.#parts.push(varint((field << 3) | 0), varint(1));
    return this;
  }

  bytes(field: number, value: Buffer): this {
    this.#parts.push(varint((field << 3) | 2), varint(value.length), value);
    return this;
  }

  message(field: number, message: ProtobufWriter): this {
    return this.bytes(field, message.finish());
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
