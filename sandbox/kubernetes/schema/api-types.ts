import { readFileSync } from "node:fs";

type ListMerge = { type: "atomic" | "set" | "map"; keys: string[] };

/** One field of an API type. `type` is a type name of api-types.txt or a primitive (see `isPrimitive`). */
export type ApiField = {
  name: string;
  number: number;
  inlined: boolean;
  type: string;
  list: boolean;
  map: boolean;
  pointer: boolean;
  required: boolean;
  patchStrategy: string[];
  patchMergeKey: string | undefined;
  listMerge: ListMerge;
  atomic: boolean;
};

export type ApiType = {
  name: string;
  isKind: boolean;
  atomic: boolean;
  /** The fields as protobuf has them, inlined messages included. */
  messageFields: ApiField[];
  /** The fields as JSON has them, by name, those of inlined messages included. */
  fields: Map<string, ApiField>;
};

const primitives = new Set(
  "string int32 int64 uint32 uint64 bool bytes float64 Quantity IntOrString Time MicroTime Duration RawExtension FieldsV1".split(
    " ",
  ),
);

export function isPrimitive(type: string): boolean {
  return primitives.has(type);
}

function parseListMerge(text: string | undefined): ListMerge {
  const [type = "atomic", keys = ""] = (text ?? "").split(":");
  if (type === "map") return { type, keys: keys.split(",") };
  return { type: type === "set" ? "set" : "atomic", keys: [] };
}

function parseField(line: string): ApiField {
  const [name = "", number = "", declared = "", ...flags] = line.trim().split(" ");
  const options = new Map(flags.map((flag) => flag.split("=", 2) as [string, string | undefined]));
  const pointer = declared.startsWith("*");
  let type = pointer ? declared.slice(1) : declared;
  const map = type.startsWith("map:");
  if (map) type = type.slice(4);
  const list = type.startsWith("[]");
  if (list) type = type.slice(2);
  return {
    name,
    number: number === "-" ? 0 : Number(number),
    inlined: name === ".",
    type,
    list,
    map,
    pointer,
    required: options.has("required"),
    patchStrategy: (options.get("patch") ?? "").split(",").filter((strategy) => strategy !== ""),
    patchMergeKey: options.get("key"),
    listMerge: parseListMerge(options.get("list")),
    atomic: options.has("atomic"),
  };
}

function parseTypes(text: string): Map<string, ApiType> {
  const types = new Map<string, ApiType>();
  let current: ApiType | undefined;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith(" ")) {
      current?.messageFields.push(parseField(line));
      continue;
    }
    const [name = "", ...flags] = line.split(" ");
    current = {
      name,
      isKind: flags.includes("kind"),
      atomic: flags.includes("atomic"),
      messageFields: [],
      fields: new Map(),
    };
    types.set(name, current);
  }
  for (const type of types.values()) collectFields(types, type, type.fields);
  return types;
}

function collectFields(types: Map<string, ApiType>, type: ApiType, into: Map<string, ApiField>): void {
  for (const field of type.messageFields) {
    const inlined = field.inlined ? types.get(field.type) : undefined;
    if (inlined !== undefined) collectFields(types, inlined, into);
    else into.set(field.name, field);
  }
}

const types = parseTypes(readFileSync(new URL("./api-types.txt", import.meta.url), "utf8"));

/** The shape of an API type such as `core/v1.PodSpec`; undefined for primitives and unknown names. */
export function apiType(name: string): ApiType | undefined {
  return types.get(name);
}
