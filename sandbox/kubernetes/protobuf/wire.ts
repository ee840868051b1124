import { badRequest } from "../http/status-error.ts";

/** One field as protobuf's wire format has it: a varint or fixed number, or bytes. */
export type WireField = { number: number; value: bigint | Buffer };

const truncated = () => badRequest("unexpected EOF in a protobuf message");

function readVarint(bytes: Buffer, start: number): { value: bigint; next: number } {
  let value = 0n;
  let shift = 0n;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: index + 1 };
    shift += 7n;
    if (shift > 63n) break;
  }
  throw truncated();
}

/** Reads all fields of a message; 400 when it is cut short or uses the deprecated groups. */
export function readFields(bytes: Buffer): WireField[] {
  const fields: WireField[] = [];
  let position = 0;
  const take = (length: number): Buffer => {
    if (position + length > bytes.length) throw truncated();
    const part = bytes.subarray(position, position + length);
    position += length;
    return part;
  };
  const varint = (): bigint => {
    const { value, next } = readVarint(bytes, position);
    position = next;
    return value;
  };
  while (position < bytes.length) {
    const key = Number(varint());
    const number = key >> 3;
    const wireType = key & 7;
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 2) fields.push({ number, value: take(Number(varint())) });
    else if (wireType === 1) fields.push({ number, value: take(8) });
    else if (wireType === 5) fields.push({ number, value: take(4) });
    else throw badRequest(`proto: illegal wireType ${wireType}`);
  }
  return fields;
}
