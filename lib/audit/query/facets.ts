import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { countedSql } from "./counters.ts";
import type { FacetColumn } from "./facet-columns.ts";
import { newestRowsSql } from "./histogram.ts";
import type { AuditFacets } from "./schema.ts";
import { SqlParameters } from "./sql-parameters.ts";
import { readTexts, type TextIds, type Texts } from "./texts.ts";

const MOST_VALUES = 20;
const MOST_ROWS = 200_000;
/** Values a column that are looked at before those of one name are added up. */
const MOST_IDS = 1_000;

interface FacetRow {
  column_index: number;
  id: number;
  count: number;
}

interface FacetCounts {
  rows: FacetRow[];
  exact: boolean;
}

/**
 * The most frequent values of the surface's facets: those of counted columns from the counters where they can tell, in one pass, the others from
 * the newest rows.
 */
export async function readFacets(run: RunSql, query: AuditQuery): Promise<AuditFacets> {
  const columns = query.surface.facets;
  const counts = await readCounts(run, query);
  const idsOf = (ids: keyof TextIds) =>
    counts.rows.filter((row) => columns[row.column_index]?.ids === ids).map(({ id }) => id);
  const texts = await readTexts(run, {
    terms: idsOf("terms"),
    actors: idsOf("actors"),
    clusters: idsOf("clusters"),
  });
  return toFacets(counts, columns, texts);
}

async function readCounts(run: RunSql, query: AuditQuery): Promise<FacetCounts> {
  const names = query.surface.facets.map(({ column }) => column);
  const parameters = new SqlParameters();
  const counters = countedSql(query, parameters, { widest: Number.POSITIVE_INFINITY });
  if (counters === null) return countRows(run, query, names);
  const counted = names.filter((name) => query.surface.counted.includes(name));
  const others = names.filter((name) => !counted.includes(name));
  const place = (name: string | undefined) => names.indexOf(name ?? "");
  const rows = await run<FacetRow>(countsSql(counters, counted), parameters.values);
  const known = rows.map((row) => ({ ...row, column_index: place(counted[row.column_index]) }));
  if (others.length === 0) return { rows: known, exact: true };
  const read = await countRows(run, query, others);
  const added = read.rows.map((row) => ({ ...row, column_index: place(others[row.column_index]) }));
  return { rows: [...known, ...added], exact: read.exact };
}

async function countRows(run: RunSql, query: AuditQuery, names: readonly string[]): Promise<FacetCounts> {
  const parameters = new SqlParameters();
  const source = newestRowsSql(query, parameters, { columns: names, most: MOST_ROWS });
  const rows = await run<FacetRow>(countsSql(source, names), parameters.values);
  const total = rows.filter((row) => row.column_index === 0).reduce((sum, row) => sum + row.count, 0);
  return { rows, exact: total < MOST_ROWS };
}

function countsSql(source: string, names: readonly string[]): string {
  return `WITH grouped AS (
       SELECT CASE ${names.map((name, index) => `WHEN grouping(${name}) = 0 THEN ${index}`).join(" ")} END AS column_index,
         coalesce(${names.join(", ")})::int AS id, sum(count)::bigint AS count
       FROM (${source}) AS source GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(", ")})
     ), ranked AS (
       SELECT *, row_number() OVER (PARTITION BY column_index ORDER BY count DESC, id) AS place FROM grouped
     )
     SELECT column_index, id, count FROM ranked WHERE place <= ${MOST_IDS} ORDER BY column_index, count DESC, id`;
}

/** Puts texts to the ids, adds up those of one text, and keeps the most frequent. */
function toFacets({ rows, exact }: FacetCounts, columns: readonly FacetColumn[], texts: Texts): AuditFacets {
  const facets = columns.map(({ field, label, textsOf }, index) => {
    const counts = new Map<string | null, number>();
    for (const row of rows) {
      if (row.column_index !== index) continue;
      for (const text of textsOf(texts, row.id)) counts.set(text, (counts.get(text) ?? 0) + row.count);
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([value, count]) => ({ value, count }));
    return { field, label, values: sorted.slice(0, MOST_VALUES), more: sorted.length > MOST_VALUES };
  });
  return { facets, exact };
}
