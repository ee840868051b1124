import type { AuditQuery } from "../query/audit-query.ts";
import type { FactRow } from "../query/rows.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import type { ColumnMapping } from "../query/surface.ts";
import type { RunSql } from "../store/sql.ts";

interface SortedPage {
  field: string;
  descending: boolean;
  offset: number;
  limit: number;
}

/** Rows sorted by the text of a field; equal ones newest first. Absent values come last. Bounded by the time a statement may take. */
export function readSortedRows(run: RunSql, query: AuditQuery, page: SortedPage): Promise<FactRow[]> {
  const { table, time, columns } = query.surface;
  const mapping = columns[page.field];
  if (!mapping) throw new Error(`no column for the field ${page.field}`);
  const parameters = new SqlParameters();
  const from = parameters.add(query.window.from.toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const where = `${time} >= ${from} AND ${time} < ${to} AND ${query.condition(parameters, "null")}`;
  const { join, key } = sortKey(mapping);
  const text = `SELECT fact.* FROM (SELECT * FROM ${table} WHERE ${where}) AS fact ${join}
    ORDER BY ${key} ${page.descending ? "DESC" : "ASC"} NULLS LAST, ${time} DESC, ledger_id DESC, no DESC
    LIMIT ${parameters.add(page.limit, "int")} OFFSET ${parameters.add(page.offset, "int")}`;
  return run<FactRow>(text, parameters.values);
}

function sortKey(mapping: ColumnMapping): { join: string; key: string } {
  const column = `fact.${mapping.column}`;
  const joined = (table: string, key: string) => {
    return { join: `LEFT JOIN ${table} AS named ON named.id = ${column}`, key: `${key} COLLATE "C"` };
  };
  switch (mapping.holds) {
    case "term":
      return joined("audit_dictionary", "named.value");
    case "cluster":
      return joined("audit_cluster", `named.${mapping.of}`);
    case "actorKind":
      return joined("audit_actor", "named.kind");
    case "actor":
      return joined(
        "audit_actor",
        mapping.of[0] === "subject_id" ? "named.subject_id" : "coalesce(nullif(named.email, ''), named.name)",
      );
    case "text":
      return { join: "", key: `${column} COLLATE "C"` };
    default:
      return { join: "", key: column };
  }
}
