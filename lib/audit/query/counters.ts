import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { isCounted, isCountedBy } from "./compile.ts";
import { SqlParameters } from "./sql-parameters.ts";
import type { CounterTable } from "./surface.ts";

/** A part of a window that one table answers. */
export interface WindowPart {
  from: number;
  to: number;
  /** Null: the rows themselves, where the window does not start or end on a minute. */
  counter: CounterTable | null;
}

/** Cuts a window into whole days, hours and minutes, which counters answer, and what is left at its ends. */
export function partsOf(from: number, to: number, counters: readonly CounterTable[]): WindowPart[] {
  if (to <= from) return [];
  const [counter, ...finer] = counters;
  if (!counter) return [{ from, to, counter: null }];
  const width = counter.milliseconds;
  const first = Math.ceil(from / width) * width;
  const last = Math.floor(to / width) * width;
  if (last <= first) return partsOf(from, to, finer);
  return [...partsOf(from, first, finer), { from: first, to: last, counter }, ...partsOf(last, to, finer)];
}

/** A part whose rows are added, or taken away again. */
export interface SignedPart extends WindowPart {
  sign: 1 | -1;
}

/**
 * The same for sums: a window is rounded to whole days where that is shorter, and what lies outside it is taken away again, so that the
 * finer counters answer for half a day at most, not for a whole one.
 */
export function signedPartsOf(from: number, to: number, counters: readonly CounterTable[]): SignedPart[] {
  if (to <= from) return [];
  const [counter, ...finer] = counters;
  if (!counter) return [{ from, to, counter: null, sign: 1 }];
  const first = roundTo(counter.milliseconds, from);
  const last = roundTo(counter.milliseconds, to);
  if (last <= first) return signedPartsOf(from, to, finer);
  return [
    ...signedDifference(from, first, finer),
    { from: first, to: last, counter, sign: 1 },
    ...signedDifference(last, to, finer),
  ];
}

/** The years after are written as PostgreSQL does not read them. */
const LAST_MIDNIGHT = Date.parse("9999-12-31T00:00:00Z");

function roundTo(width: number, at: number): number {
  const nearest = Math.round(at / width) * width;
  return nearest > LAST_MIDNIGHT ? Math.floor(at / width) * width : nearest;
}

/** From `from` up to `to`, or, where that is before it, the other way. */
function signedDifference(from: number, to: number, counters: readonly CounterTable[]): SignedPart[] {
  if (from <= to) return signedPartsOf(from, to, counters);
  return signedPartsOf(to, from, counters).map((part) => ({ ...part, sign: part.sign === 1 ? -1 : 1 }));
}

/** What is wanted of the counters. */
interface Wanted {
  /** The widest counters that may be used, in milliseconds. */
  widest: number;
  /** The outcome is enough: no other column is read. */
  outcomeOnly?: boolean;
  /** Only sums over the whole window are made: `start` means nothing, and a count may be negative. */
  sumsOnly?: boolean;
}

/**
 * SQL of a table `(start, <counted columns>, count)` that holds the query's rows added up, from the counters: exact for any window. Absent
 * values are 0. Null when the filter asks for more than is counted.
 */
export function countedSql(query: AuditQuery, parameters: SqlParameters, wanted: Wanted): string | null {
  if (!isCounted(query.filter)) return null;
  const { surface, window } = query;
  const totalsDo =
    wanted.outcomeOnly && surface.totals.length > 0 && isCountedBy(query.filter, [surface.outcome]);
  const columns = wanted.outcomeOnly ? [surface.outcome] : surface.counted;
  const counters = (totalsDo ? surface.totals : surface.counters).filter(
    ({ milliseconds }) => milliseconds <= wanted.widest,
  );
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const parts: SignedPart[] = wanted.sumsOnly
    ? signedPartsOf(from, to, counters)
    : partsOf(from, to, counters).map((part) => ({ ...part, sign: 1 }));
  if (parts.length === 0) parts.push({ from, to: from, counter: null, sign: 1 });
  return parts.map((part) => partSql(query, parameters, part, columns)).join(" UNION ALL ");
}

function partSql(
  query: AuditQuery,
  parameters: SqlParameters,
  { from, to, counter, sign }: SignedPart,
  counted: readonly string[],
): string {
  const { surface } = query;
  const time = counter?.time ?? surface.time;
  const range = [from, to].map((at) => parameters.add(new Date(at).toISOString(), "timestamptz"));
  const columns = counter ? counted : counted.map((column) => `coalesce(${column}, 0) AS ${column}`);
  return `SELECT ${time} AS start, ${columns.join(", ")}, ${sign === 1 ? "" : "-"}${counter ? "count" : "1"} AS count
    FROM ${counter?.table ?? surface.table}
    WHERE ${time} >= ${range[0]} AND ${time} < ${range[1]} AND ${query.condition(parameters, counter ? "zero" : "null")}`;
}

/** How many rows match, from the counters; null when they cannot tell. */
export async function countFromCounters(run: RunSql, query: AuditQuery): Promise<number | null> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, {
    widest: Number.POSITIVE_INFINITY,
    outcomeOnly: true,
    sumsOnly: true,
  });
  if (counted === null) return null;
  const rows = await run<{ count: number }>(
    `SELECT coalesce(sum(count), 0)::bigint AS count FROM (${counted}) AS counted`,
    parameters.values,
  );
  return rows[0]?.count ?? 0;
}
