import { createHash, type Hash } from "node:crypto";
import { type AuditQuery, readAudit } from "../query/audit-query.ts";
import type { RowKey } from "../query/cursor.ts";
import { createEncoder } from "./encode.ts";
import { inTurn } from "./places.ts";
import { EXPORT_SOURCES, type WriteNextRows, type WrittenRows } from "./source.ts";
import type { ExportTicket } from "./ticket.ts";

/** A place between two rows where writing can go on. */
export interface Checkpoint {
  /** The last row before it; null at the start. */
  after: RowKey | null;
  rows: number;
  bytes: number;
  /** Of the bytes before it. */
  hash: Hash;
}

export const startOfFile = (): Checkpoint => ({ after: null, rows: 0, bytes: 0, hash: createHash("sha256") });

const ROWS_A_BATCH = 1_000;
/** A batch that finds little in much may take long; nobody waits for a page here. */
const BATCH_MS = 120_000;

/**
 * The file's bytes from a checkpoint on, in chunks: a batch of rows is read and written while the one before is sent, and nothing else is held.
 * `onCheckpoint` is called after each batch. Returns what the whole file came to.
 */
export async function* writeFile(
  ticket: ExportTicket,
  query: AuditQuery,
  from: Checkpoint,
  onCheckpoint: (checkpoint: Checkpoint) => void,
): AsyncGenerator<Buffer, Checkpoint> {
  const source = EXPORT_SOURCES[ticket.source];
  const encoder = createEncoder(ticket.format, source.columns, ticket);
  const read = batchReader(ticket, query, source.createWriter(encoder));
  const at = { ...from, hash: from.hash.copy() };
  const counted = (bytes: Buffer): Buffer => {
    at.bytes += bytes.length;
    at.hash.update(bytes);
    return bytes;
  };
  if (at.bytes === 0) {
    yield counted(Buffer.from(encoder.head));
    onCheckpoint({ ...at, hash: at.hash.copy() });
  }
  let reading = read(at);
  for (;;) {
    const { rows, last, chunks } = await reading;
    at.after = last ?? at.after;
    at.rows += rows;
    const more = rows === ROWS_A_BATCH;
    if (more) {
      reading = read(at);
      // It is awaited after the bytes below were taken; a failure until then is not unhandled.
      reading.catch(() => {});
    }
    for (const chunk of chunks) yield counted(chunk);
    if (rows > 0) onCheckpoint({ ...at, hash: at.hash.copy() });
    if (!more) break;
  }
  if (encoder.tail) yield counted(Buffer.from(encoder.tail));
  return at;
}

function batchReader(
  ticket: ExportTicket,
  query: AuditQuery,
  writeNext: WriteNextRows,
): (at: Checkpoint) => Promise<WrittenRows> {
  return async ({ after, rows }) => {
    const left = ticket.maxRows === null ? ROWS_A_BATCH : Math.min(ROWS_A_BATCH, ticket.maxRows - rows);
    if (left <= 0) return { rows: 0, last: null, chunks: [] };
    const next = { limit: left, after, upToNo: ticket.upToNo, begun: rows > 0 };
    return inTurn(() => readAudit((run, runRaw) => writeNext({ run, runRaw }, query, next), BATCH_MS));
  };
}
