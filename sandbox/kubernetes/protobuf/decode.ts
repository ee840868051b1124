import { badRequest } from "../http/status-error.ts";
import type { Fields } from "../objects/fields.ts";
import { packageOf } from "../registry/built-in.ts";
import { type ApiField, type ApiType, apiType } from "../schema/api-types.ts";
import { decodePrimitive } from "./primitives.ts";
import { readFields, type WireField } from "./wire.ts";

const magic = Buffer.from("k8s\0", "latin1");

/** Decodes Kubernetes' protobuf envelope (`k8s\0` and a runtime.Unknown) to the object's JSON form; 400 when it cannot. */
export function decodeProtobuf(body: Buffer): Fields {
  if (!body.subarray(0, 4).equals(magic)) {
    throw badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  const envelope = group(readFields(body.subarray(4)));
  const typeMeta = group(readFields(bytesOf(envelope.get(1)?.[0])));
  const apiVersion = bytesOf(typeMeta.get(1)?.[0]).toString("utf8");
  const kind = bytesOf(typeMeta.get(2)?.[0]).toString("utf8");
  const type = typeOf(apiVersion, kind);
  if (type === undefined) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...decodeMessage(type, bytesOf(envelope.get(2)?.[0])) };
}

function typeOf(apiVersion: string, kind: string): ApiType | undefined {
  if (kind === "DeleteOptions") return apiType("meta/v1.DeleteOptions");
  const [first = "", second] = apiVersion.split("/");
  const [groupName, version] = second === undefined ? ["", first] : [first, second];
  return apiType(`${packageOf(groupName)}/${version}.${kind}`);
}

function group(fields: WireField[]): Map<number, WireField[]> {
  const grouped = new Map<number, WireField[]>();
  for (const field of fields) {
    const same = grouped.get(field.number);
    if (same === undefined) grouped.set(field.number, [field]);
    else same.push(field);
  }
  return grouped;
}

function bytesOf(field: WireField | undefined): Buffer {
  return Buffer.isBuffer(field?.value) ? field.value : Buffer.alloc(0);
}

function decodeMessage(type: ApiType, bytes: Buffer): Fields {
  const grouped = group(readFields(bytes));
  const result: Fields = {};
  for (const field of type.messageFields) {
    const values = grouped.get(field.number);
    if (values === undefined) continue;
    if (field.inlined) {
      const inner = apiType(field.type);
      if (inner !== undefined) Object.assign(result, decodeMessage(inner, bytesOf(values[0])));
      continue;
    }
    const value = decodeField(field, values);
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

function decodeField(field: ApiField, values: WireField[]): unknown {
  if (field.map) return decodeMap(field, values);
  if (field.list) return values.map((value) => decodeValue(field.type, value));
  const value = decodeValue(field.type, values.at(-1));
  return !field.pointer && !field.required && isZero(value) ? undefined : value;
}

/** Protobuf always writes Go's plain fields; JSON leaves their zero values out. */
function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

function decodeMap(field: ApiField, entries: WireField[]): Fields {
  const result: Fields = {};
  for (const entry of entries) {
    const grouped = group(readFields(bytesOf(entry)));
    const key = bytesOf(grouped.get(1)?.[0]).toString("utf8");
    const value = grouped.get(2)?.[0];
    result[key] = field.list ? decodeTextList(bytesOf(value)) : decodeValue(field.type, value);
  }
  return result;
}

/** `map<string, ExtraValue>`: each value is a message with repeated `items`. */
function decodeTextList(bytes: Buffer): string[] {
  return readFields(bytes).map((field) => bytesOf(field).toString("utf8"));
}

function decodeValue(typeName: string, field: WireField | undefined): unknown {
  const type = apiType(typeName);
  if (type !== undefined) return decodeMessage(type, bytesOf(field));
  return decodePrimitive(typeName, field);
}
