import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { isCounted } from "./compile.ts";
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

/** How many rows have an id, or a code, in a column. */
interface IdCount {
  column: string;
  id: number;
  count: number;
}

interface IdCounts {
  rows: IdCount[];
  /** False: there are rows that were not looked at. */
  exact: boolean;
}

/**
 * The most frequent values of the surface's facets: those of counted columns from the counters where they can tell, in one pass, the others from
 * the newest rows.
 */
export async function readFacets(run: RunSql, query: AuditQuery): Promise<AuditFacets> {
  const { facets, counted } = query.surface;
  const columns = [...new Set(facets.map(({ column }) => column))];
  const known = isCounted(query.filter) ? columns.filter((column) => counted.includes(column)) : [];
  const others = columns.filter((column) => !known.includes(column));
  const byCounters = await countByCounters(run, query, known);
  const byRows = await countByRows(run, query, others);
  const rows = Map.groupBy([...byCounters.rows, ...byRows.rows], ({ column }) => column);
  const texts = await readFacetTexts(run, facets, rows);
  return {
    facets: facets.map((facet) => {
      const exact = known.includes(facet.column) || byRows.exact;
      return { ...toFacet(facet, rows.get(facet.column) ?? [], texts), exact };
    }),
    exact: byRows.exact,
  };
}

async function countByCounters(
  run: RunSql,
  query: AuditQuery,
  columns: readonly string[],
): Promise<IdCounts> {
  const parameters = new SqlParameters();
  const source = countedSql(query, parameters, { widest: Number.POSITIVE_INFINITY });
  if (columns.length === 0 || source === null) return { rows: [], exact: true };
  return { rows: await run<IdCount>(countsSql(source, columns), parameters.values), exact: true };
}

async function countByRows(run: RunSql, query: AuditQuery, columns: readonly string[]): Promise<IdCounts> {
  const [first] = columns;
  if (first === undefined) return { rows: [], exact: true };
  const parameters = new SqlParameters();
  const source = newestRowsSql(query, parameters, { columns, most: MOST_ROWS });
  const rows = await run<IdCount>(countsSql(source, columns), parameters.values);
  const looked = rows.reduce((sum, { column, count }) => (column === first ? sum + count : sum), 0);
  return { rows, exact: looked < MOST_ROWS };
}

function countsSql(source: string, columns: readonly string[]): string {
  return `WITH grouped AS (
       SELECT CASE ${columns.map((name) => `WHEN grouping(${name}) = 0 THEN '${name}'`).join(" ")} END AS "column",
         coalesce(${columns.join(", ")})::int AS id, sum(count)::bigint AS count
       FROM (${source}) AS source GROUP BY GROUPING SETS (${columns.map((name) => `(${name})`).join(", ")})
     ), ranked AS (
       SELECT *, row_number() OVER (PARTITION BY "column" ORDER BY count DESC, id) AS place FROM grouped
     )
     SELECT "column", id, count FROM ranked WHERE place <= ${MOST_IDS} ORDER BY "column", count DESC, id`;
}

function readFacetTexts(
  run: RunSql,
  facets: readonly FacetColumn[],
  rows: ReadonlyMap<string, readonly IdCount[]>,
): Promise<Texts> {
  const idsOf = (ids: keyof TextIds) =>
    facets
      .filter((facet) => facet.ids === ids)
      .flatMap(({ column }) => (rows.get(column) ?? []).map(({ id }) => id));
  return readTexts(run, {
    terms: idsOf("terms"),
    actors: idsOf("actors"),
    clusters: idsOf("clusters"),
  });
}

/** Puts texts to the ids, adds up those of one text, and keeps the most frequent. */
function toFacet({ field, label, textsOf }: FacetColumn, rows: readonly IdCount[], texts: Texts) {
  const counts = new Map<string | null, number>();
  for (const { id, count } of rows)
    for (const text of textsOf(texts, id)) counts.set(text, (counts.get(text) ?? 0) + count);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([value, count]) => ({ value, count }));
  return { field, label, values: sorted.slice(0, MOST_VALUES), more: sorted.length > MOST_VALUES };
}
