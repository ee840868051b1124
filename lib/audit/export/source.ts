import { type StoredEvent, toEventEntries } from "../events/entries.ts";
import { bodyOf, readEventBodies } from "../events/get.ts";
import { EventEntry } from "../events/schema.ts";
import { EVENT_SURFACE } from "../events/surface.ts";
import { toLogRecord } from "../log/audit-log.ts";
import { AuditLogRecord } from "../log/schema.ts";
import type { AuditQuery } from "../query/audit-query.ts";
import type { RowKey } from "../query/cursor.ts";
import { type FactRow, keyOfRow, type PageInput, readRawRows, readRows } from "../query/rows.ts";
import type { Surface } from "../query/surface.ts";
import { REQUEST_SURFACE } from "../requests/surface.ts";
import type { RawRow, RunRawSql, RunSql } from "../sql.ts";
import { Chunks } from "./chunks.ts";
import type { Encoder } from "./encode.ts";
import { FILE_COLUMNS, REQUEST_FIELDS } from "./request-columns.ts";
import { createRequestRowWriter } from "./request-rows.ts";
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

export const EXPORT_SOURCES: Record<ExportSourceName, ExportSource> = {
  "request-audit": { surface: REQUEST_SURFACE, columns: REQUEST_FIELDS, createWriter: writeRequests },
  "event-history": {
    surface: EVENT_SURFACE,
    columns: Object.keys(EventEntry.shape),
    createWriter: writeEntries(toEventEntries),
  },
  "audit-log": {
    surface: EVENT_SURFACE,
    columns: Object.keys(AuditLogRecord.shape),
    createWriter: writeEntries(toLogRecords),
  },
};

/** Those of the file, and what else a row's key holds. */
const COLUMNS = [...FILE_COLUMNS.map(({ sql }) => sql), "ledger_id"];
const AT = REQUEST_FIELDS.indexOf("executedAt");
const NO = REQUEST_FIELDS.indexOf("no");
const LEDGER = FILE_COLUMNS.length;

/** Calls are many: their columns become text without an entry in between. */
function writeRequests(encoder: Encoder): WriteNextRows {
  const writer = createRequestRowWriter(encoder);
  return async (sql, query, { begun, ...next }) => {
    const batch = writer.begin(begun);
    let last: RawRow | undefined;
    const onRow = (row: RawRow) => {
      last = row;
      batch.add(row);
    };
    const rows = await readRawRows(sql, query, { ...next, columns: COLUMNS, onRow });
    return { rows, last: last ? keyOf(last) : null, chunks: await batch.end(sql.run) };
  };
}

const keyOf = (row: RawRow): RowKey => ({
  time: Number(row[AT]),
  ledgerId: Number(row[LEDGER]),
  no: Number(row[NO]),
});

function writeEntries(
  toEntries: (run: RunSql, rows: readonly FactRow[]) => Promise<object[]>,
): (encoder: Encoder) => WriteNextRows {
  return (encoder) =>
    async ({ run }, query, next) => {
      const rows = await readRows(run, query, next);
      const chunks = new Chunks();
      for (const [index, entry] of (await toEntries(run, rows)).entries()) {
        chunks.add(encoder.lead(!next.begun && index === 0) + encoder.entry(entry));
      }
      const last = rows.at(-1);
      const key = last ? keyOfRow(last, query.surface.time) : null;
      return { rows: rows.length, last: key, chunks: chunks.end() };
    };
}

async function toLogRecords(run: RunSql, rows: readonly FactRow[]): Promise<object[]> {
  const bodies = await readEventBodies(run, rows as readonly StoredEvent[]);
  const entries = await toEventEntries(run, rows);
  return entries.map((entry) => toLogRecord(entry, bodyOf(bodies, entry.no)));
}
