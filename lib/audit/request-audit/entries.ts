import type { FactRow } from "../query/rows.ts";
import { readTexts, type Texts } from "../query/texts.ts";
import { parseGroups } from "../store/dictionary.ts";
import type { RunSql } from "../store/sql.ts";
import { STAGE_CODE } from "../writer/entry-row.ts";
import type { RequestAuditEntry } from "./schema.ts";

/** A row of `kube_request`. */
export interface RequestRow extends FactRow {
  executed_at: Date;
  bytes_in: number | null;
  bytes_out: number | null;
  call_id: string;
  session_id: string | null;
  token_id: string | null;
  recording_id: string | null;
  actor_id: number;
  cluster_id: number;
  duration_ms: number | null;
  client_ip_id: number | null;
  role_id: number | null;
  namespace_id: number | null;
  verb_id: number;
  api_group_id: number | null;
  resource_id: number | null;
  client_name_id: number | null;
  kubernetes_groups_id: number | null;
  impersonated_user_id: number | null;
  impersonated_groups_id: number | null;
  command_id: number | null;
  tunnel_agent_id: number | null;
  tunnel_tag_id: number | null;
  http_status: number | null;
  exit_code: number | null;
  stage: number;
  result: number;
  access_method: number;
  resource_name: string | null;
  message: string | null;
}

const TERM_COLUMNS = [
  "client_ip_id",
  "role_id",
  "namespace_id",
  "verb_id",
  "api_group_id",
  "resource_id",
  "client_name_id",
  "kubernetes_groups_id",
  "impersonated_user_id",
  "impersonated_groups_id",
  "command_id",
  "tunnel_agent_id",
  "tunnel_tag_id",
] as const satisfies readonly (keyof RequestRow)[];

const STAGES = Object.keys(STAGE_CODE) as RequestAuditEntry["stage"][];

/** Puts texts in the place of ids. */
export async function toEntries(run: RunSql, rows: readonly FactRow[]): Promise<RequestAuditEntry[]> {
  const requests = rows as readonly RequestRow[];
  const texts = await readRequestTexts(run, requests);
  return requests.map((row) => toEntry(row, texts));
}

/** The texts that the rows' ids stand for. */
export function readRequestTexts(run: RunSql, rows: readonly RequestRow[]): Promise<Texts> {
  return readTexts(run, {
    terms: termIds(rows),
    actors: rows.map((row) => row.actor_id),
    clusters: rows.map((row) => row.cluster_id),
  });
}

function* termIds(rows: readonly RequestRow[]): Generator<number | null> {
  for (const row of rows) for (const column of TERM_COLUMNS) yield row[column];
}

/** One row as an entry. */
export function toEntry(row: RequestRow, texts: Texts): RequestAuditEntry {
  const actor = texts.actor(row.actor_id);
  const cluster = texts.cluster(row.cluster_id);
  return {
    no: row.no,
    executedAt: row.executed_at.toISOString(),
    result: row.result === 1 ? "success" : "failure",
    name: actor.name || null,
    email: actor.email || null,
    clientIp: texts.term(row.client_ip_id),
    clusterName: cluster?.name || null,
    clusterEndpoint: cluster?.endpoint || null,
    role: texts.term(row.role_id),
    namespace: texts.term(row.namespace_id),
    verb: texts.term(row.verb_id) ?? "",
    resource: texts.term(row.resource_id),
    resourceName: row.resource_name,
    message: row.message,
    httpStatus: row.http_status,
    durationMs: row.duration_ms,
    kubernetesGroups: parseGroups(texts.term(row.kubernetes_groups_id)),
    impersonatedUser: texts.term(row.impersonated_user_id),
    impersonatedGroups: parseGroups(texts.term(row.impersonated_groups_id)),
    clientName: texts.term(row.client_name_id),
    accessMethod: row.access_method === 1 ? "Browser" : "CLI",
    command: texts.term(row.command_id),
    sessionId: row.session_id,
    recordingId: row.recording_id,
    tunnelAgent: texts.term(row.tunnel_agent_id),
    tunnelTag: texts.term(row.tunnel_tag_id),
    auditId: row.call_id,
    stage: STAGES[row.stage] ?? "complete",
    exitCode: row.exit_code,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    apiGroup: texts.term(row.api_group_id),
  };
}
