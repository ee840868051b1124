import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { countFromCounters } from "./counters.ts";
import { type AuditCount, COUNT_LIMIT } from "./schema.ts";
import { walkSpans } from "./spans.ts";
import { SqlParameters } from "./sql-parameters.ts";

const EVERYTHING = { from: -Infinity, to: Infinity };

/** Counts matching rows: from the counters to the last one; where rows have to be read it stops at 10,000, and `exact` is false then. */
export async function countRows(run: RunSql, query: AuditQuery): Promise<AuditCount> {
  const counted = await countFromCounters(run, query);
  if (counted !== null) return { count: counted, exact: true };
  let count = 0;
  for await (const span of walkSpans(run, query, EVERYTHING, "newest")) {
    count += await countSpan(run, query, span, COUNT_LIMIT + 1 - count);
    if (count > COUNT_LIMIT) return { count: COUNT_LIMIT, exact: false };
  }
  return { count, exact: true };
}

/** Counts matching rows to the last one: for downloads and the classic API's `total`. */
export async function countAllRows(run: RunSql, query: AuditQuery): Promise<number> {
  const counted = await countFromCounters(run, query);
  if (counted !== null) return counted;
  let count = 0;
  for await (const span of walkSpans(run, query, EVERYTHING, "newest"))
    count += await countSpan(run, query, span, null);
  return count;
}

/** Counts the matching rows of one span, up to a limit. */
export async function countSpan(
  run: RunSql,
  query: AuditQuery,
  span: { from: number; to: number },
  limit: number | null,
): Promise<number> {
  const { table, time } = query.surface;
  const parameters = new SqlParameters();
  const from = parameters.add(new Date(span.from).toISOString(), "timestamptz");
  const to = parameters.add(new Date(span.to).toISOString(), "timestamptz");
  const where = `${time} >= ${from} AND ${time} < ${to} AND ${query.condition(parameters, "null")}`;
  const bound = limit === null ? "" : ` LIMIT ${parameters.add(limit, "int")}`;
  const rows = await run<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT FROM ${table} WHERE ${where}${bound}) AS matching`,
    parameters.values,
  );
  return rows[0]?.count ?? 0;
}
