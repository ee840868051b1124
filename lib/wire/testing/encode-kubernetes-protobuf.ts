import { type MessageField, messageFields, messageOfKind } from "../kubernetes-messages.ts";

type Fields = Record<string, unknown>;

/** An object of a built-in kind as client-go sends it, for tests. */
export function encodeKubernetesProtobuf(object: { apiVersion: string; kind: string } & Fields): Buffer {
  const message = messageOfKind(object.apiVersion, object.kind);
  if (message === null) throw new Error(`${object.apiVersion} ${object.kind} is not built in`);
  return envelope(object.apiVersion, object.kind, encodeMessage(object, message));
}

/** What stands around an object (k8s.io/apimachinery/pkg/runtime/generated.proto). */
export function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const typeMeta = Buffer.concat([chunk(1, Buffer.from(apiVersion)), chunk(2, Buffer.from(kind))]);
  return Buffer.concat([Buffer.from("k8s\0", "latin1"), chunk(1, typeMeta), chunk(2, raw)]);
}

function encodeMessage(object: Fields, message: string): Buffer {
  const parts: Buffer[] = [];
  for (const [number, field] of messageFields(message) ?? []) {
    const value = field.inline ? object : object[field.name];
    if (value !== undefined && value !== null) parts.push(...encodeField(number, field, value));
  }
  return Buffer.concat(parts);
}

function encodeField(number: number, { label, type }: MessageField, value: unknown): Buffer[] {
  if (label === "many") return (value as unknown[]).map((item) => encodeValue(number, type, item));
  if (label === "one") return [encodeValue(number, type, value)];
  return Object.entries(value as Fields).map(([key, inner]) =>
    chunk(number, Buffer.concat([chunk(1, Buffer.from(key)), encodeValue(2, type, inner)])),
  );
}

function encodeValue(number: number, type: string, value: unknown): Buffer {
  if (type === "i")
    return Buffer.concat([varint(BigInt(number << 3)), varint(BigInt.asUintN(64, BigInt(value as number)))]);
  if (type === "?") return Buffer.concat([varint(BigInt(number << 3)), varint(value ? 1n : 0n)]);
  if (type === "s") return chunk(number, Buffer.from(value as string));
  if (type === "b") return chunk(number, Buffer.from(value as string, "base64"));
  if (type === "resource.Quantity") return chunk(number, encodeMessage({ string: value }, type));
  if (type === "runtime.RawExtension") return chunk(number, chunk(1, Buffer.from(JSON.stringify(value))));
  if (type === "meta.v1.FieldsV1") return chunk(number, chunk(1, Buffer.from(JSON.stringify(value))));
  if (type === "intstr.IntOrString") {
    const fields = typeof value === "number" ? { type: 0, intVal: value } : { type: 1, strVal: value };
    return chunk(number, encodeMessage(fields, type));
  }
  if (type === "meta.v1.Time")
    return chunk(number, encodeMessage({ seconds: Date.parse(value as string) / 1_000 }, type));
  return chunk(number, encodeMessage(value as Fields, type));
}

/** A length-delimited field. */
export function chunk(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
