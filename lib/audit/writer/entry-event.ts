import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import type { EntityType, EventAction, EventOperation } from "../columns/event-history/values/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { SESSION_RESOURCES } from "../entry/day-kinds.ts";
import { type KubeRequestEntry, MUTATING_VERBS } from "../entry/entry.ts";
import type { EventRow } from "../events/store.ts";
import type { Term, TermIds } from "../store/dictionary.ts";
import { boundedText } from "../store/stored-text.ts";

const EVENT = EVENT_HISTORY.columns;

/** Objects that are posted to ask a question and change nothing (`kubectl auth can-i`, `auth whoami`). */
const REVIEW_RESOURCES: ReadonlySet<string> = new Set([
  "selfsubjectaccessreviews",
  "selfsubjectrulesreviews",
  "subjectaccessreviews",
  "localsubjectaccessreviews",
  "selfsubjectreviews",
  "tokenreviews",
]);

interface EntryEvent {
  action: EventAction;
  operation: EventOperation;
  entityType: EntityType;
}

const ACTION_OF_VERB: Record<string, "Create" | "Update" | "Delete"> = {
  create: "Create",
  update: "Update",
  patch: "Update",
  delete: "Delete",
  deletecollection: "Delete",
};

/** What Event History says of a call: sessions by their start and end, changes of resources; nothing of reads, reviews and dry runs. */
export function eventOfEntry(entry: KubeRequestEntry): EntryEvent | null {
  if (entry.dryRun) return null;
  const resource = entry.resource ?? "";
  if (SESSION_RESOURCES.includes(resource)) return sessionEvent(entry);
  const action = ACTION_OF_VERB[entry.verb];
  if (
    !action ||
    !MUTATING_VERBS.has(entry.verb) ||
    entry.stage === "start" ||
    REVIEW_RESOURCES.has(resource)
  ) {
    return null;
  }
  return { action, operation: action, entityType: "KubernetesResource" };
}

/** A session that never started (denied, refused) is a failed start. */
function sessionEvent(entry: KubeRequestEntry): EntryEvent {
  const ended = entry.stage === "end" || entry.stage === "interrupted";
  return ended
    ? { action: "Delete", operation: "End", entityType: "TerminalSession" }
    : { action: "Create", operation: "Start", entityType: "TerminalSession" };
}

/** An event of a batch: of which entry. */
export interface BatchEvent {
  index: number;
  entry: KubeRequestEntry;
  event: EntryEvent;
}

/** The events of a batch, in the order of their entries. */
export function eventsOfEntries(entries: readonly KubeRequestEntry[]): BatchEvent[] {
  const events: BatchEvent[] = [];
  for (const [index, entry] of entries.entries()) {
    const event = eventOfEntry(entry);
    if (event !== null) events.push({ index, entry, event });
  }
  return events;
}

/** The strings of an event that the dictionary holds. */
export function termsOfEvent({ entry, event }: BatchEvent): Term[] {
  const terms: Term[] = [
    { kind: "action", value: event.action },
    { kind: "operation", value: event.operation },
    { kind: "entityType", value: event.entityType },
  ];
  if (entry.clientIp !== null) terms.push({ kind: "sourceIp", value: entry.clientIp });
  if (entry.userAgent !== null) {
    terms.push({ kind: "userAgent", value: entry.userAgent, ofStranger: entry.actor.kind === "anonymous" });
  }
  return terms;
}

/** The ids of an event's strings, and of its entry's actor and cluster. */
export interface EventIds {
  strings: Pick<TermIds, "string">;
  actor: number;
  cluster: number;
}

/** The row of the event of entry number `no`. */
export function eventRow({ entry, event }: BatchEvent, no: number, ids: EventIds): EventRow {
  const executedAt = new Date(entry.executedAt).toISOString();
  const { strings } = ids;
  return {
    happened_at: executedAt,
    request_no: no,
    request_executed_at: executedAt,
    actor_id: ids.actor,
    cluster_id: entry.cluster.name === "" ? null : ids.cluster,
    action_id: strings.string("action", event.action)!,
    operation_id: strings.string("operation", event.operation)!,
    entity_type_id: strings.string("entityType", event.entityType)!,
    source_ip_id: strings.string("sourceIp", entry.clientIp),
    user_agent_id: strings.string("userAgent", entry.userAgent),
    status: EVENT.status.stored.codes[entry.result === "success" ? "Succeeded" : "Failed"]!,
    entity_id: boundedText(entityId(entry, event), EVENT.entityId.stored.maxBytes),
    entity_name: boundedText(entityName(entry, event), EVENT.entityName.stored.maxBytes),
    error:
      entry.result === "failure" && entry.message
        ? boundedText(entry.message, REQUEST_AUDIT.columns.message.stored.maxBytes)
        : null,
    before: null,
    after: null,
    request_body: null,
  };
}

/** A session's id is its call's, which both of its rows share; a resource's is `deployments.apps/shop/web`. */
function entityId(entry: KubeRequestEntry, event: EntryEvent): string {
  if (event.entityType === "TerminalSession") return entry.callId;
  const resource = entry.apiGroup ? `${entry.resource}.${entry.apiGroup}` : (entry.resource ?? "");
  return [resource, entry.namespace, entry.resourceName].filter(Boolean).join("/");
}

/** A session is named after its pod, a resource as kubectl writes it. */
function entityName(entry: KubeRequestEntry, event: EntryEvent): string {
  const kind = event.entityType === "TerminalSession" ? entry.namespace : entry.resource;
  return [kind, entry.resourceName].filter(Boolean).join("/");
}
