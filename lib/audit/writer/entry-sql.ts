import { REQUEST_COLUMNS } from "./entry-row.ts";

const names = REQUEST_COLUMNS.map(({ name }) => name).join(", ");
const arrays = REQUEST_COLUMNS.map(({ type }, index) => `$${index + 3}::${type}[]`).join(", ");

/** Rows of a batch. Parameters: the ledger, the first number, then an array a column. Named, so that it is planned once. */
export const INSERT_REQUESTS = {
  name: "kubewitness-insert-requests",
  text: `INSERT INTO kube_request (ledger_id, no, ${names})
    SELECT $1::smallint, $2::bigint + ordinality - 1, ${names}
    FROM unnest(${arrays}) WITH ORDINALITY AS given (${names}, ordinality)`,
};

/** Bodies of a batch. Parameters: the ledger, then arrays. */
export const INSERT_BODIES = {
  name: "kubewitness-insert-bodies",
  text: `INSERT INTO kube_request_body (ledger_id, executed_at, no, truncated, body_bytes, body_sha256, body)
    SELECT $1::smallint, executed_at, no, truncated, body_bytes, decode(body_sha256, 'hex'), body
    FROM unnest($2::timestamptz[], $3::bigint[], $4::boolean[], $5::bigint[], $6::text[], $7::text[])
      AS given (executed_at, no, truncated, body_bytes, body_sha256, body)`,
};

const upsert = (table: string, time: string) => ({
  name: `kubewitness-count-${time}`,
  text: `INSERT INTO ${table}
      (${time}, ledger_id, result, actor_id, cluster_id, namespace_id, verb_id, resource_id, count)
    SELECT ${time}, $1::smallint, result, actor_id, cluster_id, namespace_id, verb_id, resource_id, count
    FROM unnest($2::timestamptz[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
      AS given (${time}, result, actor_id, cluster_id, namespace_id, verb_id, resource_id, count)
    ON CONFLICT (${time}, ledger_id, result, actor_id, cluster_id, namespace_id, verb_id, resource_id)
    DO UPDATE SET count = ${table}.count + excluded.count`,
});

/** Counters. Parameters: the ledger, then arrays; no key twice. */
export const COUNT_MINUTES = upsert("kube_request_minute", "minute");
export const COUNT_HOURS = upsert("kube_request_hour", "hour");
export const COUNT_DAYS = upsert("kube_request_day", "day");
export const COUNT_MINUTE_TOTALS = upsertTotal("kube_request_minute_total", "minute");
export const COUNT_HOUR_TOTALS = upsertTotal("kube_request_hour_total", "hour");

function upsertTotal(table: string, time: string) {
  return {
    name: `kubewitness-count-${table}`,
    text: `INSERT INTO ${table} (ledger_id, ${time}, result, count)
      SELECT $1::smallint, start, result, count
      FROM unnest($2::timestamptz[], $3::smallint[], $4::int[]) AS given (start, result, count)
      ON CONFLICT (${time}, ledger_id, result) DO UPDATE SET count = ${table}.count + excluded.count`,
  };
}
