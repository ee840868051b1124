import type { Context } from "../../context.ts";
import { type StoredEvent, toEventEntries } from "../event-history/entries.ts";
import { bodyOf, type EventBody, readEventBodies } from "../event-history/get.ts";
import type { EventEntry } from "../event-history/schema.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import { type AuditQuery, prepareQuery, type ReadQuery, readAudit } from "../query/audit-query.ts";
import { countAllRows } from "../query/count.ts";
import { readRowsAtOffset } from "../query/offset.ts";
import { recordSearch } from "../query/record-read.ts";
import type { FactRow } from "../query/rows.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import { readFilterBy } from "./filter-by.ts";
import { RECORD_VERSION, sourceTypeOf, TENANT_ID } from "./k8s-audit.ts";
import { type AuditLogList, type AuditLogQuery, type AuditLogRecord, SORT_FIELDS } from "./schema.ts";
import { readSortedRows } from "./sorted-rows.ts";
import { readLogWindow } from "./window.ts";

/** What the log's own parameters mean. */
export function readLogQuery(query: { start?: string; end?: string; filterBy?: string }): ReadQuery {
  const now = new Date();
  return {
    window: readLogWindow(query, now),
    filter: readFilterBy(query.filterBy),
    reference: { now, timeZone: "UTC" },
  };
}

/** Events as `GET /api/v1/audit/log` lists them. A search is itself an event, its further pages are not. */
export async function listAuditLog(input: {
  ctx: Context;
  scope: AuditScope;
  query: AuditLogQuery;
}): Promise<AuditLogList> {
  const { ctx, scope, query } = input;
  const read = readLogQuery(query);
  await recordSearch(ctx, "EventHistory", read);
  return readAudit(async (run) => {
    const prepared = await prepareQuery(run, { surface: EVENT_SURFACE, scope, ...read });
    const total = await countAllRows(run, prepared);
    const rows = await readPage(run, prepared, query);
    const after = query.offset + rows.length;
    return {
      total,
      next: rows.length > 0 && after < total ? after : null,
      audit_logs: await toRecords(run, rows),
    };
  });
}

function readPage(run: RunSql, prepared: AuditQuery, query: AuditLogQuery): Promise<FactRow[]> {
  const { offset, numberOfSamples: limit, sortOrder } = query;
  const field = SORT_FIELDS[query.sortBy];
  const order = sortOrder === "asc" ? "oldest" : "newest";
  if (field === "happenedAt") return readRowsAtOffset(run, prepared, { offset, limit, order });
  return readSortedRows(run, prepared, { field, descending: sortOrder === "desc", offset, limit });
}

async function toRecords(run: RunSql, rows: readonly FactRow[]): Promise<AuditLogRecord[]> {
  const bodies = await readEventBodies(run, rows as readonly StoredEvent[]);
  const entries = await toEventEntries(run, rows);
  return entries.map((entry) => toLogRecord(entry, bodyOf(bodies, entry.no)));
}

/** One event in the log's words. */
export function toLogRecord(entry: EventEntry, { requestBody, after }: EventBody): AuditLogRecord {
  const sourceType = sourceTypeOf(entry);
  return {
    id: entry.no,
    tenant_id: TENANT_ID,
    version: RECORD_VERSION,
    timestamp: entry.happenedAt,
    happened_at: entry.happenedAt,
    action: entry.action,
    operation: entry.operation,
    result: entry.status,
    error: entry.error,
    subject: entry.sourceName ?? "",
    subject_type: sourceType,
    source_type: sourceType,
    source_id: entry.sourceId,
    source_name: entry.sourceName ?? "",
    source_ip: entry.sourceIp,
    entity_type: entry.entityType,
    entity_id: entry.entityId,
    entity_name: entry.entityName,
    cluster_id: entry.clusterId,
    cluster_name: entry.clusterName,
    cluster_uuid: entry.clusterId,
    context: { user_agent: entry.userAgent, ip_address: entry.sourceIp },
    body: requestBody ?? after ?? null,
  };
}
