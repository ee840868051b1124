import Papa from "papaparse";
import type { ExportFormat } from "./schema.ts";

/** What a file is made of, in order. Every row's text is its own, so a file may be continued between any two. */
export interface Encoder {
  mediaType: string;
  head: string;
  rows(entries: readonly object[]): string;
  tail: string;
}

const CRLF = "\r\n";
/** Cells that a spreadsheet would run as a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n]/;

/** `columns`: the fields of an entry, in the order of the file. `begun`: rows were written before. */
export function createEncoder(format: ExportFormat, columns: readonly string[], begun = false): Encoder {
  if (format === "csv") return csvEncoder(columns);
  return format === "json" ? jsonEncoder(begun) : ndjsonEncoder();
}

/** RFC 4180 with a header line. Lists are one cell, absent values empty; cells that begin like a formula get a leading apostrophe. */
function csvEncoder(columns: readonly string[]): Encoder {
  return {
    mediaType: "text/csv; charset=utf-8; header=present",
    head: Papa.unparse([columns as string[]]) + CRLF,
    rows: (entries) => {
      if (entries.length === 0) return "";
      const cells = entries.map((entry) => columns.map((column) => cellOf(Reflect.get(entry, column))));
      return Papa.unparse(cells, { escapeFormulae: FORMULA, newline: CRLF }) + CRLF;
    },
    tail: "",
  };
}

function cellOf(value: unknown): unknown {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** One array, an entry a line; the comma comes before every entry but the first. */
function jsonEncoder(begun: boolean): Encoder {
  let first = !begun;
  const separator = () => {
    if (!first) return ",\n";
    first = false;
    return "\n";
  };
  return {
    mediaType: "application/json; charset=utf-8",
    head: "[",
    rows: (entries) => entries.map((entry) => separator() + JSON.stringify(entry)).join(""),
    tail: "\n]\n",
  };
}

function ndjsonEncoder(): Encoder {
  return {
    mediaType: "application/x-ndjson; charset=utf-8",
    head: "",
    rows: (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
    tail: "",
  };
}
