import type { FieldSet } from "../../filter/fields.ts";
import type { DictionaryKind } from "../store/dictionary.ts";
import type { LedgerStream } from "../store/ledger.ts";

/** How a field's value is held by a row. Nullable columns hold null for an absent value. */
export type ColumnMapping =
  /** An id of `audit_dictionary`; `list`: one text a line. */
  | { holds: "term"; column: string; kind: DictionaryKind; list?: boolean }
  /** `audit_actor`: the value is in one of the named columns; empty text is absent. */
  | { holds: "actor"; of: readonly ("name" | "email" | "subject_id" | "source_name")[] }
  | { holds: "cluster"; of: "name" | "endpoint" | "cluster_id" }
  | { holds: "text"; column: string }
  | { holds: "uuid"; column: string }
  /** Numbers and durations. */
  | { holds: "number"; column: string }
  | { holds: "time"; column: string }
  /** A small number that stands for a word. */
  | { holds: "code"; column: string; codes: Readonly<Record<string, number>> }
  /** Kinds of actors by the words that the surface has for them. */
  | { holds: "actorKind"; kinds: Readonly<Record<string, readonly string[]>> };

/** A table of counters: `time` is the start of a minute, an hour or a day; 0 stands for an absent value. */
export interface CounterTable {
  table: string;
  time: string;
  milliseconds: number;
}

/** One kind of audit data: its tables, and how the fields of its filters map to columns. The only place that knows both. */
export interface Surface {
  fields: FieldSet;
  stream: LedgerStream;
  table: string;
  /** The partition column; with `ledger_id` and `no` the primary key, the order and the cursor. */
  time: string;
  columns: Readonly<Record<string, ColumnMapping>>;
  /** Columns that the counters are kept by; `success` is the one that the histogram splits by. */
  counted: readonly string[];
  outcome: string;
  /** Widest first. */
  counters: readonly CounterTable[];
  /** Counters by the outcome alone. */
  totals: readonly CounterTable[];
}

const MINUTE = 60_000;
export const MINUTE_MS = MINUTE;
export const HOUR_MS = 60 * MINUTE;
export const DAY_MS = 24 * HOUR_MS;

/** The columns that a mapping reads. */
export function columnOf(mapping: ColumnMapping): string {
  if (mapping.holds === "actor" || mapping.holds === "actorKind") return "actor_id";
  return mapping.holds === "cluster" ? "cluster_id" : mapping.column;
}
