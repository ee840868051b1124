import { BODY_COLUMNS } from "./body-rows.ts";
import { COUNTED_COLUMNS, REQUEST_COLUMNS } from "./entry-row.ts";

/** Rows of a batch, in binary. */
export const COPY_REQUESTS = `COPY kube_request (${REQUEST_COLUMNS.join(", ")}) FROM STDIN (FORMAT binary)`;

/** Bodies of a batch, in binary. */
export const COPY_BODIES = `COPY kube_request_body (${BODY_COLUMNS.join(", ")}) FROM STDIN (FORMAT binary)`;

const COUNTED = COUNTED_COLUMNS.map(({ name }) => name).join(", ");

/** Arrays as parameters from a number on. */
const arraysFrom = (first: number, types: readonly string[]): string =>
  types.map((type, index) => `$${first + index}::${type}[]`).join(", ");

const MINUTE_TYPES = ["timestamptz", ...COUNTED_COLUMNS.map(({ type }) => type), "integer"];
const DAY_KIND_TYPES = ["timestamptz", "smallint", "integer", "integer"];

/** Adds up `given` (counts a minute) by a longer time and the columns, and puts that into a counter table. */
function countInto(table: string, time: string, width: string, columns: string): string {
  const key = `${time}, ledger_id, ${columns}`;
  return `INSERT INTO ${table} (${key}, count)
      SELECT date_bin('${width}', minute, TIMESTAMPTZ 'epoch'), $1::smallint, ${columns}, sum(count)
      FROM given GROUP BY 1, ${columns}
      ON CONFLICT (${key}) DO UPDATE SET count = ${table}.count + excluded.count`;
}

/**
 * All counters of a batch in one statement, from its counts a minute. Parameters: the ledger, then the arrays of `countMinutes` and
 * those of `countDayKinds`.
 */
export const COUNT_REQUESTS = {
  name: "kubewitness-count-requests",
  text: `WITH given AS (
      SELECT * FROM unnest(${arraysFrom(2, MINUTE_TYPES)})
        AS given (minute, ${COUNTED}, count)
    ), minutes AS (
      ${countInto("kube_request_minute", "minute", "1 minute", COUNTED)}
    ), hours AS (
      ${countInto("kube_request_hour", "hour", "1 hour", COUNTED)}
    ), days AS (
      ${countInto("kube_request_day", "day", "1 day", COUNTED)}
    ), minute_totals AS (
      ${countInto("kube_request_minute_total", "minute", "1 minute", "result")}
    ), hour_totals AS (
      ${countInto("kube_request_hour_total", "hour", "1 hour", "result")}
    )
    INSERT INTO kube_request_day_kind (day, ledger_id, kind, actor_id, count)
    SELECT day, $1::smallint, kind, actor_id, count
    FROM unnest(${arraysFrom(2 + MINUTE_TYPES.length, DAY_KIND_TYPES)}) AS kinds (day, kind, actor_id, count)
    ON CONFLICT (day, ledger_id, kind, actor_id) DO UPDATE SET count = kube_request_day_kind.count + excluded.count`,
};
