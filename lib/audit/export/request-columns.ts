import { parseGroups } from "../dictionary.ts";
import type { Texts } from "../query/texts.ts";
import { RequestAuditEntry } from "../requests/schema.ts";
import { ACCESS_METHOD_CODE, RESULT_CODE, STAGE_CODE } from "../writer/entry-row.ts";
import type { CellFormat } from "./encode.ts";

/** How a field of a `RequestAuditEntry` is written from one column of `kube_request`, read as text. */
export type FileColumn = {
  sql: string;
  /** What is written for NULL, where that is not the format's absent value. */
  absent?: (cells: CellFormat) => string;
} & (
  | { holds: "number" | "text" | "uuid" }
  /** Milliseconds since the epoch. */
  | { holds: "time" }
  /** A small number that stands for a word. */
  | { holds: "word"; words: readonly string[] }
  | {
      holds: "id";
      of: "terms" | "actors" | "clusters";
      write(texts: Texts, id: number, cells: CellFormat): string;
    }
);

const number = (sql: string): FileColumn => ({ sql, holds: "number" });
const text = (sql: string): FileColumn => ({ sql, holds: "text" });
const uuid = (sql: string): FileColumn => ({ sql, holds: "uuid" });

function word(sql: string, codes: Readonly<Record<string, number>>): FileColumn {
  const words = Object.entries(codes).sort(([, a], [, b]) => a - b);
  return { sql, holds: "word", words: words.map(([name]) => name) };
}

const term = (sql: string): FileColumn => ({
  ...{ sql, holds: "id", of: "terms" },
  write: (texts, id, cells) => cells.text(texts.term(id) ?? ""),
});
const groups = (sql: string): FileColumn => ({
  ...{ sql, holds: "id", of: "terms", absent: (cells) => cells.list([]) },
  write: (texts, id, cells) => cells.list(parseGroups(texts.term(id))),
});
const actor = (field: "name" | "email"): FileColumn => ({
  ...{ sql: "actor_id", holds: "id", of: "actors" },
  write: (texts, id, cells) => cells.text(texts.actor(id)[field]),
});
const cluster = (field: "name" | "endpoint"): FileColumn => ({
  ...{ sql: "cluster_id", holds: "id", of: "clusters" },
  write: (texts, id, cells) => cells.text(texts.cluster(id)?.[field] ?? ""),
});

/** The same as `toEntry` says of an entry. */
const BY_FIELD: Record<keyof RequestAuditEntry, FileColumn> = {
  no: number("no"),
  // A number of its own, as the text of a time follows the session's settings.
  executedAt: { sql: "(extract(epoch FROM executed_at) * 1000)::bigint", holds: "time" },
  result: word("result", RESULT_CODE),
  name: actor("name"),
  email: actor("email"),
  clientIp: term("client_ip_id"),
  clusterName: cluster("name"),
  clusterEndpoint: cluster("endpoint"),
  role: term("role_id"),
  namespace: term("namespace_id"),
  verb: term("verb_id"),
  resource: term("resource_id"),
  resourceName: text("resource_name"),
  message: text("message"),
  httpStatus: number("http_status"),
  durationMs: number("duration_ms"),
  kubernetesGroups: groups("kubernetes_groups_id"),
  impersonatedUser: term("impersonated_user_id"),
  impersonatedGroups: groups("impersonated_groups_id"),
  clientName: term("client_name_id"),
  accessMethod: word("access_method", ACCESS_METHOD_CODE),
  command: term("command_id"),
  sessionId: uuid("session_id"),
  recordingId: uuid("recording_id"),
  tunnelAgent: term("tunnel_agent_id"),
  tunnelTag: term("tunnel_tag_id"),
  callId: uuid("call_id"),
  stage: word("stage", STAGE_CODE),
  exitCode: number("exit_code"),
  bytesIn: number("bytes_in"),
  bytesOut: number("bytes_out"),
  apiGroup: term("api_group_id"),
};

export const REQUEST_FIELDS = Object.keys(RequestAuditEntry.shape) as (keyof RequestAuditEntry)[];

/** In the order of the file. */
export const FILE_COLUMNS: readonly FileColumn[] = REQUEST_FIELDS.map((field) => BY_FIELD[field]);
