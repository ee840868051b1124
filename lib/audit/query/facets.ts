import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { countedSql } from "./counters.ts";
import { newestRowsSql } from "./histogram.ts";
import type { AuditFacets } from "./schema.ts";
import { SqlParameters } from "./sql-parameters.ts";
import { readTexts, type TextIds, type Texts } from "./texts.ts";

const MOST_VALUES = 20;
const MOST_ROWS = 200_000;
/** Values a column that are looked at before those of one name are added up. */
const MOST_IDS = 1_000;

/** A facet: the field that a click writes into the filter, the counted column, and the text of what the column holds. */
export interface FacetColumn {
  field: string;
  label: string;
  column: string;
  /** Where the texts of the column's ids are; null where its numbers are words of their own. */
  ids: keyof TextIds | null;
  textOf: (texts: Texts, id: number) => string | null;
}

export const termFacet = (field: string, label: string, column: string): FacetColumn => ({
  field,
  label,
  column,
  ids: "terms",
  textOf: (texts, id) => texts.term(id),
});

export const clusterFacet = (field: string, label: string): FacetColumn => ({
  field,
  label,
  column: "cluster_id",
  ids: "clusters",
  textOf: (texts, id) => texts.cluster(id)?.name || null,
});

export const actorFacet = (field: string, label: string): FacetColumn => ({
  field,
  label,
  column: "actor_id",
  ids: "actors",
  textOf: (texts, id) => texts.actor(id).name || texts.actor(id).email || null,
});

/** `words`: by the number that stands for each. */
export const codeFacet = (
  field: string,
  label: string,
  column: string,
  words: readonly string[],
): FacetColumn => ({ field, label, column, ids: null, textOf: (_, code) => words[code] ?? null });

interface FacetRow {
  column_index: number;
  id: number;
  count: number;
}

/** The most frequent values of each facet, counted in one pass, from the counters where they can tell. */
export async function readFacets(
  run: RunSql,
  query: AuditQuery,
  columns: readonly FacetColumn[],
): Promise<AuditFacets> {
  const counts = await readFacetCounts(run, query, columns);
  const idsOf = (ids: keyof TextIds) =>
    counts.rows.filter((row) => columns[row.column_index]?.ids === ids).map(({ id }) => id);
  const texts = await readTexts(run, {
    terms: idsOf("terms"),
    actors: idsOf("actors"),
    clusters: idsOf("clusters"),
  });
  return toFacets(counts, columns, texts);
}

async function readFacetCounts(
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
function toFacets(
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
