import type { FilterNode } from "../../filter/tree.ts";
import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { comparisonsOf, conditionSql, isCounted, type ResolvedFilter } from "./compile.ts";
import { SqlParameters } from "./sql-parameters.ts";
import { DAY_MS, HOUR_MS, type Surface } from "./surface.ts";

/** Milliseconds since the epoch, `to` excluded; within one UTC day, so within one partition. */
export interface Span {
  from: number;
  to: number;
}

/** Which way a walk goes. */
export type Order = "newest" | "oldest";

/**
 * The parts of the query's window that can hold matching rows, in order: days that have a partition, and of those only the
 * hours that the counters do not rule out. `until` cuts the window where a cursor stands.
 */
export async function* walkSpans(
  run: RunSql,
  query: AuditQuery,
  until: Span,
  order: Order,
): AsyncGenerator<Span> {
  const from = Math.max(query.window.from.getTime(), until.from);
  const to = Math.min(query.window.to.getTime(), until.to);
  const days = await partitionDays(run, query.surface, { from, to });
  const inOrder = order === "newest" ? days.reverse() : days;
  const counted = countedPart(query.filter);
  for (const day of inOrder) {
    const span = { from: Math.max(from, day), to: Math.min(to, day + DAY_MS) };
    if (!counted) yield span;
    else
      yield* (await countedSpans(run, counted, span)).toSorted((a, b) =>
        order === "newest" ? b.from - a.from : a.from - b.from,
      );
  }
}

/** Starts of the UTC days that have a partition and touch the span, oldest first. */
async function partitionDays(
  run: RunSql,
  { table, partitioned = table }: Surface,
  { from, to }: Span,
): Promise<number[]> {
  if (to <= from) return [];
  const first = Math.floor(from / DAY_MS) * DAY_MS;
  // A day or two: asking them costs less than asking which there are.
  if (to - first <= 2 * DAY_MS)
    return Array.from({ length: Math.ceil((to - first) / DAY_MS) }, (_, day) => first + day * DAY_MS);
  const rows = await run<{ day: string }>(
    `SELECT right(child.relname, 8) AS day FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
     WHERE inhparent = $1::text::regclass ORDER BY 1`,
    [partitioned],
  );
  return rows
    .map(({ day }) => Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`))
    .filter((day) => day + DAY_MS > from && day < to);
}

/** The part of a filter that counters can answer and that every matching row fulfils; null when there is none. */
function countedPart(filter: ResolvedFilter): ResolvedFilter | null {
  const conjuncts = filter.node?.kind === "and" ? filter.node.nodes : filter.node ? [filter.node] : [];
  const nodes = conjuncts.filter((node) => isCounted({ ...filter, node }));
  if (nodes.length === 0 && !filter.actorIds) return null;
  const node: FilterNode | null = nodes.length === 0 ? null : { kind: "and", nodes };
  return [...comparisonsOf(node)].length === 0 && !filter.actorIds ? null : { ...filter, node };
}

async function countedSpans(run: RunSql, filter: ResolvedFilter, span: Span): Promise<Span[]> {
  const { counters } = filter.surface;
  // Hours where there are any: a day may hold much that does not match, and minutes are as many as rows.
  const counter = counters.find(({ milliseconds }) => milliseconds === HOUR_MS) ?? counters[0];
  if (!counter) return [span];
  const parameters = new SqlParameters();
  const width = counter.milliseconds;
  const first = parameters.add(new Date(Math.floor(span.from / width) * width).toISOString(), "timestamptz");
  const end = parameters.add(new Date(span.to).toISOString(), "timestamptz");
  const rows = await run<{ start: Date }>(
    `SELECT DISTINCT ${counter.time} AS start FROM ${counter.table}
     WHERE ${counter.time} >= ${first} AND ${counter.time} < ${end} AND ${conditionSql(filter, parameters, "zero")}
     ORDER BY 1`,
    parameters.values,
  );
  return joinNeighbours(
    rows.map(({ start }) => ({ from: start.getTime(), to: start.getTime() + width })),
  ).map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }));
}

function joinNeighbours(spans: Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last?.to === span.from) last.to = span.to;
    else joined.push({ ...span });
  }
  return joined;
}
