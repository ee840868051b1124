import { type StoredEvent, toEventEntries } from "../events/entries.ts";
import { bodyOf, readEventBodies } from "../events/get.ts";
import { EventEntry } from "../events/schema.ts";
import { EVENT_SURFACE } from "../events/surface.ts";
import { toLogRecord } from "../log/audit-log.ts";
import { AuditLogRecord } from "../log/schema.ts";
import type { FactRow } from "../query/rows.ts";
import type { Surface } from "../query/surface.ts";
import { toEntries } from "../requests/entries.ts";
import { RequestAuditEntry } from "../requests/schema.ts";
import { REQUEST_SURFACE } from "../requests/surface.ts";
import type { RunSql } from "../sql.ts";
import type { ExportSourceName } from "./schema.ts";

/** What is exported: whose rows, in which words. */
export interface ExportSource {
  surface: Surface;
  /** The fields of an entry, in the order of the file. */
  columns: readonly string[];
  toEntries(run: RunSql, rows: readonly FactRow[]): Promise<object[]>;
}

export const EXPORT_SOURCES: Record<ExportSourceName, ExportSource> = {
  "request-audit": { surface: REQUEST_SURFACE, columns: Object.keys(RequestAuditEntry.shape), toEntries },
  "event-history": {
    surface: EVENT_SURFACE,
    columns: Object.keys(EventEntry.shape),
    toEntries: toEventEntries,
  },
  "audit-log": {
    surface: EVENT_SURFACE,
    columns: Object.keys(AuditLogRecord.shape),
    toEntries: toLogRecords,
  },
};

async function toLogRecords(run: RunSql, rows: readonly FactRow[]): Promise<object[]> {
  const bodies = await readEventBodies(run, rows as readonly StoredEvent[]);
  const entries = await toEventEntries(run, rows);
  return entries.map((entry) => toLogRecord(entry, bodyOf(bodies, entry.no)));
}
