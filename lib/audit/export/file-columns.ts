import type { Texts } from "../query/texts.ts";
import type { CellFormat } from "./encode.ts";

/** How a field of an entry is written from one column of its table, read as text. */
export type FileColumn = {
  sql: string;
  /** What is written for NULL, where that is not the format's absent value. */
  absent?: (cells: CellFormat) => string;
} & (
  | { holds: "number" | "text" | "uuid" }
  /** Milliseconds since the epoch. */
  | { holds: "time" }
  /** A small number that stands for a word. */
  | { holds: "word"; words: readonly string[] }
  | {
      holds: "id";
      of: "terms" | "actors" | "clusters";
      write(texts: Texts, id: number, cells: CellFormat): string;
    }
);

/** A file of one table: the fields of an entry in the order of the file, and the column of each. */
export interface FileColumns {
  fields: readonly string[];
  columns: readonly FileColumn[];
  /** The field of the time that rows are ordered by. */
  time: string;
}

/** Empty text is an absent value. */
export const orAbsent = (value: string | undefined, cells: CellFormat): string =>
  value ? cells.text(value) : cells.absent;

/** The compiler wants a column for every field. */
export function fileColumns<Field extends string>(
  fields: readonly Field[],
  time: Field,
  byField: Record<Field, FileColumn>,
): FileColumns {
  return { fields, time, columns: fields.map((field) => byField[field]) };
}

export const number = (sql: string): FileColumn => ({ sql, holds: "number" });
export const text = (sql: string): FileColumn => ({ sql, holds: "text" });
export const uuid = (sql: string): FileColumn => ({ sql, holds: "uuid" });

/** As a number, since the text of a time follows the session's settings. */
export const time = (column: string): FileColumn => ({
  sql: `(extract(epoch FROM ${column}) * 1000)::bigint`,
  holds: "time",
});

export function word(sql: string, codes: Readonly<Record<string, number>>): FileColumn {
  const words = Object.entries(codes).sort(([, a], [, b]) => a - b);
  return { sql, holds: "word", words: words.map(([name]) => name) };
}

export const term = (sql: string): FileColumn => ({
  sql,
  holds: "id",
  of: "terms",
  write: (texts, id, cells) => cells.text(texts.term(id) ?? ""),
});
