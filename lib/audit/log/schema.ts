import { z } from "zod";
import { resolveTime } from "../../filter/relative-time.ts";
import { ENTITY_TYPES, EventAction } from "../columns/event-history/values/schema.ts";
import { wholeNumberParameter } from "../query/schema.ts";

const TIME_TAKES = "yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss (UTC)";
const isLogTime = (text: string) =>
  /^\d{4}-/.test(text) && resolveTime(text, { now: new Date(0), timeZone: "UTC" }) !== null;

const LogTime = z.string({ error: TIME_TAKES }).refine(isLogTime, { error: TIME_TAKES });
/** One of the words; an empty parameter is one that was left out. */
const blankable = (values: readonly string[]) =>
  z.enum(["", ...values], { error: inWords(values) }).optional();
const words = <const T extends readonly string[]>(values: T) => z.enum(values, { error: inWords(values) });
const inWords = (values: readonly string[]) => `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
const text = z.string().max(1_024, { error: "at most 1024 characters" });
const Offset = wholeNumberParameter(0, 2_147_483_647);

const TimeRange = {
  start: LogTime.optional().meta({
    description:
      "Starting date: yyyy-MM-dd, or yyyy-MM-ddTHH:mm:ss (UTC). Default: as far back as events are kept.",
    example: "2022-06-07T09:01:02",
  }),
  end: LogTime.optional().meta({
    description:
      "Ending date, in the same forms; a date stands for its whole day, a second for all of it. Default: now.",
    example: "2022-06-07T09:01:02",
  }),
};

/** Parameters of `GET /v1/k8s/audit`. */
export const K8sAuditQuery = z.strictObject({
  ...TimeRange,
  cluster_uuid: z
    .string()
    .refine((text) => text === "" || z.uuid().safeParse(text).success, {
      error: "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
    })
    .optional()
    .meta({
      format: "uuid",
      description: "The cluster of the operation.",
    }),
  action: blankable(EventAction.options).meta({ description: "The action.", example: "Create" }),
  source_type: blankable(["User", "Application"]).meta({
    description: "Who acted: User or Application.",
  }),
  source_id: text.optional().meta({ description: "The id of the user or application." }),
  source_name: text.optional().meta({ description: "A user's email or an application's name." }),
  entity_type: blankable(ENTITY_TYPES).meta({
    description: "The kind of object.",
    example: "Department",
  }),
  entity_id: text.optional().meta({ description: "The object's id." }),
  limit: wholeNumberParameter(1, 500).prefault(50).meta({ description: "How many entries to return." }),
  offset: Offset.prefault(0).meta({ description: "The offset of the first entry." }),
  success: blankable(["true", "false"]).meta({
    description: "true for successes, false for failures; blank for all.",
  }),
  download: blankable(["true", "false"]).meta({
    description: "true to download the entries as logs.json.",
  }),
});
export type K8sAuditQuery = z.infer<typeof K8sAuditQuery>;

/** One record of `GET /v1/k8s/audit`. What is absent is left out. */
export const K8sAuditRecord = z
  .object({
    id: z.int(),
    clusterUuid: z.string().optional(),
    tenantId: z.int(),
    happenedAt: z.iso.datetime(),
    action: EventAction,
    version: z.string(),
    entityId: z.string().optional(),
    entityType: z.string(),
    entityName: z.string().optional(),
    sourceType: z.enum(["User", "Application"]),
    sourceId: z.string().optional(),
    sourceName: z.string(),
    error: z.string().optional(),
    context: z.object({ user_agent: z.string().optional(), ip_address: z.string().optional() }),
    body: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "K8sAuditRecord" });
export type K8sAuditRecord = z.infer<typeof K8sAuditRecord>;
export const K8sAuditRecords = z.array(K8sAuditRecord).meta({ id: "K8sAuditRecords" });

/** What `sortBy` takes, and the Event History field behind it. */
export const SORT_FIELDS = {
  timestamp: "happenedAt",
  happened_at: "happenedAt",
  id: "no",
  action: "action",
  operation: "operation",
  result: "status",
  status: "status",
  entity_type: "entityType",
  entity_name: "entityName",
  entity_id: "entityId",
  subject: "sourceName",
  source_name: "sourceName",
  subject_type: "sourceType",
  source_type: "sourceType",
  source_id: "sourceId",
  source_ip: "sourceIp",
  cluster_name: "cluster",
  cluster_id: "clusterId",
} as const;
const SortField = words(Object.keys(SORT_FIELDS) as (keyof typeof SORT_FIELDS)[]);

/** What `filterBy` takes beside those. */
export const FILTER_FIELDS: Readonly<Record<string, string>> = {
  ...SORT_FIELDS,
  cluster_uuid: "clusterId",
  user_agent: "userAgent",
  error: "error",
};

const LogFilter = {
  ...TimeRange,
  filterBy: z.string().max(8_000, { error: "at most 8000 characters" }).optional().meta({
    description:
      "Conditions that must all hold: field, operator (== != <= >= =@ !@ =^ =$) and value, commas between them.",
    example: "entity_type==Cluster,entity_name=@prod",
  }),
};

/** Parameters of `GET /api/v1/audit/log`. */
export const AuditLogQuery = z.strictObject({
  ...LogFilter,
  offset: Offset.prefault(0).meta({ description: "The offset of the first entry." }),
  numberOfSamples: wholeNumberParameter(0, 1_000)
    .prefault(20)
    .meta({ description: "How many entries to return." }),
  sortOrder: words(["asc", "desc"]).default("desc").meta({ description: "Ascending or descending." }),
  sortBy: SortField.default("timestamp").meta({ description: "What to sort by." }),
});
export type AuditLogQuery = z.infer<typeof AuditLogQuery>;

/** Parameters of `GET /api/v1/audit/log/file`. */
export const AuditLogFileQuery = z.strictObject({
  ...LogFilter,
  file_type: words(["CSV", "JSON"]).default("CSV").meta({ description: "The file's format." }),
  numberOfSamples: wholeNumberParameter(0, 1_000)
    .optional()
    .meta({ description: "How many entries, the newest; all where it is left out." }),
});
export type AuditLogFileQuery = z.infer<typeof AuditLogFileQuery>;

/** One entry of the audit log. */
export const AuditLogRecord = z
  .object({
    id: z.int(),
    tenant_id: z.int(),
    version: z.string(),
    timestamp: z.iso.datetime(),
    happened_at: z.iso.datetime().meta({ description: "The same as timestamp." }),
    action: EventAction,
    operation: z.string(),
    result: z.enum(["Succeeded", "Failed"]),
    error: z.string().nullable(),
    subject: z.string().meta({ description: "A user's email or an application's name." }),
    subject_type: z.enum(["User", "Application"]),
    source_type: z.enum(["User", "Application"]),
    source_id: z.string().nullable(),
    source_name: z.string(),
    source_ip: z.string().nullable(),
    entity_type: z.string(),
    entity_id: z.string().nullable(),
    entity_name: z.string().nullable(),
    cluster_id: z.string().nullable(),
    cluster_name: z.string().nullable(),
    cluster_uuid: z.string().nullable().meta({ description: "The same as cluster_id." }),
    context: z.object({ user_agent: z.string().nullable(), ip_address: z.string().nullable() }),
    body: z.unknown(),
  })
  .meta({ id: "AuditLogRecord" });
export type AuditLogRecord = z.infer<typeof AuditLogRecord>;

export const AuditLogList = z
  .object({
    total: z.int().meta({ description: "How many entries match." }),
    next: z.int().nullable().meta({ description: "The offset of the next page, or null." }),
    audit_logs: z.array(AuditLogRecord),
  })
  .meta({ id: "AuditLogList" });
export type AuditLogList = z.infer<typeof AuditLogList>;
