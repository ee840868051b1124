import { lastNoOf } from "../query/last-no.ts";
import type { AuditScope } from "../query/scope.ts";
import { LEDGER_ID, type LedgerStream, SURFACE_OF } from "../store/ledger.ts";
import { PARTITIONED_TABLES } from "../store/partitions.ts";
import type { RunSql } from "../store/sql.ts";
import { findNextNo } from "./find-next-no.ts";

/** A row of a stream's table: its number, its time, and the columns that were asked for. */
export type RecordRow = Record<string, unknown> & { no: number; at: Date };

/** Numbers from one to another, both among them. */
export interface NumberRange {
  from: number;
  to: number;
}

export interface RecordPage {
  stream: LedgerStream;
  /** In order of No. */
  rows: RecordRow[];
  /** Numbers between `after` and `upTo` that were given and have no row (any more): dropped by retention, or deleted. */
  gone: NumberRange[];
  /** Where the next page goes on. */
  upTo: number;
  /** The last number that was given. */
  lastNo: number;
}

export interface RecordRead {
  /** Shows the right to everybody's records: `readRecord` leaves out none. */
  scope: AuditScope;
  stream: LedgerStream;
  /** Numbers above. */
  after: number;
  /** Numbers a page, and so its memory: a row takes some kilobytes at most. */
  limit: number;
  /** Columns of the stream's table besides number and time. */
  columns: readonly string[];
  /** The time of the last row that was read, where it is known: the next ones are looked for around it first. */
  near: Date | null;
}

/**
 * Reads the next records in order of No. Every number up to the ledger's last has been committed, as the ledger's row is locked from the taking of a
 * number to its commit, whichever replica takes it: none comes later, and a page is whole when it has as many rows as numbers. Numbers
 * without a row are named. Each statement may have a snapshot of its own.
 * @throws Error where `scope` is not that of all, and RecordWentBackError.
 */
export async function readRecord(run: RunSql, read: RecordRead): Promise<RecordPage> {
  if (read.scope.kind !== "all")
    throw new Error("readRecord: scope got own: takes that of everybody's records");
  const { stream, after } = read;
  const lastNo = await lastNoOf(run, stream);
  if (after > lastNo) throw new RecordWentBackError(stream, { after, lastNo });
  const upTo = Math.min(after + read.limit, lastNo);
  if (upTo === after) return { stream, rows: [], gone: [], upTo, lastNo };
  const rows = await readRange(run, read, upTo);
  if (rows.length > 0) return { stream, rows, gone: gapsIn(rows, after, upTo), upTo, lastNo };
  const next = await findNextNo(run, stream, { after: upTo, lastNo });
  const end = next === null ? lastNo : next - 1;
  return { stream, rows, gone: [{ from: after + 1, to: end }], upTo: end, lastNo };
}

/** The record ends before what was read of it: another database, or an older state of it. */
class RecordWentBackError extends Error {
  constructor(stream: LedgerStream, { after, lastNo }: { after: number; lastNo: number }) {
    super(
      `${SURFACE_OF[stream]} was read to No ${after} and ends at No ${lastNo}: its numbers went back, as with the backup of an earlier time`,
    );
  }
}

const DAY_MS = 86_400_000;

/** Numbers grow with time but for late ones (a journal of an earlier start): most pages are in the partitions around the last one's. */
async function readRange(run: RunSql, read: RecordRead, upTo: number): Promise<RecordRow[]> {
  if (read.near) {
    const rows = await selectRange(run, read, upTo, read.near.getTime());
    if (rows.length === upTo - read.after) return rows;
  }
  return selectRange(run, read, upTo, null);
}

function selectRange(
  run: RunSql,
  { stream, after, columns }: RecordRead,
  upTo: number,
  near: number | null,
): Promise<RecordRow[]> {
  const { column } = PARTITIONED_TABLES.find(({ table }) => table === stream)!;
  const around = near === null ? "" : ` AND ${column} >= $4::timestamptz AND ${column} < $5::timestamptz`;
  const days = near === null ? [] : [near - DAY_MS, near + DAY_MS].map((at) => new Date(at).toISOString());
  return run<RecordRow>(
    `SELECT ${["no", `${column} AS at`, ...columns].join(", ")} FROM ${stream}
     WHERE no > $1::bigint AND no <= $2::bigint AND ledger_id = $3::smallint${around} ORDER BY no`,
    [after, upTo, LEDGER_ID, ...days],
  );
}

function gapsIn(rows: readonly RecordRow[], after: number, upTo: number): NumberRange[] {
  const gaps: NumberRange[] = [];
  let next = after + 1;
  for (const no of [...rows.map((row) => row.no), upTo + 1]) {
    if (no > next) gaps.push({ from: next, to: no - 1 });
    next = no + 1;
  }
  return gaps;
}
