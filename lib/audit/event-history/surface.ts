import { type ColumnMapping, DAY_MS, MINUTE_MS, type Surface } from "../query/surface.ts";
import { EVENT_HISTORY_FIELDS } from "./schema.ts";

/** Actors' kinds by the surface's words. Whoever failed to sign in is a person whom nobody could name for sure. */
export const SOURCE_KINDS = {
  User: ["user", "anonymous"],
  Application: ["application"],
  System: ["system"],
} as const satisfies Record<string, readonly string[]>;

/** What `audit_event.status` holds. */
export const STATUS_CODE = { Failed: 0, Succeeded: 1 } as const;

const columns: Record<string, ColumnMapping> = {
  user: { holds: "actor", of: ["name", "email"] },
  name: { holds: "actor", of: ["name"] },
  email: { holds: "actor", of: ["email"] },
  sourceId: { holds: "actor", of: ["subject_id"] },
  sourceName: { holds: "actor", of: ["source_name"] },
  sourceType: { holds: "actorKind", kinds: SOURCE_KINDS },
  action: { holds: "term", column: "action_id", kind: "action" },
  operation: { holds: "term", column: "operation_id", kind: "operation" },
  status: { holds: "code", column: "status", codes: STATUS_CODE },
  entityType: { holds: "term", column: "entity_type_id", kind: "entityType" },
  entityName: { holds: "text", column: "entity_name" },
  entityId: { holds: "text", column: "entity_id" },
  cluster: { holds: "cluster", of: "name" },
  clusterId: { holds: "cluster", of: "cluster_id" },
  happenedAt: { holds: "time", column: "happened_at" },
  no: { holds: "number", column: "no" },
  sourceIp: { holds: "term", column: "source_ip_id", kind: "sourceIp" },
  userAgent: { holds: "term", column: "user_agent_id", kind: "userAgent" },
  error: { holds: "text", column: "error" },
  requestNo: { holds: "number", column: "request_no" },
};

/** Event History: `audit_event`. */
export const EVENT_SURFACE: Surface = {
  fields: EVENT_HISTORY_FIELDS,
  stream: "audit_event",
  table: "audit_event",
  time: "happened_at",
  columns,
  counted: ["status", "actor_id", "cluster_id", "action_id", "operation_id", "entity_type_id"],
  outcome: "status",
  counters: [
    { table: "audit_event_day", time: "day", milliseconds: DAY_MS },
    { table: "audit_event_minute", time: "minute", milliseconds: MINUTE_MS },
  ],
  totals: [],
};
