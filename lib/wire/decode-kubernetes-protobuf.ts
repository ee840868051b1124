import { type MessageField, messageFields, messageOfKind } from "./kubernetes-messages.ts";
import { openUnknown } from "./kubernetes-protobuf.ts";
import { type ProtobufField, protobufFields } from "./protobuf-fields.ts";

/** An object of Kubernetes' as JSON has it. */
export interface DecodedObject {
  value: Record<string, unknown>;
  /** Whether all of it is there: the body was whole, and within the bounds. */
  complete: boolean;
}

/** Deeper messages are left out: no kind that is built in is so deep. */
const MAX_DEPTH = 40;
/** Values that are read of one body: a record keeps 4 KB of them. */
const MAX_VALUES = 20_000;

interface Decoding {
  left: number;
  complete: boolean;
  /** A message came in parts, which no client of Kubernetes sends: what it says together is not read. */
  inParts: boolean;
}

/**
 * Reads an object of a built-in kind out of Kubernetes' protobuf, as kube-apiserver writes it in JSON; of a body that was cut, what there is. Fields that
 * this table does not know are left out, as kube-apiserver leaves them out. Null for a kind that is not built in, for messages in parts and for what is no such body.
 */
export function decodeKubernetesProtobuf(body: Buffer): DecodedObject | null {
  return decodeObject(body, 0, { left: MAX_VALUES, complete: true, inParts: false });
}

function decodeObject(body: Buffer, depth: number, decoding: Decoding): DecodedObject | null {
  const unknown = openUnknown(body);
  const message = unknown && messageOfKind(unknown.apiVersion, unknown.kind);
  if (!unknown || !message) return null;
  const fields = decodeMessage(unknown.raw, message, { depth: depth + 1, decoding });
  if (decoding.inParts) return null;
  if (!unknown.complete) decoding.complete = false;
  return {
    value: { kind: unknown.kind, apiVersion: unknown.apiVersion, ...fields },
    complete: decoding.complete,
  };
}

interface Place {
  depth: number;
  decoding: Decoding;
}

type Fields = Record<string, unknown>;

function decodeMessage(bytes: Buffer, message: string, place: Place): Fields {
  const known = messageFields(message);
  // Without a prototype of its own: a field of a map may be called __proto__.
  const fields: [string, unknown][] = [];
  const lists = new Map<string, unknown[] | Map<string, unknown>>();
  const reader = protobufFields(bytes);
  let step = reader.next();
  const seen = new Set<number>();
  for (; !step.done && spend(place); step = reader.next()) {
    const field = known?.get(step.value.number);
    if (field?.label === "one" && seen.has(step.value.number)) place.decoding.inParts = true;
    seen.add(step.value.number);
    if (field) addField({ fields, lists }, field, step.value, place);
  }
  if (!step.done || !step.value) place.decoding.complete = false;
  return Object.fromEntries(
    fields.map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
}

function spend({ depth, decoding }: Place): boolean {
  decoding.left -= 1;
  return depth <= MAX_DEPTH && decoding.left >= 0;
}

interface Message {
  fields: [string, unknown][];
  lists: Map<string, unknown[] | Map<string, unknown>>;
}

function addField({ fields, lists }: Message, field: MessageField, raw: ProtobufField, place: Place): void {
  if (field.label === "one") {
    const value = decodeValue(raw, field.type, place);
    if (field.inline) fields.push(...Object.entries((value ?? {}) as Fields));
    else if (value !== undefined && (field.kept || !isEmpty(value))) fields.push([field.name, value]);
    return;
  }
  let list = lists.get(field.name);
  if (list === undefined) {
    list = field.label === "map" ? new Map() : [];
    lists.set(field.name, list);
    fields.push([field.name, list]);
  }
  if (list instanceof Map) addEntry(list, field.type, raw, place);
  else {
    const value = decodeValue(raw, field.type, place);
    if (value !== undefined) list.push(value);
  }
}

/** An entry of a map is a message of its key and its value. */
function addEntry(map: Map<string, unknown>, type: string, raw: ProtobufField, place: Place): void {
  if (typeof raw.value === "bigint" || raw.cut) return;
  let key = "";
  let value: unknown = EMPTY[type];
  for (const entry of protobufFields(raw.value)) {
    if (entry.number === 1 && typeof entry.value !== "bigint") key = entry.value.toString("utf8");
    if (entry.number === 2) value = decodeValue(entry, type, place);
  }
  if (value !== undefined) map.set(key, value);
}

const EMPTY: Record<string, unknown> = { s: "", b: "", i: 0, "?": false };

/** What JSON leaves out by `omitempty`, and a struct in which nothing is set. */
const isEmpty = (value: unknown): boolean =>
  value === "" ||
  value === 0 ||
  value === false ||
  value === null ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** Undefined where the bytes are none of that type, or a text's end is missing. */
function decodeValue({ value: raw, cut }: ProtobufField, type: string, place: Place): unknown {
  if (typeof raw === "bigint") {
    if (type === "?") return raw !== 0n;
    return type === "i" ? wholeNumber(raw) : undefined;
  }
  if (cut && (type.length === 1 || SPECIAL[type])) return undefined;
  if (type === "s") return raw.toString("utf8");
  if (type === "b") return raw.toString("base64");
  if (type.length === 1) return undefined;
  const special = SPECIAL[type];
  const inner = { ...place, depth: place.depth + 1 };
  if (special) return special(raw, inner);
  const fields = decodeMessage(raw, type, inner);
  return isList(type) ? (fields.items ?? []) : fields;
}

/** Protobuf has no list of lists: a list that is a value itself (ExtraValue, Verbs) is a message of its items. */
function isList(message: string): boolean {
  const fields = messageFields(message);
  const items = fields?.get(1);
  return fields?.size === 1 && items?.name === "items" && items.label === "many" && items.type === "s";
}

/** Negative numbers are written as 64 bits of two's complement. */
function wholeNumber(raw: bigint): number | string {
  const value = BigInt.asIntN(64, raw);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

/** Messages that JSON writes in a form of their own. */
const SPECIAL: Record<string, (raw: Buffer, place: Place) => unknown> = {
  "resource.Quantity": (raw, place) => decodeMessage(raw, "resource.Quantity", place).string ?? "0",
  "intstr.IntOrString": (raw, place) => {
    const { type = 0, intVal = 0, strVal = "" } = decodeMessage(raw, "intstr.IntOrString", place);
    return type === 0 ? intVal : strVal;
  },
  "meta.v1.Time": (raw, place) => timestamp(decodeMessage(raw, "meta.v1.Time", place), 0),
  "meta.v1.MicroTime": (raw, place) => timestamp(decodeMessage(raw, "meta.v1.MicroTime", place), 6),
  "meta.v1.Duration": (raw, place) =>
    `${Number(decodeMessage(raw, "meta.v1.Duration", place).duration ?? 0) / 1e9}s`,
  "meta.v1.FieldsV1": (raw, place) => embedded(raw, "meta.v1.FieldsV1", "Raw", place),
  "runtime.RawExtension": (raw, place) => embedded(raw, "runtime.RawExtension", "raw", place),
};

/** RFC 3339 in seconds or microseconds, as Go's metav1.Time and MicroTime; null for no time. */
function timestamp({ seconds, nanos = 0 }: Fields, digits: number): string | null {
  if (seconds === undefined) return null;
  const date = new Date(Number(seconds) * 1_000);
  if (Number.isNaN(date.getTime())) return null;
  const fraction = digits === 0 ? "" : `.${String(nanos).padStart(9, "0").slice(0, digits)}`;
  return `${date.toISOString().slice(0, 19)}${fraction}Z`;
}

/** An object within an object: JSON, or protobuf of its own; of anything else its length. */
function embedded(raw: Buffer, message: string, field: string, place: Place): unknown {
  const base64 = decodeMessage(raw, message, place)[field];
  if (typeof base64 !== "string" || base64 === "") return null;
  const bytes = Buffer.from(base64, "base64");
  const object = decodeObject(bytes, place.depth, place.decoding);
  if (object) return object.value;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return `[${bytes.length} bytes that are neither JSON nor a built-in kind]`;
  }
}
