import type { SqlColumn } from "../columns/derived/sql-columns.ts";
import type { NumberType } from "../columns/schema.ts";
import { type ActorTerm, type DictionaryKind, formatGroups, type TermIds } from "./dictionary.ts";
import { boundedText } from "./stored-text.ts";

/** Where the values of a row come from. */
export interface RowSource<Entry> {
  /** Reads what an entry has for a column. */
  reader<Value>(column: SqlColumn): (entry: Entry) => Value;
  actor(entry: Entry): ActorTerm;
  cluster(entry: Entry): { id: string; name: string; endpoint: string };
}

/** A column's value in the row of an entry, as a parameter of SQL. */
export type RowValue<Entry> = (entry: Entry, ids: TermIds) => string | number | null;

/** The largest number that a column of the type is given. */
export const LARGEST: Readonly<Record<NumberType, number>> = {
  smallint: 2 ** 15 - 1,
  integer: 2 ** 31 - 1,
  bigint: Number.MAX_SAFE_INTEGER,
};

const clamped = (value: number | null, max: number): number | null =>
  value === null ? null : Math.max(-max, Math.min(max, Math.trunc(value)));
const optional = (text: string | null, maxBytes: number): string | null =>
  text === null || text === "" ? null : boundedText(text, maxBytes);

/** How a column's value is made: terms, actors and clusters become ids, texts are bounded, numbers clamped, times RFC 3339. */
export function rowValue<Entry>(column: SqlColumn, source: RowSource<Entry>): RowValue<Entry> {
  const { stored } = column.column;
  const { reader } = source;
  switch (stored.holds) {
    case "term": {
      const read = termReader(column, source);
      return (entry, ids) => ids.string(column.key as DictionaryKind, read(entry));
    }
    case "actor":
    case "actorKind":
      return (entry, ids) => ids.actor(source.actor(entry));
    case "cluster":
      return (entry, ids) => ids.cluster(source.cluster(entry));
    case "text": {
      const read = reader<string | null>(column);
      return (entry) => optional(read(entry), stored.maxBytes);
    }
    case "uuid":
      return reader<string | null>(column);
    case "number": {
      const read = reader<number | null>(column);
      const largest = LARGEST[stored.type];
      return (entry) => clamped(read(entry), largest);
    }
    case "time": {
      const read = reader<number>(column);
      return (entry) => new Date(read(entry)).toISOString();
    }
    case "code": {
      const read = reader<string>(column);
      return (entry) => stored.codes[read(entry)]!;
    }
    case "recordingText":
      throw new Error("no row holds what was typed and shown in a session");
  }
}

/** Reads the text that the dictionary has for a column of terms. */
export function termReader<Entry>(
  column: SqlColumn,
  { reader }: Pick<RowSource<Entry>, "reader">,
): (entry: Entry) => string | null {
  const { stored } = column.column;
  if (stored.holds !== "term" || !stored.list) return reader<string | null>(column);
  const read = reader<readonly string[]>(column);
  return (entry) => formatGroups(read(entry));
}
