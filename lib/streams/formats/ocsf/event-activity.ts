import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { present } from "../facts/record-facts.ts";
import { type Activity, beginActivity, sourceOf, unmapped } from "./activity.ts";

type EventRecord = Extract<StreamRecord, { surface: "events" }>;
type Event = EventRecord["entry"];

const ACTIVITY_OF_ACTION: Readonly<Record<string, Activity>> = {
  Create: "Create",
  View: "Read",
  Update: "Update",
  Delete: "Delete",
};
/** `user.type_id`: a person, a service, the system. */
const USER_TYPES = { User: 1, Application: 4, System: 3 } as const;

const others = otherFields(
  "events",
  [
    "no",
    "happenedAt",
    "action",
    "operation",
    "status",
    "entityType",
    "entityId",
    "entityName",
    "clusterId",
    "clusterName",
    "sourceType",
    "sourceId",
    "sourceName",
    "name",
    "email",
    "sourceIp",
    "userAgent",
    "error",
  ],
  snakeCase,
  asIs,
);

/** What somebody did in the console or by the API, or what the gateway did by itself. */
export function eventActivity(record: EventRecord): object {
  const { entry } = record;
  const action = entry.action ?? "Other";
  return {
    ...beginActivity(record, {
      activity: ACTIVITY_OF_ACTION[action] ?? { other: action },
      succeeded: entry.status === undefined ? undefined : entry.status === "Succeeded",
    }),
    status_detail: present(entry.error),
    actor: { user: userOf(entry) },
    api: {
      operation: entry.operation ?? action,
      service: { name: "kubewitness" },
      request: { uid: record.id },
    },
    src_endpoint: sourceOf(entry.sourceIp),
    dst_endpoint: clusterOf(entry),
    http_request: entry.userAgent ? { user_agent: entry.userAgent } : undefined,
    resources: [
      {
        type: present(entry.entityType),
        uid: entry.entityId || entry.entityType || "unknown",
        name: present(entry.entityName),
      },
    ],
    unmapped: unmapped(others(entry)),
  };
}

function userOf({ sourceType, sourceId, sourceName, name, email }: Event): object {
  return {
    name: sourceName || email || name || "unknown",
    uid: present(sourceId),
    display_name: present(name),
    email_addr: present(email),
    type_id: sourceType ? USER_TYPES[sourceType as keyof typeof USER_TYPES] : 0,
    type: present(sourceType),
  };
}

function clusterOf({ clusterId, clusterName }: Event): object | undefined {
  if (!clusterId && !clusterName) return undefined;
  return { uid: present(clusterId), name: present(clusterName), svc_name: "kubernetes" };
}
