import { protobufFields } from "./protobuf-fields.ts";

/** Kubernetes' protobuf bodies begin with these bytes, then `runtime.Unknown` (k8s.io/apimachinery/pkg/runtime/generated.proto). */
const MAGIC = Buffer.from("k8s\0", "latin1");

/** What stands around an object: `runtime.Unknown{1: TypeMeta{1: apiVersion, 2: kind}, 2: raw}`. */
export interface UnknownObject {
  apiVersion: string;
  /** Empty where it is left out, and the path says it. */
  kind: string;
  /** The object's own message; its end may be missing where the body was cut. */
  raw: Buffer;
  /** Whether its end is there. */
  complete: boolean;
}

/** Takes an object out of its envelope; null where the bytes are no such body. */
export function openUnknown(body: Buffer): UnknownObject | null {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const envelope = body.subarray(MAGIC.length);
  const typeMeta = protobufMessage(envelope, 1);
  const raw = protobufField(envelope, 2);
  if (!raw) return null;
  const text = (number: number): string =>
    (typeMeta && protobufField(typeMeta, number)?.toString("utf8")) ?? "";
  return { apiVersion: text(1), kind: text(2), raw, complete: isWhole(envelope) };
}

/** Whether the last field of a message ends with it. */
function isWhole(message: Buffer): boolean {
  const fields = protobufFields(message);
  for (;;) {
    const step = fields.next();
    if (step.done) return step.value;
  }
}

/** A text or bytes: of several the last one counts, as in Go (https://protobuf.dev/programming-guides/encoding/#last-one-wins). */
export function protobufField(message: Buffer, wanted: number): Buffer | null {
  return occurrences(message, wanted).at(-1) ?? null;
}

/** A message: several of them are one, in parts. */
export function protobufMessage(message: Buffer, wanted: number): Buffer | null {
  const parts = occurrences(message, wanted);
  return parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? null);
}

/**
 * The length-delimited fields of that number, as far as they are there, up to where the bytes are no
 * protobuf. Reads tags and lengths alone, so that it takes no more time for larger fields.
 */
function occurrences(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (position < message.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === 0) {
      if (Number.isNaN(varint())) return found;
    } else if (wireType === 1) position += 8;
    else if (wireType === 5) position += 4;
    else if (wireType === 2) {
      const length = varint();
      if (Number.isNaN(length)) return found;
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(position, position + length));
      position += length;
    } else return found;
  }
  return found;
}
