import { toEventEntries } from "../../audit/event-history/entries.ts";
import { EventEntry } from "../../audit/event-history/schema.ts";
import { EVENT_SURFACE } from "../../audit/event-history/surface.ts";
import type { FactRow } from "../../audit/query/rows.ts";
import type { Surface } from "../../audit/query/surface.ts";
import { toEntries as toRecordingEntries } from "../../audit/recordings/entries.ts";
import { RecordingEntry } from "../../audit/recordings/schema.ts";
import { RECORDING_SURFACE } from "../../audit/recordings/surface.ts";
import { toEntries as toRequestEntries } from "../../audit/request-audit/entries.ts";
import { RequestAuditEntry } from "../../audit/request-audit/schema.ts";
import { REQUEST_SURFACE } from "../../audit/request-audit/surface.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import type { StreamSurface } from "./schema.ts";

/** Where a surface's records are, and how its rows become entries. */
export interface RecordSource {
  surface: Surface;
  toEntries(run: RunSql, rows: readonly FactRow[]): Promise<object[]>;
  /** The fields of an entry, as the API tells them. */
  told: readonly string[];
}

export const SOURCES: Readonly<Record<StreamSurface, RecordSource>> = {
  requests: {
    surface: REQUEST_SURFACE,
    toEntries: toRequestEntries,
    told: Object.keys(RequestAuditEntry.shape),
  },
  events: { surface: EVENT_SURFACE, toEntries: toEventEntries, told: Object.keys(EventEntry.shape) },
  recordings: {
    surface: RECORDING_SURFACE,
    toEntries: toRecordingEntries,
    told: Object.keys(RecordingEntry.shape),
  },
};
