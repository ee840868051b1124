import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { NOBODY, present } from "../facts/record-facts.ts";
import { beginDocument, ownFields, relatedOf, sourceOf } from "./document.ts";

type EventRecord = Extract<StreamRecord, { surface: "events" }>;
type Event = EventRecord["entry"];

const TYPE_OF_ACTION: Readonly<Record<string, string>> = {
  Create: "creation",
  View: "access",
  Update: "change",
  Delete: "deletion",
};
/** Objects that say who somebody is and what they may. */
const IDENTITIES: ReadonlySet<string> = new Set([
  "User",
  "Group",
  "Role",
  "AccessGrant",
  "AccessRequest",
  "ApiKey",
  "Mfa",
  "Applications",
]);

const others = otherFields(
  "events",
  [
    "no",
    "happenedAt",
    "status",
    "sourceId",
    "sourceName",
    "name",
    "email",
    "sourceIp",
    "userAgent",
    "error",
    "clusterId",
    "clusterName",
  ],
  snakeCase,
  asIs,
);

/** What somebody did in the console or by the API, or what the gateway did by itself. */
export function eventDocument(record: EventRecord): object {
  const { entry } = record;
  return {
    ...beginDocument(record, {
      ...kindOf(entry),
      action: [entry.operation ?? entry.action, entry.entityType].filter(Boolean).join(" ") || "event",
      succeeded: entry.status === undefined ? undefined : entry.status === "Succeeded",
      reason: entry.error,
    }),
    error: entry.error ? { message: entry.error } : undefined,
    user: {
      id: present(entry.sourceId),
      name: entry.sourceName || entry.email || NOBODY,
      full_name: present(entry.name),
      email: present(entry.email),
    },
    source: sourceOf(entry.sourceIp),
    user_agent: entry.userAgent ? { original: entry.userAgent } : undefined,
    orchestrator:
      entry.clusterName || entry.clusterId
        ? {
            type: "kubernetes",
            cluster: { id: present(entry.clusterId), name: present(entry.clusterName) },
          }
        : undefined,
    related: relatedOf([entry.sourceName, entry.email, entry.name], entry.sourceIp),
    kubewitness: ownFields(others(entry)),
  };
}

function kindOf({ action, operation, entityType }: Event): { category: string[]; type: string[] } {
  if (action === "Login")
    return { category: ["authentication"], type: [operation === "Logout" ? "end" : "start"] };
  const type = TYPE_OF_ACTION[action ?? ""] ?? "info";
  if (!IDENTITIES.has(entityType ?? "")) return { category: ["configuration"], type: [type] };
  // Reading is no type of this category.
  return { category: ["iam"], type: type === "access" ? ["info"] : ["admin", type] };
}
