import type { Alert } from "../../../prisma/generated/client.ts";
import type { AuditQuery } from "../../audit/query/audit-query.ts";
import { SqlParameters } from "../../audit/query/sql-parameters.ts";
import type { RecordPage } from "../../audit/sinks/read-record.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { ALERTS_ACTOR } from "./actor.ts";

export interface Matches {
  alert: Alert;
  /** When each happened, milliseconds. */
  times: number[];
}

/**
 * Which rows of a page each alert's condition holds for: one statement for all alerts, over the rows of the page alone.
 * @returns alerts with matches.
 */
export async function findMatches(
  run: RunSql,
  page: Pick<RecordPage, "rows" | "stream">,
  conditions: readonly { alert: Alert; query: AuditQuery }[],
): Promise<Matches[]> {
  const [first] = conditions;
  if (first === undefined || page.rows.length === 0) return [];
  const { table, time } = first.query.surface;
  const parameters = new SqlParameters();
  const times = page.rows.map(({ at }) => at.getTime());
  const bounds = [
    `${time} >= ${parameters.add(new Date(Math.min(...times)).toISOString(), "timestamptz")}`,
    `${time} < ${parameters.add(new Date(Math.max(...times) + 1).toISOString(), "timestamptz")}`,
    `no >= ${parameters.add(page.rows[0]!.no, "bigint")}`,
    `no <= ${parameters.add(page.rows.at(-1)!.no, "bigint")}`,
  ];
  // What alerts say of themselves fires none: it would never end.
  if (page.stream === "audit_event")
    bounds.push(
      `actor_id <> ALL (ARRAY(SELECT id FROM audit_actor WHERE kind = 'system' AND name = ${parameters.add(ALERTS_ACTOR, "text")}))`,
    );
  const written = conditions.map(({ query }) => `(${query.condition(parameters, "null")})`);
  const rows = await run<{ at: Date; holds: boolean[] }>(
    `SELECT at, holds FROM (SELECT no, ${time} AS at, ARRAY[${written.join(", ")}] AS holds FROM ${table}
       WHERE ${bounds.join(" AND ")}) AS looked WHERE true = ANY (holds) ORDER BY no`,
    parameters.values,
  );
  return conditions
    .map(({ alert }, index) => ({
      alert,
      times: rows.filter(({ holds }) => holds[index]).map(({ at }) => at.getTime()),
    }))
    .filter((match) => match.times.length > 0);
}
