import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  AuditLogFileQuery,
  AuditLogList,
  AuditLogQuery,
  K8sAuditQuery,
  K8sAuditRecords,
} from "../../../lib/audit/log/schema.ts";
import { describeOperation } from "./operation.ts";

const TAG = "Audit log";
const text = { type: "string" as const };

export const logPaths: ZodOpenApiPathsObject = {
  "/v1/k8s/audit": {
    get: describeOperation({
      id: "getK8sAudit",
      summary: "Get audit logs",
      description: "Superseded by GET /api/v1/audit/log.",
      tag: TAG,
      deprecated: true,
      query: K8sAuditQuery,
      answers: { "application/json": K8sAuditRecords },
      answerHeaders: {
        Deprecation: { description: "Since when (RFC 9745).", schema: text },
        Link: { description: 'The successor, rel="successor-version".', schema: text },
      },
      refusals: [400, 401, 503],
    }),
  },
  "/api/v1/audit/log": {
    get: describeOperation({
      id: "getAuditLogs",
      summary: "Get audit logs",
      tag: TAG,
      query: AuditLogQuery,
      answers: { "application/json": AuditLogList },
      refusals: [400, 401, 503],
    }),
  },
  "/api/v1/audit/log/file": {
    get: describeOperation({
      id: "downloadAuditLogs",
      summary: "Download audit logs",
      tag: TAG,
      query: AuditLogFileQuery,
      answers: { "text/csv": "CSV with a header line.", "application/json": "An array of audit logs." },
      refusals: [400, 401, 403, 503],
    }),
  },
};
