import type { Context } from "../../context.ts";
import type { FilterComparison, FilterNode } from "../../filter/tree.ts";
import { type StoredEvent, toEventEntries } from "../event-history/entries.ts";
import { bodyOf, type EventBody, readEventBodies } from "../event-history/get.ts";
import type { EventEntry } from "../event-history/schema.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import { prepareQuery, readAudit } from "../query/audit-query.ts";
import { readRowsAtOffset } from "../query/offset.ts";
import { recordSearch } from "../query/record-read.ts";
import type { AuditScope } from "../query/scope.ts";
import type { K8sAuditQuery, K8sAuditRecord } from "./schema.ts";
import { readLogWindow } from "./window.ts";

/** There is one tenant. */
export const TENANT_ID = 1;
/** Of the shape of a record. */
export const RECORD_VERSION = "1.0";

/** Events as `GET /v1/k8s/audit` lists them, newest first. A search is itself an event, its further pages are not. */
export async function listK8sAudit(input: {
  ctx: Context;
  scope: AuditScope;
  query: K8sAuditQuery;
}): Promise<K8sAuditRecord[]> {
  const { ctx, scope, query } = input;
  const now = new Date();
  const window = readLogWindow(query, now);
  const read = { window, filter: toFilter(query), reference: { now, timeZone: "UTC" } };
  await recordSearch(ctx, "EventHistory", read);
  return readAudit(async (run) => {
    const prepared = await prepareQuery(run, { surface: EVENT_SURFACE, scope, ...read });
    const { offset, limit } = query;
    const rows = await readRowsAtOffset(run, prepared, { offset, limit, order: "newest" });
    const bodies = await readEventBodies(run, rows as StoredEvent[]);
    const entries = await toEventEntries(run, rows);
    return entries.map((entry) => toRecord(entry, bodyOf(bodies, entry.no)));
  });
}

function toFilter(query: K8sAuditQuery): FilterNode | null {
  const nodes: FilterNode[] = [];
  const equal = (field: string, ...values: (string | undefined)[]) => {
    const given = values.filter((value) => value !== undefined && value !== "") as string[];
    if (given.length > 0)
      nodes.push({ kind: "comparison", field, op: "in", values: given } satisfies FilterComparison);
  };
  equal("clusterId", query.cluster_uuid);
  equal("action", query.action);
  // The gateway's own work is a machine's.
  equal(
    "sourceType",
    ...(query.source_type === "Application" ? ["Application", "System"] : [query.source_type]),
  );
  equal("sourceId", query.source_id);
  equal("sourceName", query.source_name);
  equal("entityType", query.entity_type);
  equal("entityId", query.entity_id);
  if (query.success) equal("status", query.success === "true" ? "Succeeded" : "Failed");
  return nodes.length === 0 ? null : { kind: "and", nodes };
}

function toRecord(entry: EventEntry, { requestBody, after }: EventBody): K8sAuditRecord {
  return {
    id: entry.no,
    clusterUuid: entry.clusterId ?? undefined,
    tenantId: TENANT_ID,
    happenedAt: entry.happenedAt,
    action: entry.action,
    version: RECORD_VERSION,
    entityId: entry.entityId ?? undefined,
    entityType: entry.entityType,
    entityName: entry.entityName ?? undefined,
    sourceType: sourceTypeOf(entry),
    sourceId: entry.sourceId ?? undefined,
    sourceName: entry.sourceName ?? "",
    error: entry.error ?? undefined,
    context: { user_agent: entry.userAgent ?? undefined, ip_address: entry.sourceIp ?? undefined },
    body: asObject(requestBody ?? after),
  };
}

/** The log knows people and machines; the gateway's own work is a machine's. */
export function sourceTypeOf({ sourceType }: EventEntry): "User" | "Application" {
  return sourceType === "User" ? "User" : "Application";
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : { value };
}
