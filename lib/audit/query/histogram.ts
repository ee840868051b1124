import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { bucketStarts, bucketWidth } from "./buckets.ts";
import { countedSql } from "./counters.ts";
import type { AuditHistogram } from "./schema.ts";
import { SqlParameters } from "./sql-parameters.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./surface.ts";

/** Without counters so many rows are looked at, the newest. */
const MOST_ROWS = 200_000;

/** Successes and failures over time, from the counters where they can tell, else from the rows. */
export async function readHistogram(run: RunSql, query: AuditQuery): Promise<AuditHistogram> {
  const width = bucketWidth(query.window);
  const starts = bucketStarts(query.window, width, query.timeZone);
  const parameters = new SqlParameters();
  const edges = parameters.add(
    starts.map((start) => new Date(start).toISOString()),
    "timestamptz[]",
  );
  const counted = countedSql(query, parameters, { widest: widestCounter(starts, width), outcomeOnly: true });
  const source = counted ?? newestRowsSql(query, parameters, { columns: [query.surface.outcome] });
  const rows = await run<{ bucket: number; outcome: number; count: number }>(
    `SELECT width_bucket(start, ${edges}) AS bucket, ${query.surface.outcome} AS outcome, sum(count)::bigint AS count
     FROM (${source}) AS source GROUP BY 1, 2`,
    parameters.values,
  );
  const buckets = starts.map((start) => ({ start: new Date(start).toISOString(), success: 0, failure: 0 }));
  let total = 0;
  for (const { bucket, outcome, count } of rows) {
    const target = buckets[Math.max(bucket, 1) - 1];
    if (target) target[outcome === 1 ? "success" : "failure"] += count;
    total += count;
  }
  return { bucketSeconds: width / 1_000, buckets, exact: counted !== null || total < MOST_ROWS };
}

/** A counter may be used when every bucket starts where one of its own does. */
function widestCounter(starts: readonly number[], width: number): number {
  if (width < MINUTE_MS) return 0;
  const fits = (unit: number) => width >= unit && starts.every((start) => start % unit === 0);
  return [DAY_MS, HOUR_MS].find(fits) ?? MINUTE_MS;
}

/** The newest matching rows, as `(start, <columns>, count)`; columns of ids and codes. */
export function newestRowsSql(
  query: AuditQuery,
  parameters: SqlParameters,
  { columns, most = MOST_ROWS }: { columns: readonly string[]; most?: number },
): string {
  const { table, time } = query.surface;
  const from = parameters.add(query.window.from.toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const values = columns.map((column) => `coalesce(${column}, 0) AS ${column}`).join(", ");
  return `SELECT ${time} AS start, ${values}, 1 AS count FROM ${table}
    WHERE ${time} >= ${from} AND ${time} < ${to} AND ${query.condition(parameters, "null")}
    ORDER BY ${time} DESC LIMIT ${most}`;
}
