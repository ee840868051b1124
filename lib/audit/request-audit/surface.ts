import { type ColumnMapping, DAY_MS, HOUR_MS, MINUTE_MS, type Surface } from "../query/surface.ts";
import { ACCESS_METHOD_CODE, RESULT_CODE, STAGE_CODE } from "../writer/entry-row.ts";
import { REQUEST_AUDIT_FIELDS } from "./schema.ts";

const columns: Record<string, ColumnMapping> = {
  user: { holds: "actor", of: ["name", "email"] },
  name: { holds: "actor", of: ["name"] },
  email: { holds: "actor", of: ["email"] },
  cluster: { holds: "cluster", of: "name" },
  clusterEndpoint: { holds: "cluster", of: "endpoint" },
  namespace: { holds: "term", column: "namespace_id", kind: "namespace" },
  verb: { holds: "term", column: "verb_id", kind: "verb" },
  resource: { holds: "term", column: "resource_id", kind: "resource" },
  resourceName: { holds: "text", column: "resource_name" },
  result: { holds: "code", column: "result", codes: RESULT_CODE },
  executedAt: { holds: "time", column: "executed_at" },
  role: { holds: "term", column: "role_id", kind: "role" },
  clientIp: { holds: "term", column: "client_ip_id", kind: "clientIp" },
  accessMethod: { holds: "code", column: "access_method", codes: ACCESS_METHOD_CODE },
  message: { holds: "text", column: "message" },
  httpStatus: { holds: "number", column: "http_status" },
  duration: { holds: "number", column: "duration_ms" },
  kubernetesGroups: { holds: "term", column: "kubernetes_groups_id", kind: "kubernetesGroups", list: true },
  clientName: { holds: "term", column: "client_name_id", kind: "clientName" },
  command: { holds: "term", column: "command_id", kind: "command" },
  impersonatedUser: { holds: "term", column: "impersonated_user_id", kind: "impersonatedUser" },
  impersonatedGroups: {
    holds: "term",
    column: "impersonated_groups_id",
    kind: "impersonatedGroups",
    list: true,
  },
  apiGroup: { holds: "term", column: "api_group_id", kind: "apiGroup" },
  stage: { holds: "code", column: "stage", codes: STAGE_CODE },
  exitCode: { holds: "number", column: "exit_code" },
  bytesIn: { holds: "number", column: "bytes_in" },
  bytesOut: { holds: "number", column: "bytes_out" },
  tunnelAgent: { holds: "term", column: "tunnel_agent_id", kind: "tunnelAgent" },
  tunnelTag: { holds: "term", column: "tunnel_tag_id", kind: "tunnelTag" },
  no: { holds: "number", column: "no" },
  auditId: { holds: "uuid", column: "call_id" },
  sessionId: { holds: "uuid", column: "session_id" },
  recordingId: { holds: "uuid", column: "recording_id" },
};

/** Request Audit: `kube_request`. */
export const REQUEST_SURFACE: Surface = {
  fields: REQUEST_AUDIT_FIELDS,
  stream: "kube_request",
  table: "kube_request",
  time: "executed_at",
  columns,
  counted: ["result", "actor_id", "cluster_id", "namespace_id", "verb_id", "resource_id"],
  outcome: "result",
  counters: [
    { table: "kube_request_day", time: "day", milliseconds: DAY_MS },
    { table: "kube_request_hour", time: "hour", milliseconds: HOUR_MS },
    { table: "kube_request_minute", time: "minute", milliseconds: MINUTE_MS },
  ],
  totals: [
    { table: "kube_request_hour_total", time: "hour", milliseconds: HOUR_MS },
    { table: "kube_request_minute_total", time: "minute", milliseconds: MINUTE_MS },
  ],
};
