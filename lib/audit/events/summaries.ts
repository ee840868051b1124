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
import { readEventQuery } from "./list.ts";
import { EVENT_SURFACE } from "./surface.ts";

interface SummaryInput {
  ctx: Context;
  scope: AuditScope;
  query: QueryText;
}

async function readSummary<T>(
  { ctx, scope, query }: SummaryInput,
  read: (run: RunSql, prepared: AuditQuery) => Promise<T>,
): Promise<T> {
  const words = readEventQuery(query);
  await recordSearch(ctx, "EventHistory", words);
  return readAudit(async (run) =>
    read(run, await prepareQuery(run, { surface: EVENT_SURFACE, scope, ...words })),
  );
}

/** How many events match; see `countRows` for where counting stops. */
export function countEvents(input: SummaryInput): Promise<AuditCount> {
  return readSummary(input, countRows);
}

/** Events over time by status; `success` counts Succeeded. */
export function histogramEvents(input: SummaryInput): Promise<AuditHistogram> {
  return readSummary(input, readHistogram);
}

const EVENT_FACETS: readonly FacetColumn[] = [
  {
    field: "status",
    label: "Status",
    column: "status",
    textOf: (_, id) => (id === 1 ? "Succeeded" : "Failed"),
  },
  { field: "action", label: "Event", column: "action_id", textOf: (texts, id) => texts.term(id) },
  { field: "operation", label: "Operation", column: "operation_id", textOf: (texts, id) => texts.term(id) },
  {
    field: "entityType",
    label: "Entity type",
    column: "entity_type_id",
    textOf: (texts, id) => texts.term(id),
  },
  {
    field: "cluster",
    label: "Cluster",
    column: "cluster_id",
    textOf: (texts, id) => texts.cluster(id)?.name || null,
  },
  {
    field: "user",
    label: "User/App",
    column: "actor_id",
    textOf: (texts, id) => {
      const { name, email } = texts.actor(id);
      return name || email || null;
    },
  },
];

/** The most frequent values of each facet among the matching events. */
export function facetEvents(input: SummaryInput): Promise<AuditFacets> {
  return readSummary(input, async (run, prepared) => {
    const counts = await readFacetCounts(run, prepared, EVENT_FACETS);
    const idsOf = (...columns: string[]) =>
      counts.rows
        .filter((row) => columns.includes(EVENT_FACETS[row.column_index]?.column ?? ""))
        .map(({ id }) => id);
    const texts = await readTexts(run, {
      terms: idsOf("action_id", "operation_id", "entity_type_id"),
      actors: idsOf("actor_id"),
      clusters: idsOf("cluster_id"),
    });
    return toFacets(counts, EVENT_FACETS, texts);
  });
}
