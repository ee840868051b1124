import { z } from "zod";
import type { FieldSet } from "../../filter/fields.ts";
import type { FilterNode } from "../../filter/tree.ts";

/** One call as the page, the API and the exports show it. Absent values are null. Newest first, by `executedAt`, then `no`. */
export const RequestAuditEntry = z
  .object({
    no: z
      .int()
      .meta({ description: "Event number: sequential, gap-free, higher is newer.", example: 290_316 }),
    executedAt: z.iso.datetime().meta({ description: "When the call reached the gateway (RFC 3339)." }),
    result: z
      .enum(["success", "failure"])
      .meta({ description: "failure: denied, HTTP status 400 or above, or a broken upstream." }),
    name: z
      .string()
      .nullable()
      .meta({ description: "The person or application; null where nobody was authenticated." }),
    email: z.string().nullable().meta({ description: "The person's; null where there is none." }),
    clientIp: z.string().nullable(),
    clusterName: z.string().nullable().meta({ description: "Null where the call named no cluster." }),
    clusterEndpoint: z.string().nullable(),
    role: z.string().nullable().meta({ description: "The role that allowed the call; null on denial." }),
    namespace: z.string().nullable(),
    verb: z.string(),
    resource: z.string().nullable().meta({ description: "With subresource, e.g. pods/exec." }),
    resourceName: z.string().nullable(),
    message: z.string().nullable(),
    httpStatus: z.int().nullable(),
    durationMs: z.int().nullable().meta({ description: "End-to-end time of the call in milliseconds." }),
    kubernetesGroups: z.array(z.string()),
    impersonatedUser: z.string().nullable().meta({ description: "What the client asked for with --as." }),
    impersonatedGroups: z.array(z.string()),
    clientName: z.string().nullable().meta({ example: "kubectl/v1.32.4" }),
    accessMethod: z.enum(["CLI", "Browser"]),
    command: z.string().nullable().meta({ description: "From a local kubectl: the client's own claim." }),
    sessionId: z.string().nullable(),
    recordingId: z.string().nullable(),
    tunnelAgent: z.string().nullable(),
    tunnelTag: z.string().nullable(),
    auditId: z.string().meta({
      description:
        "The Audit-ID under which the cluster's own audit log has the call, and that kubectl gets with a refusal; its start and end entries share it.",
    }),
    stage: z.enum(["complete", "start", "end", "interrupted"]),
    exitCode: z.int().nullable(),
    bytesIn: z.int().nullable(),
    bytesOut: z.int().nullable(),
    apiGroup: z.string().nullable(),
  })
  .meta({ id: "RequestAuditEntry" });
export type RequestAuditEntry = z.infer<typeof RequestAuditEntry>;

/** How the text begins that stands in the place of a body of which nothing was kept. */
export const BODY_NOT_KEPT = "# The body is not kept";

/** One call with the request body that was kept. */
export const RequestAuditDetail = RequestAuditEntry.extend({
  requestBody: z.string().nullable().meta({ description: "YAML, secrets redacted, at most 4 KB." }),
  requestBodyTruncated: z.boolean(),
  requestBodyBytes: z.int().nullable().meta({ description: "Full length of the body as it was sent." }),
  requestBodySha256: z.string().nullable().meta({ description: "SHA-256 of the body as it was sent, hex." }),
}).meta({ id: "RequestAuditDetail" });
export type RequestAuditDetail = z.infer<typeof RequestAuditDetail>;

export const RequestAuditList = z
  .object({
    entries: z.array(RequestAuditEntry),
    next: z.string().nullable().meta({ description: "Cursor of the next page, or null." }),
  })
  .meta({ id: "RequestAuditList" });
export type RequestAuditList = z.infer<typeof RequestAuditList>;

/** What stands around one call: `partner` is the other row of a long-running call, `around` the same person within five minutes. */
export const RequestAuditRelated = z
  .object({
    partner: RequestAuditEntry.nullable(),
    command: z.array(RequestAuditEntry),
    composed: z
      .string()
      .nullable()
      .meta({ description: "As that of a command: put together from its calls." }),
    around: z.array(RequestAuditEntry),
  })
  .meta({ id: "RequestAuditRelated" });
export type RequestAuditRelated = z.infer<typeof RequestAuditRelated>;

/** A kubectl command and the calls it became: of one person, at one cluster, with one token, under one claim. */
export const RequestAuditCommand = z
  .object({
    sessionId: z.string(),
    tokenId: z
      .string()
      .nullable()
      .meta({ description: "The id of the token that the calls were made with." }),
    command: z.string().nullable(),
    composed: z.string().nullable().meta({
      description:
        "The command with what its calls were for, put together from them; null where the command is whole or no call was for a resource.",
      example: "kubectl get pods -n payments",
    }),
    /** True unless the web shell captured the line: the client says so, nobody checked. */
    claimed: z.boolean(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    clusterName: z.string().nullable(),
    clientName: z.string().nullable(),
    calls: z.int(),
    failures: z.int(),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    /** From the first call to the end of the last, milliseconds. */
    durationMs: z.int(),
    lastNo: z.int(),
  })
  .meta({ id: "RequestAuditCommand" });
export type RequestAuditCommand = z.infer<typeof RequestAuditCommand>;
export const RequestAuditCommands = z
  .object({ commands: z.array(RequestAuditCommand), next: z.string().nullable() })
  .meta({ id: "RequestAuditCommands" });
export type RequestAuditCommands = z.infer<typeof RequestAuditCommands>;

/** What the search field beside the filter means: a part of the user's name or email, or of the cluster's name. */
export function searchToFilter(search: string): FilterNode | null {
  const text = search.trim();
  if (text === "") return null;
  return {
    kind: "or",
    nodes: [
      { kind: "comparison", field: "user", op: ":", values: [text] },
      { kind: "comparison", field: "cluster", op: ":", values: [text] },
    ],
  };
}

/** The verbs that the filter offers first; the other known ones are HTTP methods on non-resource URLs. */
export const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
] as const;

/** The resources of the filter; `others` stands for every resource that is not among them, custom ones included. */
export const RESOURCES = [
  "pods",
  "pods/exec",
  "pods/log",
  "pods/portforward",
  "services",
  "ingresses",
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "configmaps",
  "secrets",
  "namespaces",
  "nodes",
  "persistentvolumes",
  "persistentvolumeclaims",
  "jobs",
  "cronjobs",
  "serviceaccounts",
  "endpoints",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
] as const;
export const OTHER_RESOURCES = "others";

/** What a filter over Request Audit may name. */
export const REQUEST_AUDIT_FIELDS: FieldSet = {
  surface: "Request Audit",
  fields: [
    {
      name: "user",
      label: "User",
      type: "list",
      keys: ["name", "email"],
      aliases: ["person"],
      description: "the person's or application's name or email",
    },
    {
      name: "cluster",
      label: "Cluster Name",
      type: "string",
      keys: ["clusterName"],
      aliases: ["clusterName"],
      description: "the cluster as registered",
    },
    {
      name: "namespace",
      label: "Namespace",
      type: "string",
      nullable: true,
      description: "absent for cluster-scoped calls",
    },
    {
      name: "verb",
      label: "Verb",
      type: "enum",
      values: VERBS,
      description: "what the call does, as Kubernetes names it",
    },
    {
      name: "resource",
      label: "Resource",
      type: "enum",
      values: [...RESOURCES, OTHER_RESOURCES],
      remainder: { value: OTHER_RESOURCES, of: RESOURCES },
      nullable: true,
      description: "with subresource, e.g. pods/exec; others: every resource not in the list",
    },
    {
      name: "resourceName",
      label: "Resource Name",
      type: "string",
      aliases: ["object"],
      nullable: true,
      description: "the object's name",
    },
    {
      name: "result",
      label: "Result",
      type: "enum",
      values: ["success", "failure"],
      closed: true,
      description: "failure: denied, status 400 or above, broken upstream",
    },
    {
      name: "executedAt",
      label: "Executed At",
      type: "time",
      aliases: ["time"],
      description: "when the call reached the gateway",
    },
    {
      name: "role",
      label: "Role",
      type: "string",
      nullable: true,
      description: "the role that allowed the call; absent on denial",
    },
    {
      name: "clientIp",
      label: "Client IP",
      type: "string",
      aliases: ["ip"],
      nullable: true,
      description: "the client's address",
    },
    {
      name: "accessMethod",
      label: "Access Method",
      type: "enum",
      values: ["CLI", "Browser"],
      closed: true,
      description: "CLI, or Browser for the web shell",
    },
    {
      name: "name",
      label: "Name",
      type: "string",
      nullable: true,
      description: "the person's or application's name",
    },
    { name: "email", label: "Email", type: "string", nullable: true, description: "the person's email" },
    {
      name: "message",
      label: "Message",
      type: "string",
      nullable: true,
      description: "what the cluster or the gateway answered",
    },
    {
      name: "httpStatus",
      label: "HTTP Status",
      type: "number",
      aliases: ["status"],
      nullable: true,
      description: "the HTTP status of the answer",
    },
    {
      name: "duration",
      label: "Duration",
      type: "duration",
      keys: ["durationMs"],
      aliases: ["durationMs"],
      nullable: true,
      description: "end-to-end time, e.g. > 1s",
    },
    {
      name: "clusterEndpoint",
      label: "Cluster Endpoint",
      type: "string",
      aliases: ["endpoint"],
      description: "the API server's address",
    },
    {
      name: "kubernetesGroups",
      label: "Kubernetes Groups",
      type: "list",
      nullable: true,
      description: "a group that the gateway impersonated",
    },
    {
      name: "clientName",
      label: "Client Name",
      type: "string",
      aliases: ["client"],
      nullable: true,
      description: "name/version, e.g. kubectl/v1.32.4",
    },
    {
      name: "command",
      label: "Command",
      type: "string",
      nullable: true,
      description: "the command behind the call (the client's claim)",
    },
    {
      name: "impersonatedUser",
      label: "Impersonated User",
      type: "string",
      aliases: ["as"],
      nullable: true,
      description: "asked for with --as",
    },
    {
      name: "impersonatedGroups",
      label: "Impersonated Groups",
      type: "list",
      aliases: ["asGroup"],
      nullable: true,
      description: "a group asked for with --as-group",
    },
    {
      name: "apiGroup",
      label: "API Group",
      type: "string",
      nullable: true,
      description: "absent for the core group",
    },
    {
      name: "stage",
      label: "Stage",
      type: "enum",
      values: ["complete", "start", "end", "interrupted"],
      closed: true,
      description: "start and end for sessions, watches and followed logs",
    },
    {
      name: "exitCode",
      label: "Exit Code",
      type: "number",
      nullable: true,
      description: "of a session's command",
    },
    { name: "bytesIn", label: "Bytes In", type: "number", nullable: true, description: "from the client" },
    { name: "bytesOut", label: "Bytes Out", type: "number", nullable: true, description: "to the client" },
    {
      name: "tunnelAgent",
      label: "Tunnel Agent",
      type: "string",
      nullable: true,
      description: "the reverse tunnel agent that carried the call",
    },
    {
      name: "tunnelTag",
      label: "Tunnel Tag",
      type: "string",
      nullable: true,
      description: "the tag that picked the agent",
    },
    { name: "no", label: "No", type: "number", description: "the entry's number" },
    {
      name: "auditId",
      label: "Audit ID",
      type: "string",
      aliases: ["callId"],
      description: "the Audit-ID of a refusal and of the cluster's audit log",
    },
    {
      name: "sessionId",
      label: "Session ID",
      type: "string",
      nullable: true,
      description: "shared by the calls of one command",
    },
    {
      name: "recordingId",
      label: "Recording ID",
      type: "string",
      nullable: true,
      description: "the session's recording",
    },
  ],
};

/** A message of the live tail: the newest matching calls since the last one, newest first. */
export const RequestAuditNews = z
  .object({
    lastNo: z.int(),
    entries: z.array(RequestAuditEntry),
    /** There were more than are listed. */
    more: z.boolean(),
  })
  .meta({ id: "RequestAuditNews" });
export type RequestAuditNews = z.infer<typeof RequestAuditNews>;
