import type { AuditQuery } from "../query/audit-query.ts";
import { countedSql } from "../query/counters.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import type { RunSql } from "../sql.ts";

interface Count {
  calls: number;
  failures: number;
}

/** A query's calls, all together, by actor and by cluster (ids). */
export interface Totals extends Count {
  actors: Map<number, Count>;
  clusters: Map<number, Count>;
}

interface TotalRow {
  actor_id: number | null;
  cluster_id: number | null;
  calls: number;
  failures: number;
}

/** Adds counters up in one pass. The query's filter must be one that counters answer. */
export async function readTotals(run: RunSql, query: AuditQuery, { sharesToo = true } = {}): Promise<Totals> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, Number.POSITIVE_INFINITY);
  if (counted === null) throw new Error("the overview asks for more than is counted");
  const rows = await run<TotalRow>(
    `SELECT ${sharesToo ? "actor_id, cluster_id" : "NULL AS actor_id, NULL AS cluster_id"},
       coalesce(sum(count), 0)::bigint AS calls, coalesce(sum(count) FILTER (WHERE result = 0), 0)::bigint AS failures
     FROM (${counted}) AS counted ${sharesToo ? "GROUP BY GROUPING SETS ((), (actor_id), (cluster_id))" : ""}`,
    parameters.values,
  );
  const totals: Totals = { calls: 0, failures: 0, actors: new Map(), clusters: new Map() };
  for (const { actor_id, cluster_id, calls, failures } of rows) {
    if (actor_id !== null) totals.actors.set(actor_id, { calls, failures });
    else if (cluster_id !== null) totals.clusters.set(cluster_id, { calls, failures });
    else Object.assign(totals, { calls, failures });
  }
  return totals;
}
