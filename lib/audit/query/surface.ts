import type { FieldSet } from "../../filter/fields.ts";
import { type ColumnTable, fieldNameOf, fieldSet } from "../columns/derived/schema.ts";
import { countedColumns } from "../columns/derived/sql-columns.ts";
import type { Column, Stored } from "../columns/schema.ts";
import type { LedgerStream } from "../store/ledger.ts";
import { type FacetColumn, facetColumns } from "./facet-columns.ts";

type StoredTerm = Extract<Stored, { holds: "term" }>;

/** How a field's value is held by a row; a term's kind is that of the dictionary. */
export type ColumnMapping = Exclude<Stored, StoredTerm> | (StoredTerm & { kind: string });

/** A table of counters: `time` is the start of a minute, an hour or a day; 0 stands for an absent value. */
export interface CounterTable {
  table: string;
  time: string;
  milliseconds: number;
}

/** Where the rows of a kind of audit data are. */
interface SurfaceRows {
  stream: LedgerStream;
  /** Or a query of rows with the same columns, in parentheses and named. */
  table: string;
  /** The partitioned table that they are in, where `table` is a query. */
  partitioned?: string;
  /** The partition column; with `ledger_id` and `no` the primary key, the order and the cursor. */
  time: string;
  /** The column that the histogram splits by: 1 is a success. */
  outcome: string;
  /** Widest first. */
  counters: readonly CounterTable[];
  /** Counters by the outcome alone. */
  totals: readonly CounterTable[];
}

/** One kind of audit data: its tables, and how the fields of its filters map to columns. */
export interface Surface extends SurfaceRows {
  fields: FieldSet;
  /** By the names of fields. */
  columns: Readonly<Record<string, ColumnMapping>>;
  /** Columns that the counters are kept by. */
  counted: readonly string[];
  facets: readonly FacetColumn[];
}

/** A surface is a table of columns and the source of its rows. */
export function createSurface(table: ColumnTable, rows: SurfaceRows): Surface {
  const mappings = Object.entries(table.columns).flatMap(([key, column]) => {
    const field = fieldNameOf(key, column);
    return field === null ? [] : [[field, mappingOf(key, column)] as const];
  });
  return {
    ...rows,
    fields: fieldSet(table),
    columns: Object.fromEntries(mappings),
    counted: countedColumns(table).map(({ name }) => name),
    facets: facetColumns(table),
  };
}

function mappingOf(key: string, { stored }: Column): ColumnMapping {
  return stored.holds === "term" ? { ...stored, kind: key } : stored;
}

const MINUTE = 60_000;
export const MINUTE_MS = MINUTE;
export const HOUR_MS = 60 * MINUTE;
export const DAY_MS = 24 * HOUR_MS;
