import { z } from "zod";
import type { FieldSet } from "../../filter/fields.ts";
import type { FilterNode } from "../../filter/tree.ts";

/** The four actions of the Event column; `Login` for every authentication, `View` for reads of audit data. */
export const EventAction = z.enum(["Create", "Update", "Delete", "Login", "View"]);
export type EventAction = z.infer<typeof EventAction>;

/** Finer than the action; equal to it where nothing finer is to be said. */
export const EventOperation = z.enum([
  "Create",
  "Update",
  "Delete",
  "Login",
  "Logout",
  "Revoke",
  "Enable",
  "Disable",
  "View",
  "Search",
  "Export",
  "Playback",
  "Start",
  "End",
]);
export type EventOperation = z.infer<typeof EventOperation>;

/** The kinds of objects that Event History speaks of. `KubernetesResource` entries come from calls through the gateway. */
export const ENTITY_TYPES = [
  "Project",
  "Department",
  "User",
  "Group",
  "Role",
  "Login",
  "Settings",
  "Applications",
  "NodePool",
  "Cluster",
  "AccessGrant",
  "ApiKey",
  "Webhook",
  "Mfa",
  "TunnelAgent",
  "TerminalSession",
  "Recording",
  "Export",
  "SavedView",
  "RequestAudit",
  "EventHistory",
  "KubernetesResource",
] as const;
export const EntityType = z.enum(ENTITY_TYPES);
export type EntityType = z.infer<typeof EntityType>;

export const EventStatus = z.enum(["Succeeded", "Failed"]);
export type EventStatus = z.infer<typeof EventStatus>;

/** One event as the page, the API and the exports show it. Absent values are null. Newest first, by `happenedAt`, then `no`. */
export const EventEntry = z
  .object({
    no: z.int().meta({ description: "Event ID: sequential, gap-free, higher is newer." }),
    happenedAt: z.iso.datetime(),
    action: EventAction,
    operation: z.string().meta({
      description: "The finer action, e.g. Logout or Revoke; equal to the action where there is none.",
    }),
    status: EventStatus,
    entityType: z.string(),
    entityId: z.string().nullable(),
    entityName: z.string().nullable(),
    clusterId: z.string().nullable(),
    clusterName: z.string().nullable(),
    sourceType: z.enum(["User", "Application", "System"]),
    sourceId: z
      .string()
      .nullable()
      .meta({ description: "The person's or application's id; null where nobody was authenticated." }),
    sourceName: z
      .string()
      .nullable()
      .meta({ description: "A person's email, an application's name; null where nobody was named." }),
    name: z.string().nullable(),
    email: z.string().nullable(),
    sourceIp: z.string().nullable(),
    userAgent: z.string().nullable(),
    error: z.string().nullable(),
    requestNo: z.int().nullable().meta({ description: "The Request Audit entry behind a Kubernetes write." }),
    requestExecutedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "EventEntry" });
export type EventEntry = z.infer<typeof EventEntry>;

/** One event with what changed. Secrets are never in it. */
export const EventDetail = EventEntry.extend({
  before: z.unknown().meta({ description: "The object before the change; null where there was none." }),
  after: z.unknown().meta({ description: "The object after the change; null where there is none." }),
  requestBody: z.unknown().meta({ description: "What the request asked for." }),
}).meta({ id: "EventDetail" });
export type EventDetail = z.infer<typeof EventDetail>;

export const EventList = z
  .object({ entries: z.array(EventEntry), next: z.string().nullable() })
  .meta({ id: "EventList" });
export type EventList = z.infer<typeof EventList>;

/** The page's and the API's longest window. */
export const EVENT_WINDOW_DAYS = 30;

/** What a filter over Event History may name. */
export const EVENT_HISTORY_FIELDS: FieldSet = {
  surface: "Event History",
  fields: [
    {
      name: "user",
      label: "User/App",
      type: "list",
      keys: ["name", "email"],
      aliases: ["person", "app"],
      description: "the person's or application's name or email",
    },
    {
      name: "action",
      label: "Event",
      type: "enum",
      values: EventAction.options,
      closed: true,
      aliases: ["event"],
      description: "Create, Update, Delete, Login or View",
    },
    {
      name: "operation",
      label: "Operation",
      type: "enum",
      values: EventOperation.options,
      description: "the finer action, e.g. Logout, Revoke, Export",
    },
    {
      name: "status",
      label: "Status",
      type: "enum",
      values: EventStatus.options,
      closed: true,
      description: "Succeeded or Failed",
    },
    {
      name: "entityType",
      label: "Entity type",
      type: "enum",
      values: ENTITY_TYPES,
      description: "the kind of object",
    },
    {
      name: "entityName",
      label: "Entity name",
      type: "string",
      nullable: true,
      description: "the object's name",
    },
    { name: "entityId", label: "Entity ID", type: "string", nullable: true, description: "the object's id" },
    {
      name: "cluster",
      label: "Cluster Name",
      type: "string",
      keys: ["clusterName"],
      aliases: ["clusterName"],
      nullable: true,
      description: "absent where not cluster-specific",
    },
    {
      name: "clusterId",
      label: "Cluster ID",
      type: "string",
      aliases: ["clusterUuid"],
      nullable: true,
      description: "the cluster's id",
    },
    {
      name: "happenedAt",
      label: "Date & Time",
      type: "time",
      aliases: ["time"],
      description: "when it happened",
    },
    {
      name: "no",
      label: "Event ID",
      type: "number",
      aliases: ["eventId", "id"],
      description: "the event's number",
    },
    {
      name: "sourceType",
      label: "Source type",
      type: "enum",
      values: ["User", "Application", "System"],
      closed: true,
      description: "who acted: User, Application or System",
    },
    {
      name: "sourceId",
      label: "Source ID",
      type: "string",
      nullable: true,
      description: "the person's or application's id",
    },
    {
      name: "sourceName",
      label: "Source name",
      type: "string",
      nullable: true,
      description: "a person's email, an application's name",
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
      name: "sourceIp",
      label: "Source IP",
      type: "string",
      aliases: ["ip"],
      nullable: true,
      description: "the client's address",
    },
    {
      name: "userAgent",
      label: "User agent",
      type: "string",
      nullable: true,
      description: "the client's program",
    },
    { name: "error", label: "Error", type: "string", nullable: true, description: "why it failed" },
    {
      name: "requestNo",
      label: "Request No",
      type: "number",
      nullable: true,
      description: "the Request Audit entry behind it",
    },
  ],
};

/**
 * The parts of Event History that its page can be kept to: what people changed and how they signed in, beside which the copies of
 * Kubernetes changes (Request Audit has their calls) and the reads of the record are a thousand times as many. Written with fields that have
 * counters, so that a part is found as fast as everything.
 */
export const EVENT_SCOPES = [
  {
    value: "changes",
    label: "Changes",
    description: "changes and sign-ins",
    filter:
      "NOT entityType IN (KubernetesResource, TerminalSession) AND NOT operation IN (View, Search, Playback)",
  },
  {
    value: "kubernetes",
    label: "Kubernetes",
    description: "Kubernetes changes and sessions",
    filter: "entityType IN (KubernetesResource, TerminalSession)",
  },
  {
    value: "reads",
    label: "Reads",
    description: "reads of the record",
    filter: "operation IN (View, Search, Playback, Export)",
  },
  { value: "all", label: "All", description: "everything", filter: "" },
] as const;

/** A message of the live tail: the newest matching events since the last one, newest first. */
export const EventNews = z
  .object({
    lastNo: z.int(),
    entries: z.array(EventEntry),
    /** There were more than are listed. */
    more: z.boolean(),
  })
  .meta({ id: "EventNews" });
export type EventNews = z.infer<typeof EventNews>;

/** What the search field means: a part of who acted or of what was acted on. */
export function searchToEventFilter(search: string): FilterNode | null {
  const text = search.trim();
  if (text === "") return null;
  const nodes = ["user", "entityName", "cluster"].map((field): FilterNode => {
    return { kind: "comparison", field, op: ":", values: [text] };
  });
  return { kind: "or", nodes };
}
