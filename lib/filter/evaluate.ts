import { matchesPart } from "./contains.ts";
import { parseDuration } from "./duration.ts";
import { type FieldSet, type FilterField, findField, keysOf } from "./fields.ts";
import { resolveTime, type TimeReference } from "./relative-time.ts";
import type { FilterComparison, FilterNode } from "./tree.ts";

/** What a record may hold under a key. Times are RFC 3339 text or Dates. Empty text is an absent value. */
export type RecordValue = string | number | boolean | Date | null | undefined | readonly string[];

/** Whether a record matches, by the plain meaning of the language: the yardstick for the SQL, and the live tail's filter. */
export function evaluateFilter(
  filter: FilterNode | null,
  record: object,
  fields: FieldSet,
  reference: TimeReference,
): boolean {
  if (!filter) return true;
  if (filter.kind === "and")
    return filter.nodes.every((node) => evaluateFilter(node, record, fields, reference));
  if (filter.kind === "or")
    return filter.nodes.some((node) => evaluateFilter(node, record, fields, reference));
  if (filter.kind === "not") return !evaluateFilter(filter.node, record, fields, reference);
  const field = findField(fields, filter.field);
  if (!field) throw new Error(`the filter names no field of ${fields.surface}: ${filter.field}`);
  const values = valuesOf(record as Readonly<Record<string, RecordValue>>, field);
  return compare(filter, values, field, reference);
}

function valuesOf(record: Readonly<Record<string, RecordValue>>, field: FilterField): (string | number)[] {
  return keysOf(field).flatMap((key) => {
    const value = record[key];
    if (value === null || value === undefined || value === "") return [];
    if (Array.isArray(value)) return value as string[];
    if (field.type === "time") return [value instanceof Date ? value.getTime() : Date.parse(String(value))];
    return [typeof value === "number" ? value : String(value)];
  });
}

function compare(
  { op, values: wanted }: FilterComparison,
  values: (string | number)[],
  field: FilterField,
  reference: TimeReference,
): boolean {
  if (op === "present") return values.length > 0;
  if (op === "!=") return !values.some((value) => equals(value, wanted[0] as string, field, reference));
  if (op === "=" || op === "in") {
    return values.some((value) => wanted.some((each) => equals(value, each, field, reference)));
  }
  if (op === ":" || op === "=^" || op === "=$") {
    return values.some((value) => matchesPart(op, String(value), wanted[0] as string));
  }
  const span = spanOf(wanted[0] as string, field, reference);
  return values.some((value) => {
    if (op === "<") return Number(value) < span.start;
    if (op === ">=") return Number(value) >= span.start;
    return op === "<=" ? Number(value) <= span.last : Number(value) > span.last;
  });
}

function equals(
  value: string | number,
  wanted: string,
  field: FilterField,
  reference: TimeReference,
): boolean {
  if (field.type === "number" || field.type === "time" || field.type === "duration") {
    const { start, last } = spanOf(wanted, field, reference);
    return Number(value) >= start && Number(value) <= last;
  }
  if (field.remainder?.value === wanted) return !field.remainder.of.includes(String(value));
  return value === wanted;
}

/** First and last number that a written value stands for: itself, but a whole day for a date. */
export function spanOf(
  written: string,
  field: FilterField,
  reference: TimeReference,
): { start: number; last: number } {
  if (field.type === "time") {
    const span = resolveTime(written, reference);
    if (!span) throw new Error(`not a time: ${written}`);
    return { start: span.start, last: span.end - 1 };
  }
  const number = field.type === "duration" ? parseDuration(written) : Number(written);
  if (number === null || Number.isNaN(number)) throw new Error(`not a ${field.type}: ${written}`);
  return { start: number, last: number };
}
