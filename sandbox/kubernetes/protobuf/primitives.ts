import { readFields, type WireField } from "./wire.ts";

function numberIn(fields: WireField[], number: number): number {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}

function bytesIn(fields: WireField[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** metav1.Time and MicroTime: seconds and nanoseconds; an empty message is null. */
function decodeTime(bytes: Buffer, micro: boolean): string | null {
  if (bytes.length === 0) return null;
  const fields = readFields(bytes);
  const seconds = new Date(numberIn(fields, 1) * 1000).toISOString().slice(0, 19);
  if (!micro) return `${seconds}Z`;
  const micros = Math.floor(numberIn(fields, 2) / 1000);
  return `${seconds}.${String(micros).padStart(6, "0")}Z`;
}

function decodeIntOrString(bytes: Buffer): number | string {
  const fields = readFields(bytes);
  return numberIn(fields, 1) === 1 ? bytesIn(fields, 3).toString("utf8") : numberIn(fields, 2);
}

function decodeJson(bytes: Buffer): unknown {
  const raw = bytesIn(readFields(bytes), 1);
  return raw.length === 0 ? null : JSON.parse(raw.toString("utf8"));
}

/** Decodes one value of a primitive type of schema/api-types.txt to its JSON form. */
export function decodePrimitive(type: string, field: WireField | undefined): unknown {
  const value = field?.value ?? 0n;
  if (typeof value === "bigint") {
    if (type === "bool") return value !== 0n;
    return Number(BigInt.asIntN(64, value));
  }
  switch (type) {
    case "string":
      return value.toString("utf8");
    case "bytes":
      return value.toString("base64");
    case "float64":
      return value.readDoubleLE(0);
    case "Quantity":
      return bytesIn(readFields(value), 1).toString("utf8");
    case "IntOrString":
      return decodeIntOrString(value);
    case "Time":
      return decodeTime(value, false);
    case "MicroTime":
      return decodeTime(value, true);
    case "Duration":
      return `${numberIn(readFields(value), 1) / 1e9}s`;
    default:
      return decodeJson(value);
  }
}
