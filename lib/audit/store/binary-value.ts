import type { SqlColumn } from "../columns/derived/sql-columns.ts";
import type { NumberType } from "../columns/schema.ts";
import type { BinaryRows } from "./binary-rows.ts";
import { LARGEST, type RowSource } from "./row-value.ts";

/** Writes an entry's value for a column. */
export type WriteValue<Entry> = (rows: BinaryRows, entry: Entry) => void;

/**
 * How a column's value is written, of those that are no id: texts are bounded, numbers clamped. What no row can hold throws a TypeError or a
 * RangeError.
 */
export function binaryValue<Entry>(
  column: SqlColumn,
  { reader }: Pick<RowSource<Entry>, "reader">,
): WriteValue<Entry> {
  const { stored } = column.column;
  switch (stored.holds) {
    case "text": {
      const read = reader<string | null>(column);
      return (rows, entry) => {
        const value = read(entry);
        if (value === null || value === "") rows.null();
        else rows.text(value, stored.maxBytes);
      };
    }
    case "uuid": {
      const read = reader<string | null>(column);
      return (rows, entry) => {
        const value = read(entry);
        if (value === null) rows.null();
        else rows.uuid(value);
      };
    }
    case "number": {
      const read = reader<number | null>(column);
      return (rows, entry) => {
        const value = read(entry);
        if (value === null) rows.null();
        else rows[stored.type](clamped(value, stored.type));
      };
    }
    case "time": {
      const read = reader<number>(column);
      return (rows, entry) => rows.time(read(entry));
    }
    case "code": {
      const read = reader<string>(column);
      return (rows, entry) => rows.smallint(codeOf(stored.codes, read(entry)));
    }
    default:
      throw new Error(`${column.name} holds an id`);
  }
}

function clamped(value: number, type: NumberType): number {
  if (typeof value !== "number" || Number.isNaN(value))
    throw new TypeError(`got ${JSON.stringify(value)}: takes a ${type}`);
  const max = LARGEST[type];
  return value > max ? max : value < -max ? -max : Math.trunc(value);
}

/** The number that stands for a word. */
export function codeOf(codes: Readonly<Record<string, number>>, word: string): number {
  const code = codes[word];
  if (code === undefined)
    throw new TypeError(`got ${JSON.stringify(word)}: takes one of ${Object.keys(codes).join(", ")}`);
  return code;
}
