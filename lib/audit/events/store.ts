import type { SqlRow } from "../columns/derived/schema.ts";
import { countedColumns, sqlColumns } from "../columns/derived/sql-columns.ts";
import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import { notifyCommitted } from "../store/committed.ts";
import { LEDGER_ID, takeNumbers } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

type StoredRow = SqlRow<typeof EVENT_HISTORY.columns>;
/** Given by the ledger. */
type Numbered = "no" | "ledger_id";
type NullableKey = {
  [Name in keyof StoredRow]: null extends StoredRow[Name] ? Name : never;
}[keyof StoredRow];
/** Times are RFC 3339. */
type Written<Value> = Value extends Date ? string : Value;

/** One event with its strings interned; the keys are the columns of `audit_event` and `audit_event_body`. Those that may be null may be left out. */
export type EventRow = {
  [Name in Exclude<keyof StoredRow, NullableKey | Numbered>]: Written<StoredRow[Name]>;
} & { [Name in NullableKey]?: Written<StoredRow[Name]> } & Record<(typeof BODY)[number], unknown>;

const BODY = ["before", "after", "request_body"] as const;
const COLUMNS = sqlColumns(EVENT_HISTORY.columns).filter(({ name }) => name !== "no");
const names = COLUMNS.map(({ name }) => name).join(", ");
const types = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(", ");
const bodyTypes = BODY.map((name) => `${name} jsonb`).join(", ");
const counted = countedColumns(EVENT_HISTORY);
const countedNames = counted.map(({ name }) => name).join(", ");
const countedValues = counted
  .map(({ name, nullable }) => (nullable ? `coalesce(${name}, 0) AS ${name}` : name))
  .join(", ");

/** Adds up `given` by the start of a time and the counted columns, and puts that into a counter table. */
function countInto(table: string, time: string, start: string): string {
  const key = `${time}, ledger_id, ${countedNames}`;
  return `INSERT INTO ${table} (${key}, count)
    SELECT ${start}, $2::smallint, ${countedValues}, count(*)
    FROM given GROUP BY ${[1, 2, ...counted.map((_, index) => index + 3)].join(", ")}
    ON CONFLICT (${key}) DO UPDATE SET count = ${table}.count + excluded.count`;
}

/** One statement for rows, bodies and counters. Parameters: the rows as a JSON array, the ledger, the first number. */
const STORE_EVENTS = `
  WITH given AS (
    SELECT $3::bigint + ordinality - 1 AS no, event.*
    FROM ROWS FROM (jsonb_to_recordset($1::text::jsonb) AS (${types}, ${bodyTypes}))
      WITH ORDINALITY AS event (${names}, ${BODY.join(", ")}, ordinality)
  ), body AS (
    INSERT INTO audit_event_body (happened_at, no, ledger_id, ${BODY.join(", ")})
    SELECT happened_at, no, $2::smallint, ${BODY.join(", ")} FROM given
    WHERE ${BODY.map((name) => `${name} IS NOT NULL`).join(" OR ")}
  ), minutes AS (
    ${countInto("audit_event_minute", "minute", "date_trunc('minute', happened_at)")}
  ), days AS (
    ${countInto("audit_event_day", "day", "date_trunc('day', happened_at, 'UTC')")}
  )
  INSERT INTO audit_event (no, ledger_id, ${names})
  SELECT no, $2::smallint, ${names} FROM given RETURNING no`;

/** Stores events with the next numbers in the caller's transaction; their partitions must be there. */
export async function storeEvents(run: RunSql, events: readonly EventRow[]): Promise<{ first: number }> {
  const numbers = await takeNumbers(run, "audit_event", events.length);
  await run(STORE_EVENTS, [JSON.stringify(events), LEDGER_ID, numbers.first]);
  await notifyCommitted(run, "audit_event", numbers.first + events.length - 1);
  return numbers;
}
