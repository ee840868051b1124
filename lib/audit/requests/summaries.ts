import type { Context } from "../../context.ts";
import { type AuditQuery, prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { countRows } from "../query/count.ts";
import { type FacetColumn, readFacetCounts, toFacets } from "../query/facets.ts";
import { readHistogram } from "../query/histogram.ts";
import { recordSearch } from "../query/record-read.ts";
import type { AuditCount, AuditFacets, AuditHistogram } from "../query/schema.ts";
import { readTexts } from "../query/texts.ts";
import type { AuditScope } from "../scope.ts";
import type { RunSql } from "../sql.ts";
import { readRequestQuery } from "./list.ts";
import { REQUEST_SURFACE } from "./surface.ts";

interface SummaryInput {
  ctx: Context;
  scope: AuditScope;
  query: QueryText;
}

async function readSummary<T>(
  { ctx, scope, query }: SummaryInput,
  read: (run: RunSql, prepared: AuditQuery) => Promise<T>,
): Promise<T> {
  const words = readRequestQuery(query);
  await recordSearch(ctx, "RequestAudit", words);
  return readAudit(async (run) =>
    read(run, await prepareQuery(run, { surface: REQUEST_SURFACE, scope, ...words })),
  );
}

/** How many calls match; see `countRows` for where counting stops. */
export function countRequests(input: SummaryInput): Promise<AuditCount> {
  return readSummary(input, countRows);
}

/** Calls over time by result. */
export function histogramRequests(input: SummaryInput): Promise<AuditHistogram> {
  return readSummary(input, readHistogram);
}

export const REQUEST_FACETS: readonly FacetColumn[] = [
  {
    field: "result",
    label: "Result",
    column: "result",
    textOf: (_, id) => (id === 1 ? "success" : "failure"),
  },
  { field: "verb", label: "Verb", column: "verb_id", textOf: (texts, id) => texts.term(id) },
  { field: "resource", label: "Resource", column: "resource_id", textOf: (texts, id) => texts.term(id) },
  {
    field: "cluster",
    label: "Cluster",
    column: "cluster_id",
    textOf: (texts, id) => texts.cluster(id)?.name || null,
  },
  { field: "namespace", label: "Namespace", column: "namespace_id", textOf: (texts, id) => texts.term(id) },
  {
    field: "user",
    label: "Person",
    column: "actor_id",
    textOf: (texts, id) => {
      const { name, email } = texts.actor(id);
      return name || email || null;
    },
  },
];

/** The most frequent values of each facet among the matching calls. */
export function facetRequests(input: SummaryInput): Promise<AuditFacets> {
  return readSummary(input, async (run, prepared) => {
    const counts = await readFacetCounts(run, prepared, REQUEST_FACETS);
    const idsOf = (...columns: string[]) =>
      counts.rows
        .filter((row) => columns.includes(REQUEST_FACETS[row.column_index]?.column ?? ""))
        .map(({ id }) => id);
    const texts = await readTexts(run, {
      terms: idsOf("verb_id", "resource_id", "namespace_id"),
      actors: idsOf("actor_id"),
      clusters: idsOf("cluster_id"),
    });
    return toFacets(counts, REQUEST_FACETS, texts);
  });
}
