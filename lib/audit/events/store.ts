import { notifyCommitted } from "../store/committed.ts";
import { LEDGER_ID, takeNumbers } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

/** One event with its strings interned; the keys are the columns of `audit_event` and `audit_event_body`. */
export interface EventRow {
  /** RFC 3339 */
  happened_at: string;
  request_no: number | null;
  request_executed_at: string | null;
  actor_id: number;
  cluster_id: number | null;
  action_id: number;
  operation_id: number;
  entity_type_id: number;
  source_ip_id: number | null;
  user_agent_id: number | null;
  status: 0 | 1;
  entity_id: string | null;
  entity_name: string | null;
  error: string | null;
  before: unknown;
  after: unknown;
  request_body: unknown;
}

/** One statement for rows, bodies and counters. Parameters: the rows as a JSON array, the ledger, the first number. */
const STORE_EVENTS = `
  WITH given AS (
    SELECT $3::bigint + ordinality - 1 AS no, event.*
    FROM ROWS FROM (jsonb_to_recordset($1::text::jsonb) AS (
      happened_at timestamptz(3), request_no bigint, request_executed_at timestamptz(3), actor_id int, cluster_id int,
      action_id int, operation_id int, entity_type_id int, source_ip_id int, user_agent_id int, status smallint,
      entity_id text, entity_name text, error text, before jsonb, after jsonb, request_body jsonb
    )) WITH ORDINALITY AS event (
      happened_at, request_no, request_executed_at, actor_id, cluster_id, action_id, operation_id, entity_type_id,
      source_ip_id, user_agent_id, status, entity_id, entity_name, error, before, after, request_body, ordinality
    )
  ), body AS (
    INSERT INTO audit_event_body (happened_at, no, ledger_id, before, after, request_body)
    SELECT happened_at, no, $2::smallint, before, after, request_body FROM given
    WHERE before IS NOT NULL OR after IS NOT NULL OR request_body IS NOT NULL
  ), counter AS (
    INSERT INTO audit_event_minute
      (minute, ledger_id, status, actor_id, cluster_id, action_id, operation_id, entity_type_id, count)
    SELECT date_trunc('minute', happened_at), $2::smallint, status, actor_id, coalesce(cluster_id, 0), action_id,
      operation_id, entity_type_id, count(*)
    FROM given GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (minute, ledger_id, status, actor_id, cluster_id, action_id, operation_id, entity_type_id)
    DO UPDATE SET count = audit_event_minute.count + excluded.count
  ), day AS (
    INSERT INTO audit_event_day
      (day, ledger_id, status, actor_id, cluster_id, action_id, operation_id, entity_type_id, count)
    SELECT date_trunc('day', happened_at, 'UTC'), $2::smallint, status, actor_id, coalesce(cluster_id, 0), action_id,
      operation_id, entity_type_id, count(*)
    FROM given GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (day, ledger_id, status, actor_id, cluster_id, action_id, operation_id, entity_type_id)
    DO UPDATE SET count = audit_event_day.count + excluded.count
  )
  INSERT INTO audit_event (happened_at, no, request_no, request_executed_at, actor_id, cluster_id, action_id, operation_id,
    entity_type_id, source_ip_id, user_agent_id, ledger_id, status, entity_id, entity_name, error)
  SELECT happened_at, no, request_no, request_executed_at, actor_id, cluster_id, action_id, operation_id,
    entity_type_id, source_ip_id, user_agent_id, $2::smallint, status, entity_id, entity_name, error
  FROM given RETURNING no`;

/** Stores events with the next numbers in the caller's transaction; their partitions must be there. */
export async function storeEvents(run: RunSql, events: readonly EventRow[]): Promise<{ first: number }> {
  const numbers = await takeNumbers(run, "audit_event", events.length);
  await run(STORE_EVENTS, [JSON.stringify(events), LEDGER_ID, numbers.first]);
  await notifyCommitted(run, "audit_event", numbers.first + events.length - 1);
  return numbers;
}
