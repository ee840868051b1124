import { textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { formatAge } from "./format.ts";

export type Cell = string | number | boolean | null;

/** What a printer may look at besides the object itself. */
export type PrintContext = { now: Date };

export type Column = {
  name: string;
  type: "string" | "integer" | "boolean" | "date" | "number";
  format: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  priority: number;
  description: string;
  value(object: KubeObject, context: PrintContext): Cell;
};

type Value = Column["value"];

/** A column that is always shown. */
export function column(name: string, value: Value, type: Column["type"] = "string"): Column {
  return { name, type, format: "", priority: 0, description: `${name} of the object.`, value };
}

/** A column that only `-o wide` shows. */
export function wide(name: string, value: Value, type: Column["type"] = "string"): Column {
  return { ...column(name, value, type), priority: 1 };
}

export const nameColumn: Column = {
  ...column("Name", (object) => object.metadata.name),
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
};

export function ageOf(time: unknown, now: Date): string {
  const text = textOf(time);
  return text === "" ? "<unknown>" : formatAge(now.getTime() - Date.parse(text));
}

export const ageColumn: Column = {
  ...column("Age", (object, { now }) => ageOf(object.metadata.creationTimestamp, now)),
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
};
