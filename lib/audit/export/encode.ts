import Papa from "papaparse";
import type { ExportFormat } from "./schema.ts";

/** How a format writes a file. Every row's text is its own, so a file may be continued between any two. */
export interface Encoder {
  head: string;
  tail: string;
  /** What stands before a row; `first`: it is the file's first. */
  lead(first: boolean): string;
  /** A row from its entry. */
  entry(entry: object): string;
  cells: CellFormat;
}

/** How a format writes a row from cells, each of which is text that one of these functions made. */
export interface CellFormat {
  /** What stands before each cell, by column. */
  before: readonly string[];
  /** What stands after the last. */
  end: string;
  absent: string;
  text(value: string): string;
  /** Text that is known to hold none but letters, digits and `-:.`, and to begin with a letter or digit: ids and times. */
  plain(value: string): string;
  list(values: readonly string[]): string;
}

/** The formats' media types, with the parameters that they are sent with; first what whoever has no wish gets. */
export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
};

const CRLF = "\r\n";
/**
 * Cells that a spreadsheet would run as a formula (OWASP, "CSV Injection"): the full-width and small forms of the signs count as the signs, and
 * what a spreadsheet may trim before them is no part of the text.
 */
const FORMULA = /^(?:[\t\r\n]|[\s\u200B-\u200D\u2060\uFEFF]*[=+\-@＝＋－＠﹦﹢﹣﹫])/;
/** How Excel knows a file for UTF-8; programs take it for a part of the first column's name. */
const BYTE_ORDER_MARK = "\uFEFF";
/** Text that CSV writes as it is; most is. */
const UNQUOTED = /^(?:[\dA-Za-z][\w./:-]*)?$/;

/** `columns`: the fields of an entry, in the order of the file. */
export function createEncoder(
  format: ExportFormat,
  columns: readonly string[],
  /** CSV alone may begin with one. */
  { byteOrderMark = false }: { byteOrderMark?: boolean } = {},
): Encoder {
  if (format === "csv") return csvEncoder(columns, byteOrderMark ? BYTE_ORDER_MARK : "");
  return format === "json" ? jsonEncoder(columns) : ndjsonEncoder(columns);
}

/** RFC 4180 with a header line. Lists are one cell, absent values empty; cells that begin like a formula get a leading apostrophe. */
function csvEncoder(columns: readonly string[], mark: string): Encoder {
  return {
    head: mark + columns.map(csvText).join(",") + CRLF,
    tail: "",
    lead: () => "",
    entry: (entry) => columns.map((column) => csvCell(Reflect.get(entry, column))).join(",") + CRLF,
    cells: {
      before: columns.map((_, index) => (index === 0 ? "" : ",")),
      end: CRLF,
      absent: "",
      text: csvText,
      plain: (value) => value,
      list: (values) => csvText(values.join(", ")),
    },
  };
}

function csvText(value: string): string {
  return UNQUOTED.test(value) ? value : Papa.unparse([[value]], { escapeFormulae: FORMULA, newline: CRLF });
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return csvText(value);
  if (Array.isArray(value)) return csvText(value.join(", "));
  return typeof value === "object" ? csvText(JSON.stringify(value)) : String(value);
}

/** One array, an entry a line; the comma comes before every entry but the first. */
function jsonEncoder(columns: readonly string[]): Encoder {
  return {
    head: "[",
    tail: "\n]\n",
    lead: (first) => (first ? "\n" : ",\n"),
    entry: (entry) => JSON.stringify(entry),
    cells: jsonCells(columns, "}"),
  };
}

function ndjsonEncoder(columns: readonly string[]): Encoder {
  return {
    head: "",
    tail: "",
    lead: () => "",
    entry: (entry) => `${JSON.stringify(entry)}\n`,
    cells: jsonCells(columns, "}\n"),
  };
}

function jsonCells(columns: readonly string[], end: string): CellFormat {
  return {
    before: columns.map((column, index) => `${index === 0 ? "{" : ","}${JSON.stringify(column)}:`),
    end,
    absent: "null",
    text: (value) => JSON.stringify(value),
    plain: (value) => `"${value}"`,
    list: (values) => JSON.stringify(values),
  };
}
