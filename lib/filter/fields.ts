import type { FilterOperator } from "./tree.ts";

/**
 * `string`: text. `enum`: text with known values. `list`: several texts, a comparison holds when it holds for one of them.
 * `duration`: milliseconds, written `250ms`, `1.5s`, `2m`, `1h`. `time`: an instant, see relative-time.ts.
 */
export type FieldType = "string" | "number" | "time" | "duration" | "enum" | "list";

/** One field that a filter may name. */
export interface FilterField {
  name: string;
  /** As the page's column is called. */
  label: string;
  type: FieldType;
  description: string;
  /** Other names that the text form takes. Names and aliases are matched without regard to case. */
  aliases?: readonly string[];
  /** Known values, offered by completion. */
  values?: readonly string[];
  /** No other value than `values` exists: another is refused by `=`, `!=` and `IN`. */
  closed?: boolean;
  /** May be absent. */
  nullable?: boolean;
  /** A value that stands for every text that is not in `of` (an absent value is still absent). */
  remainder?: { value: string; of: readonly string[] };
  /** The only operators that it takes, where those of its type are too many. */
  operators?: readonly FilterOperator[];
  /** Fewest characters of what is looked for. */
  leastCharacters?: number;
  /** The record's keys that hold the value, where they are not just the name; several make a `list`. */
  keys?: readonly string[];
}

/** The fields of one surface (Request Audit, Event History). */
export interface FieldSet {
  surface: string;
  fields: readonly FilterField[];
}

const ORDERED: readonly FilterOperator[] = ["=", "!=", "<", "<=", ">", ">=", "in", "present"];
const TEXTUAL: readonly FilterOperator[] = ["=", "!=", ":", "in", "present"];

/** The operators that a field takes, beyond those that are offered. */
export function takenOperators(field: FilterField): readonly FilterOperator[] {
  if (field.operators) return field.operators;
  const offered = operatorsOf(field);
  return offered === TEXTUAL ? [...TEXTUAL, "=^", "=$"] : offered;
}

/** The operators that completion and the builder offer for a field. */
export function operatorsOf(field: FilterField): readonly FilterOperator[] {
  if (field.operators) return field.operators;
  return field.type === "number" || field.type === "time" || field.type === "duration" ? ORDERED : TEXTUAL;
}

/** Finds a field by its name or an alias, in any case. */
export function findField(fields: FieldSet, name: string): FilterField | undefined {
  const wanted = name.toLowerCase();
  return fields.fields.find(
    (field) =>
      field.name.toLowerCase() === wanted || field.aliases?.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** The record's keys that a field reads. */
export function keysOf(field: FilterField): readonly string[] {
  return field.keys ?? [field.name];
}

/** The same fields with known values filled in (clusters, namespaces, people), for completion. */
export function withValues(fields: FieldSet, values: Readonly<Record<string, readonly string[]>>): FieldSet {
  return {
    ...fields,
    fields: fields.fields.map((field) =>
      field.closed || !values[field.name]
        ? field
        : { ...field, values: [...new Set([...(field.values ?? []), ...(values[field.name] ?? [])])] },
    ),
  };
}
