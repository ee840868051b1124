import { REQUEST_AUDIT } from "../../audit/columns/request-audit/schema.ts";
import { readAudit } from "../../audit/query/audit-query.ts";
import { type ActorText, type ClusterText, readTexts } from "../../audit/query/texts.ts";
import { parseGroups } from "../../audit/store/dictionary.ts";
import type { RunSql } from "../../audit/store/sql.ts";

/** A call as the record has it, as far as it decides. */
export interface RecordedCall {
  no: number;
  executedAt: Date;
  actor: ActorText;
  /** Null where the path named none. */
  cluster: ClusterText | null;
  verb: string;
  apiGroup: string;
  /** With subresource, or a path. */
  resource: string;
  namespace: string;
  name: string;
  clientAddress: string | null;
  accessMethod: "CLI" | "Browser";
  impersonatedUser: string | null;
  impersonatedGroups: readonly string[];
  /** By which it was allowed; null where it was not. */
  role: string | null;
  httpStatus: number | null;
}

interface Row {
  no: number;
  ledger_id: number;
  executed_at: Date;
  actor_id: number;
  cluster_id: number | null;
  verb_id: number;
  api_group_id: number | null;
  resource_id: number | null;
  namespace_id: number | null;
  resource_name: string | null;
  client_ip_id: number | null;
  access_method: number;
  impersonated_user_id: number | null;
  impersonated_groups_id: number | null;
  role_id: number | null;
  http_status: number | null;
}

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const ANSWER_MS = 20_000;
const { stage, accessMethod } = REQUEST_AUDIT.columns;

// A call's first row has all that decides: an ordinary call has one, a long one that of its start.
const SELECT = `
  select no, ledger_id, executed_at, actor_id, cluster_id, verb_id, api_group_id, resource_id, namespace_id, resource_name,
    client_ip_id, access_method, impersonated_user_id, impersonated_groups_id, role_id, http_status
  from kube_request
  where executed_at >= $1::timestamptz and executed_at < $2::timestamptz and actor_id = any($3::int[])
    and stage in (${stage.stored.codes.complete}, ${stage.stored.codes.start})
    and ($4::timestamptz is null or (executed_at, ledger_id, no) < ($4::timestamptz, $5::smallint, $6::bigint))
  order by executed_at desc, ledger_id desc, no desc limit ${BATCH}`;

/**
 * The calls of some actors (ids of `audit_actor`), newest first, in batches of at most a thousand: one day's partition at a time, each batch a
 * short transaction. After each it yields from when on everything has been read.
 */
export async function* readCalls(
  actorIds: readonly number[],
  { from, to }: { from: Date; to: Date },
): AsyncGenerator<{ calls: RecordedCall[]; reached: Date }> {
  for (let end = to.getTime(); end > from.getTime(); end = startOfDayBefore(end)) {
    const start = Math.max(from.getTime(), startOfDayBefore(end));
    let last: Row | undefined;
    do {
      const after = last;
      const { rows, calls } = await readAudit(
        (run) => readBatch(run, actorIds, { start, end, after }),
        ANSWER_MS,
      );
      last = rows.length === BATCH ? rows.at(-1) : undefined;
      yield { calls, reached: last?.executed_at ?? new Date(start) };
    } while (last !== undefined);
  }
}

/** Partitions are days of UTC. */
const startOfDayBefore = (time: number) => Math.floor((time - 1) / DAY_MS) * DAY_MS;

async function readBatch(
  run: RunSql,
  actorIds: readonly number[],
  { start, end, after }: { start: number; end: number; after: Row | undefined },
): Promise<{ rows: Row[]; calls: RecordedCall[] }> {
  const key = [after?.executed_at.toISOString() ?? null, after?.ledger_id ?? null, after?.no ?? null];
  const window = [start, end].map((time) => new Date(time).toISOString());
  const rows = await run<Row>(SELECT, [...window, actorIds, ...key]);
  const texts = await readTexts(run, {
    terms: rows.flatMap((row) => [
      row.verb_id,
      row.api_group_id,
      row.resource_id,
      row.namespace_id,
      row.client_ip_id,
      row.impersonated_user_id,
      row.impersonated_groups_id,
      row.role_id,
    ]),
    actors: rows.map((row) => row.actor_id),
    clusters: rows.map((row) => row.cluster_id),
  });
  const text = (id: number | null) => texts.term(id) ?? "";
  const calls = rows.map(
    (row): RecordedCall => ({
      no: row.no,
      executedAt: row.executed_at,
      actor: texts.actor(row.actor_id),
      cluster: texts.cluster(row.cluster_id),
      verb: text(row.verb_id),
      apiGroup: text(row.api_group_id),
      resource: text(row.resource_id),
      namespace: text(row.namespace_id),
      name: row.resource_name ?? "",
      clientAddress: texts.term(row.client_ip_id),
      accessMethod: row.access_method === accessMethod.stored.codes.Browser ? "Browser" : "CLI",
      impersonatedUser: texts.term(row.impersonated_user_id),
      impersonatedGroups: parseGroups(texts.term(row.impersonated_groups_id)),
      role: texts.term(row.role_id),
      httpStatus: row.http_status,
    }),
  );
  return { rows, calls };
}
