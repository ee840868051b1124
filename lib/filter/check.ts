import { DURATION_TAKES, parseDuration } from "./duration.ts";
import { type FieldSet, type FilterField, findField, takenOperators } from "./fields.ts";
import { isTime, TIME_TAKES } from "./relative-time.ts";
import { suggestWord } from "./suggest.ts";
import { quote } from "./tokenize.ts";
import { FILTER_LIMITS, type FilterOperator } from "./tree.ts";

/** Why a part of a filter is refused, and what would be taken in its place. */
export interface Refusal {
  message: string;
  expected: string[];
}

/** Finds the field, or says which was probably meant. */
export function checkField(fields: FieldSet, name: string): FilterField | Refusal {
  const field = findField(fields, name);
  if (field) return field;
  const names = fields.fields.map((each) => each.name);
  const all = fields.fields.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
  const meant = suggestWord(name, all);
  const hint = meant ? ` Did you mean ${meant}?` : ` Fields are ${names.slice(0, 8).join(", ")}, …`;
  return { message: `There is no field ${quote(name)}.${hint}`, expected: meant ? [meant] : names };
}

const WRITTEN: Partial<Record<FilterOperator, string>> = { in: "IN", present: ":*" };

/** Whether the field takes the operator. */
export function checkOperator(field: FilterField, op: FilterOperator): Refusal | null {
  const taken = takenOperators(field);
  if (taken.includes(op)) return null;
  const written = taken.filter((each) => each !== "present").map((each) => (each === "in" ? "IN" : each));
  return {
    message: `${field.name} does not take ${WRITTEN[op] ?? op}. It takes ${written.join("  ")}.`,
    expected: written,
  };
}

/** Whether the field takes the value under the operator. */
export function checkValue(field: FilterField, op: FilterOperator, value: string): Refusal | null {
  if (value.length > FILTER_LIMITS.valueCharacters) {
    return refuse(field, `${value.slice(0, 20)}…`, `at most ${FILTER_LIMITS.valueCharacters} characters`);
  }
  // PostgreSQL's text holds neither, so no record can.
  if (value.includes("\0") || !value.isWellFormed())
    return refuse(field, value, "text without NUL or lone surrogates");
  if (field.type === "number" && !isWholeNumber(value)) return refuse(field, value, "a whole number");
  if (field.type === "time" && !isTime(value)) return refuse(field, value, TIME_TAKES);
  if (field.type === "duration" && parseDuration(value) === null) return refuse(field, value, DURATION_TAKES);
  const partial = op === ":" || op === "=^" || op === "=$";
  if (partial && value === "") return refuse(field, value, `at least one character after ${op}`);
  const least = field.leastCharacters ?? 0;
  if ([...value].length < least) return refuse(field, value, `at least ${least} characters`);
  return partial ? null : checkKnownValue(field, value);
}

function checkKnownValue(field: FilterField, value: string): Refusal | null {
  if (!field.closed || !field.values || field.values.includes(value)) return null;
  const meant = suggestWord(value, field.values);
  const refusal = refuse(field, value, listOf(field.values));
  return meant ? { message: `${refusal.message} Did you mean ${meant}?`, expected: [meant] } : refusal;
}

/** A whole number that a JavaScript number holds exactly. */
function isWholeNumber(value: string): boolean {
  return /^-?\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value));
}

function refuse(field: FilterField, got: string, takes: string): Refusal {
  const expected = field.closed && field.values ? [...field.values] : [takes];
  return { message: `${field.name} takes ${takes}; it got ${quote(got)}.`, expected };
}

function listOf(values: readonly string[]): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
