import {
  REQUEST_AUDIT_FIELDS,
  RequestAuditEntry,
  RequestAuditList,
} from "../../../../../lib/audit/request-audit/schema.ts";
import { TODAY } from "../../../../components/audit/range/time-range.ts";
import type { AuditSurface } from "../../../../components/audit/surface.ts";
import { REQUEST_COLUMNS } from "./columns.tsx";
import { RequestPhoneRow } from "./phone-row.tsx";

/** Audit › Kubernetes › Request Audit. */
export const REQUEST_AUDIT: AuditSurface<RequestAuditEntry> = {
  id: "request_audit",
  title: "Request Audit",
  path: ["Audit", "Kubernetes"],
  href: "/audit/kubernetes/request-audit",
  endpoint: "/api/v1/request-audit",
  listSchema: RequestAuditList,
  rowSchema: RequestAuditEntry,
  noun: { one: "call", many: "calls" },
  fields: REQUEST_AUDIT_FIELDS,
  columns: REQUEST_COLUMNS,
  defaultRange: { from: TODAY.from, to: TODAY.to },
  search: {
    placeholder: "Person or cluster",
    lookedIn: "the name or email of a person or the name of a cluster",
    elsewhere: ["resourceName", "namespace", "command", "message"],
  },
  filterExample: 'verb = "delete" AND resource = "secrets"',
  isFailure: (call) => call.result === "failure",
  messageOf: (call) => call.message,
  failure: { field: "result", value: "failure" },
  outcome: { success: "Success", failure: "Failure" },
  PhoneRow: RequestPhoneRow,
  firstRun: {
    text: "Add a cluster, download its kubeconfig and run any command. The call shows up here within a second.",
    action: { label: "My access", href: "/access/me" },
  },
};
