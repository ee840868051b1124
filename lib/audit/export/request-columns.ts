import { RequestAuditEntry } from "../request-audit/schema.ts";
import { parseGroups } from "../store/dictionary.ts";
import { ACCESS_METHOD_CODE, RESULT_CODE, STAGE_CODE } from "../writer/entry-row.ts";
import {
  type FileColumn,
  fileColumns,
  number,
  orAbsent,
  term,
  text,
  time,
  uuid,
  word,
} from "./file-columns.ts";

const groups = (sql: string): FileColumn => ({
  sql,
  holds: "id",
  of: "terms",
  absent: (cells) => cells.list([]),
  write: (texts, id, cells) => cells.list(parseGroups(texts.term(id))),
});
const actor = (field: "name" | "email"): FileColumn => ({
  sql: "actor_id",
  holds: "id",
  of: "actors",
  write: (texts, id, cells) => orAbsent(texts.actor(id)[field], cells),
});
const cluster = (field: "name" | "endpoint"): FileColumn => ({
  sql: "cluster_id",
  holds: "id",
  of: "clusters",
  write: (texts, id, cells) => orAbsent(texts.cluster(id)?.[field], cells),
});

const FIELDS = Object.keys(RequestAuditEntry.shape) as (keyof RequestAuditEntry)[];

/** Calls of `kube_request`: the same as `toEntry` says of an entry. */
export const REQUEST_COLUMNS = fileColumns(FIELDS, "executedAt", {
  no: number("no"),
  executedAt: time("executed_at"),
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
  auditId: uuid("call_id"),
  stage: word("stage", STAGE_CODE),
  exitCode: number("exit_code"),
  bytesIn: number("bytes_in"),
  bytesOut: number("bytes_out"),
  apiGroup: term("api_group_id"),
});
