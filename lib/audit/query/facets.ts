import type { RunSql } from "../sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { countedSql } from "./counters.ts";
import { newestRowsSql } from "./histogram.ts";
import type { AuditFacets } from "./schema.ts";
import { SqlParameters } from "./sql-parameters.ts";
import type { Texts } from "./texts.ts";

const MOST_VALUES = 20;
const MOST_ROWS = 200_000;
/** Values a column that are looked at before those of one name are added up. */
const MOST_IDS = 1_000;

/** A facet: the field that a click writes into the filter, the counted column, and the text of its ids. */
export interface FacetColumn {
  field: string;
  label: string;
  column: string;
  textOf: (texts: Texts, id: number) => string | null;
}

interface FacetRow {
  column_index: number;
  id: number;
  count: number;
}

/** Counts the values of every facet's column in one pass, from the counters where they can tell. */
export async function readFacetCounts(
  run: RunSql,
  query: AuditQuery,
  columns: readonly FacetColumn[],
): Promise<{ rows: FacetRow[]; exact: boolean }> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, { widest: Number.POSITIVE_INFINITY });
  const source = counted ?? newestRowsSql(query, parameters, MOST_ROWS);
  const names = columns.map(({ column }) => column);
  const rows = await run<FacetRow>(
    `WITH grouped AS (
       SELECT CASE ${names.map((name, index) => `WHEN grouping(${name}) = 0 THEN ${index}`).join(" ")} END AS column_index,
         coalesce(${names.join(", ")})::int AS id, sum(count)::bigint AS count
       FROM (${source}) AS source GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(", ")})
     ), ranked AS (
       SELECT *, row_number() OVER (PARTITION BY column_index ORDER BY count DESC, id) AS place FROM grouped
     )
     SELECT column_index, id, count FROM ranked WHERE place <= ${MOST_IDS} ORDER BY column_index, count DESC, id`,
    parameters.values,
  );
  const total = rows.filter((row) => row.column_index === 0).reduce((sum, row) => sum + row.count, 0);
  return { rows, exact: counted !== null || total < MOST_ROWS };
}

/** Puts texts to the ids, adds up those of one text, and keeps the most frequent. */
export function toFacets(
  { rows, exact }: { rows: readonly FacetRow[]; exact: boolean },
  columns: readonly FacetColumn[],
  texts: Texts,
): AuditFacets {
  const facets = columns.map(({ field, label, textOf }, index) => {
    const counts = new Map<string | null, number>();
    for (const row of rows) {
      if (row.column_index !== index) continue;
      const text = textOf(texts, row.id);
      counts.set(text, (counts.get(text) ?? 0) + row.count);
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([value, count]) => ({ value, count }));
    return { field, label, values: sorted.slice(0, MOST_VALUES), more: sorted.length > MOST_VALUES };
  });
  return { facets, exact };
}
