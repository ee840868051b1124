import type { AuditQuery } from "../query/audit-query.ts";
import { countedSql } from "../query/counters.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import type { RunSql } from "../sql.ts";

interface Count {
  calls: number;
  failures: number;
  /** Of the calls, those on secrets. */
  secrets: number;
}

/** A query's calls, all together, by actor and by cluster (ids). */
export interface Totals extends Count {
  actors: Map<number, Count>;
  clusters: Map<number, Count>;
}

type TotalRow = Count & { actor_id: number | null; cluster_id: number | null };

const EVERYTHING = Number.POSITIVE_INFINITY;

/** Adds counters up in one pass. The query's filter must be one that counters answer. */
export async function readTotals(run: RunSql, query: AuditQuery): Promise<Totals> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, { widest: EVERYTHING });
  if (counted === null) throw new Error("the overview asks for more than is counted");
  const rows = await run<TotalRow>(
    `SELECT actor_id, cluster_id, ${sum("calls", "true")}, ${sum("failures", "result = 0")},
       ${sum("secrets", "resource_id = (SELECT id FROM audit_dictionary WHERE kind = 'resource' AND value = 'secrets')")}
     FROM (${counted}) AS counted GROUP BY GROUPING SETS ((), (actor_id), (cluster_id))`,
    parameters.values,
  );
  const totals: Totals = { calls: 0, failures: 0, secrets: 0, actors: new Map(), clusters: new Map() };
  for (const { actor_id, cluster_id, ...count } of rows) {
    if (actor_id !== null) totals.actors.set(actor_id, count);
    else if (cluster_id !== null) totals.clusters.set(cluster_id, count);
    else Object.assign(totals, count);
  }
  return totals;
}

const sum = (name: string, condition: string) =>
  `coalesce(sum(count) FILTER (WHERE ${condition}), 0)::bigint AS ${name}`;

/** Calls and failures alone, which need no more than the counters by result. */
export async function readOutcomes(
  run: RunSql,
  query: AuditQuery,
): Promise<{ calls: number; failures: number }> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, { widest: EVERYTHING, outcomeOnly: true });
  const rows = await run<{ calls: number; failures: number }>(
    `SELECT ${sum("calls", "true")}, ${sum("failures", "result = 0")} FROM (${counted}) AS counted`,
    parameters.values,
  );
  return rows[0] ?? { calls: 0, failures: 0 };
}
