import type { Column, Stored } from "../schema.ts";
import type { Columns, ColumnTable } from "./schema.ts";

/** A column of a table in the database. */
export interface SqlColumn {
  name: string;
  /** As `format_type` writes it, without a precision. */
  type: string;
  nullable: boolean;
  /** The first column of the table that it holds, and its key there. */
  key: string;
  column: Column;
}

/** The columns that the database has for a table, each once; without the ledger. */
export function sqlColumns(columns: Columns): SqlColumn[] {
  const byName = new Map<string, SqlColumn>();
  for (const [key, column] of Object.entries(columns)) {
    const { stored, facts } = column;
    const { column: name } = stored;
    if (byName.has(name)) continue;
    const nullable = !facts.required && stored.holds !== "actor";
    byName.set(name, { name, type: sqlType(stored), nullable, key, column });
  }
  return [...byName.values()];
}

/** The columns by which the counters of a table are kept; their values are numbers. */
export function countedColumns({ columns }: ColumnTable): SqlColumn[] {
  const counted = new Set(
    Object.values(columns).flatMap(({ stored, facts }) => (facts.counted ? stored.column : [])),
  );
  return sqlColumns(columns).filter(({ name }) => counted.has(name));
}

function sqlType(stored: Stored): string {
  switch (stored.holds) {
    case "text":
    case "uuid":
      return stored.holds;
    case "number":
      return stored.type;
    case "time":
      return "timestamptz";
    case "code":
      return "smallint";
    default:
      return "integer";
  }
}
