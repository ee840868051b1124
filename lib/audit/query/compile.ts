import { type FilterField, findField } from "../../filter/fields.ts";
import type { TimeReference } from "../../filter/relative-time.ts";
import type { FilterComparison, FilterNode } from "../../filter/tree.ts";
import type { RunSql } from "../store/sql.ts";
import { type AbsentValue, comparisonSql } from "./comparison-sql.ts";
import { requireKnownNames } from "./known-names.ts";
import { findMatchingIds, isInterned, type MatchingIds } from "./matching-ids.ts";
import { findRecordings } from "./recording-text.ts";
import type { TimeWindow } from "./schema.ts";
import type { AuditScope } from "./scope.ts";
import type { SqlParameters } from "./sql-parameters.ts";
import type { ColumnMapping, Surface } from "./surface.ts";

/** A filter whose texts are ids by now: ready to be written as SQL for rows and for counters. */
export interface ResolvedFilter {
  surface: Surface;
  node: FilterNode | null;
  ids: ReadonlyMap<FilterComparison, MatchingIds>;
  /** Whose rows; null: everybody's. */
  actorIds: readonly number[] | null;
  reference: TimeReference;
}

interface FilterInput {
  surface: Surface;
  scope: AuditScope;
  /** Where the rows are looked for. */
  window: TimeWindow;
  filter: FilterNode | null;
  reference: TimeReference;
}

/** Looks up the ids of every text that the filter names, and of the scope's own actor. */
export async function resolveFilter(run: RunSql, input: FilterInput): Promise<ResolvedFilter> {
  const { surface, scope, filter, reference } = input;
  const ids = new Map<FilterComparison, MatchingIds>();
  for (const comparison of comparisonsOf(filter)) {
    const { field, mapping } = mappingOf(surface, comparison);
    const needed = isInterned(mapping) && (comparison.op !== "present" || mapping.holds !== "term");
    if (needed) ids.set(comparison, await findMatchingIds(run, comparison, field, mapping));
    // Whoever sees their own rows alone would learn by it which names there are.
    if (mapping.holds === "term" && mapping.namesOf && scope.kind === "all")
      await requireKnownNames(run, comparison, { table: mapping.namesOf, kind: mapping.kind });
    if (mapping.holds === "recordingText")
      ids.set(comparison, await findRecordings(run, input, { comparison, mapping }));
  }
  return { surface, node: filter, ids, actorIds: await actorIdsOf(run, scope), reference };
}

async function actorIdsOf(run: RunSql, scope: AuditScope): Promise<number[] | null> {
  if (scope.kind === "all") return null;
  const rows = await run<{ id: number }>(
    "SELECT id FROM audit_actor WHERE kind = $1::text AND subject_id = $2::text",
    [scope.actorKind, scope.actorId],
  );
  return rows.map(({ id }) => id);
}

/** Every comparison of a filter. */
export function* comparisonsOf(node: FilterNode | null): Generator<FilterComparison> {
  if (!node) return;
  if (node.kind === "comparison") yield node;
  else if (node.kind === "not") yield* comparisonsOf(node.node);
  else for (const child of node.nodes) yield* comparisonsOf(child);
}

function mappingOf(
  surface: Surface,
  comparison: FilterComparison,
): { field: FilterField; mapping: ColumnMapping } {
  const field = findField(surface.fields, comparison.field);
  const mapping = field && surface.columns[field.name];
  if (!field || !mapping)
    throw new Error(`no column for the field ${comparison.field} of ${surface.fields.surface}`);
  return { field, mapping };
}

/** Whether counters alone can answer the filter; those of a surface that keeps none never do. */
export function isCounted(filter: ResolvedFilter): boolean {
  const { counters, counted } = filter.surface;
  return counters.length > 0 && isCountedBy(filter, counted);
}

/** Whether counters of these columns alone can answer the filter and its scope. */
export function isCountedBy(
  { surface, node, actorIds }: ResolvedFilter,
  columns: readonly string[],
): boolean {
  if (actorIds && !columns.includes("actor_id")) return false;
  return [...comparisonsOf(node)].every((comparison) =>
    columns.includes(mappingOf(surface, comparison).mapping.column),
  );
}

/**
 * The condition on rows or counters: the scope, and the filter. The only place where the filter language becomes SQL. NOT is pushed down
 * to the comparisons, each of which has a negative of its own that holds for absent values: so no NULL ever decides.
 */
export function conditionSql(
  resolved: ResolvedFilter,
  parameters: SqlParameters,
  absent: AbsentValue,
): string {
  const parts: string[] = [];
  if (resolved.actorIds) parts.push(`actor_id = ANY (${parameters.add(resolved.actorIds, "int[]")})`);
  if (resolved.node) parts.push(nodeSql({ resolved, parameters, absent }, resolved.node, true));
  return parts.length === 0 ? "true" : parts.join(" AND ");
}

interface Writing {
  resolved: ResolvedFilter;
  parameters: SqlParameters;
  absent: AbsentValue;
}

function nodeSql(writing: Writing, node: FilterNode, positive: boolean): string {
  if (node.kind === "not") return nodeSql(writing, node.node, !positive);
  if (node.kind === "comparison") return leafSql(writing, node, positive);
  const word = (node.kind === "and") === positive ? " AND " : " OR ";
  return `(${node.nodes.map((child) => nodeSql(writing, child, positive)).join(word)})`;
}

function leafSql(
  { resolved, parameters, absent }: Writing,
  comparison: FilterComparison,
  positive: boolean,
): string {
  const { op, values } = comparison;
  return comparisonSql({
    ...mappingOf(resolved.surface, comparison),
    op: op === "!=" ? "=" : op,
    values,
    ids: resolved.ids.get(comparison),
    positive: op === "!=" ? !positive : positive,
    absent,
    parameters,
    reference: resolved.reference,
  });
}
