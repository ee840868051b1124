import type { AuditQuery } from "../query/audit-query.ts";
import { countedSql } from "../query/counters.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import type { RunSql } from "../store/sql.ts";

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

type TotalRow = Count & { actor_id: number; cluster_id: number };

const SUMS = { widest: Number.POSITIVE_INFINITY, sumsOnly: true };

/** Adds counters up in one pass. The query's filter must be one that counters answer. */
export async function readTotals(run: RunSql, query: AuditQuery): Promise<Totals> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, SUMS);
  if (counted === null) throw new Error("the overview asks for more than is counted");
  // Pairs of actor and cluster are few: adding them up here costs less than grouping every counter three ways there.
  const rows = await run<TotalRow>(
    `SELECT actor_id, cluster_id, ${sum("calls", "true")}, ${sum("failures", "result = 0")},
       ${sum("secrets", "resource_id = (SELECT id FROM audit_dictionary WHERE kind = 'resource' AND value = 'secrets')")}
     FROM (${counted}) AS counted GROUP BY actor_id, cluster_id HAVING sum(count) > 0`,
    parameters.values,
  );
  const totals: Totals = { ...NONE, actors: new Map(), clusters: new Map() };
  for (const { actor_id, cluster_id, ...count } of rows) {
    Object.assign(totals, addCounts(totals, count));
    totals.actors.set(actor_id, addCounts(totals.actors.get(actor_id), count));
    totals.clusters.set(cluster_id, addCounts(totals.clusters.get(cluster_id), count));
  }
  return totals;
}

const NONE: Count = { calls: 0, failures: 0, secrets: 0 };

function addCounts(known: Count = NONE, { calls, failures, secrets }: Count): Count {
  return {
    calls: known.calls + calls,
    failures: known.failures + failures,
    secrets: known.secrets + secrets,
  };
}

const sum = (name: string, condition: string) =>
  `coalesce(sum(count) FILTER (WHERE ${condition}), 0)::bigint AS ${name}`;

/** Calls and failures alone, which need no more than the counters by result. */
export async function readOutcomes(
  run: RunSql,
  query: AuditQuery,
): Promise<{ calls: number; failures: number }> {
  const parameters = new SqlParameters();
  const counted = countedSql(query, parameters, { ...SUMS, outcomeOnly: true });
  const rows = await run<{ calls: number; failures: number }>(
    `SELECT ${sum("calls", "true")}, ${sum("failures", "result = 0")} FROM (${counted}) AS counted`,
    parameters.values,
  );
  return rows[0] ?? { calls: 0, failures: 0 };
}
