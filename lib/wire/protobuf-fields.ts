/** One field of a protobuf message as it stands in the bytes (https://protobuf.dev/programming-guides/encoding/). */
export interface ProtobufField {
  number: number;
  /** A whole number, or the bytes of a text or message. */
  value: bigint | Buffer;
  /** The end of the bytes is missing; nothing follows. */
  cut: boolean;
}

/**
 * The fields of a message, one after another, as far as it goes: it ends with the bytes, at what is no protobuf, or with a field whose end is
 * missing. @returns whether all of it was read.
 */
export function* protobufFields(message: Buffer): Generator<ProtobufField, boolean> {
  let position = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[position++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return null;
  };
  while (position < message.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n) return false;
    const number = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    if (wireType === 0) {
      const value = varint();
      if (value === null) return false;
      yield { number, value, cut: false };
    } else if (wireType === 2) {
      const length = varint();
      if (length === null) return false;
      const start = position;
      const cut = length > BigInt(message.length - position);
      position = cut ? message.length : position + Number(length);
      yield { number, value: message.subarray(start, position), cut };
      if (cut) return false;
    } else if (wireType === 1 || wireType === 5) {
      position += wireType === 1 ? 8 : 4;
      // No message of Kubernetes' has a fixed number.
      if (position > message.length) return false;
    } else return false;
  }
  return true;
}
