import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import { RECORDINGS } from "../columns/recordings/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { type StoredEvent, toEventEntries } from "../event-history/entries.ts";
import { bodyOf, readEventBodies } from "../event-history/get.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import { toLogRecord } from "../log/audit-log.ts";
import { AuditLogRecord } from "../log/schema.ts";
import type { AuditQuery } from "../query/audit-query.ts";
import type { RowKey } from "../query/cursor.ts";
import { type FactRow, keyOfRow, type PageInput, readRawRows, readRows } from "../query/rows.ts";
import type { Surface } from "../query/surface.ts";
import { RECORDING_SURFACE } from "../recordings/surface.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import type { RawRow, RunRawSql, RunSql } from "../store/sql.ts";
import { Chunks } from "./chunks.ts";
import type { Encoder } from "./encode.ts";
import { type FileColumns, fileColumns } from "./file-columns.ts";
import { createRowWriter } from "./row-writer.ts";
import type { ExportSourceName } from "./schema.ts";

/** Some rows of a file, written. */
export interface WrittenRows {
  rows: number;
  /** The last of them; null where there is none. */
  last: RowKey | null;
  /** Each ends between two rows. */
  chunks: Buffer[];
}

/** Reads and writes a file's next rows. `begun`: rows stand before them. */
export type WriteNextRows = (
  sql: { run: RunSql; runRaw: RunRawSql },
  query: AuditQuery,
  next: PageInput & { begun: boolean },
) => Promise<WrittenRows>;

/** What is exported: whose rows, in which words. */
export interface ExportSource {
  surface: Surface;
  /** The fields of an entry, in the order of the file. */
  columns: readonly string[];
  createWriter(encoder: Encoder): WriteNextRows;
}

/** Calls of `kube_request`, events of `audit_event`, and recordings. */
export const REQUEST_COLUMNS = fileColumns(REQUEST_AUDIT, "executedAt");
export const EVENT_COLUMNS = fileColumns(EVENT_HISTORY, "happenedAt");
const RECORDING_COLUMNS = fileColumns(RECORDINGS, "startedAt");

export const EXPORT_SOURCES: Record<ExportSourceName, ExportSource> = {
  "request-audit": {
    surface: REQUEST_SURFACE,
    columns: REQUEST_COLUMNS.fields,
    createWriter: writeColumns(REQUEST_COLUMNS),
  },
  "event-history": {
    surface: EVENT_SURFACE,
    columns: EVENT_COLUMNS.fields,
    createWriter: writeColumns(EVENT_COLUMNS),
  },
  recordings: {
    surface: RECORDING_SURFACE,
    columns: RECORDING_COLUMNS.fields,
    createWriter: writeColumns(RECORDING_COLUMNS),
  },
  "audit-log": {
    surface: EVENT_SURFACE,
    columns: Object.keys(AuditLogRecord.shape),
    createWriter: writeLogRecords,
  },
};

/** Rows are many: their columns become text without an entry in between. */
function writeColumns({ fields, columns, time }: FileColumns): (encoder: Encoder) => WriteNextRows {
  const sqlOf = [...columns.map(({ sql }) => sql), "ledger_id"];
  const at = fields.indexOf(time);
  const number = fields.indexOf("no");
  const keyOf = (row: RawRow): RowKey => ({
    time: Number(row[at]),
    ledgerId: Number(row[columns.length]),
    no: Number(row[number]),
  });
  return (encoder) => {
    const writer = createRowWriter(encoder, columns);
    return async (sql, query, { begun, ...next }) => {
      const batch = writer.begin(begun);
      let last: RawRow | undefined;
      const onRow = (row: RawRow) => {
        last = row;
        batch.add(row);
      };
      const rows = await readRawRows(sql, query, { ...next, columns: sqlOf, onRow });
      return { rows, last: last ? keyOf(last) : null, chunks: await batch.end(sql.run) };
    };
  };
}

/** A record has what changed in it, which is read by itself: records are made one by one. */
function writeLogRecords(encoder: Encoder): WriteNextRows {
  return async ({ run }, query, next) => {
    const rows: readonly FactRow[] = await readRows(run, query, next);
    const bodies = await readEventBodies(run, rows as readonly StoredEvent[]);
    const chunks = new Chunks();
    for (const [index, entry] of (await toEventEntries(run, rows)).entries()) {
      const record = toLogRecord(entry, bodyOf(bodies, entry.no));
      chunks.add(encoder.lead(!next.begun && index === 0) + encoder.entry(record));
    }
    const last = rows.at(-1);
    const key = last ? keyOfRow(last, query.surface.time) : null;
    return { rows: rows.length, last: key, chunks: chunks.end() };
  };
}
