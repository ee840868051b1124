import { createHash, type Hash } from "node:crypto";
import { type AuditQuery, readAudit } from "../query/audit-query.ts";
import type { RowKey } from "../query/cursor.ts";
import { type FactRow, keyOfRow, readRows } from "../query/rows.ts";
import { createEncoder } from "./encode.ts";
import { EXPORT_SOURCES } from "./source.ts";
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
 * The file's bytes from a checkpoint on, a batch of rows at a time: the next batch is read while this one is written, and nothing else is held.
 * `onCheckpoint` is called after each. Returns what the whole file came to.
 */
export async function* writeFile(
  ticket: ExportTicket,
  query: AuditQuery,
  from: Checkpoint,
  onCheckpoint: (checkpoint: Checkpoint) => void,
): AsyncGenerator<Buffer, Checkpoint> {
  const source = EXPORT_SOURCES[ticket.source];
  const encoder = createEncoder(ticket.format, source.columns, from.rows > 0);
  const at = { ...from, hash: from.hash.copy() };
  const write = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    at.bytes += bytes.length;
    at.hash.update(bytes);
    return bytes;
  };
  if (at.bytes === 0) {
    yield write(encoder.head);
    onCheckpoint({ ...at, hash: at.hash.copy() });
  }
  let reading = readBatch(ticket, query, at);
  for (;;) {
    const { rows, entries } = await reading;
    const last = rows.at(-1);
    if (last) at.after = keyOfRow(last, source.surface.time);
    at.rows += rows.length;
    const more = rows.length === ROWS_A_BATCH;
    if (more) {
      reading = readBatch(ticket, query, at);
      // It is awaited after the bytes below were taken; a failure until then is not unhandled.
      reading.catch(() => {});
    }
    if (rows.length > 0) {
      yield write(encoder.rows(entries));
      onCheckpoint({ ...at, hash: at.hash.copy() });
    }
    if (!more) break;
  }
  if (encoder.tail) yield write(encoder.tail);
  return at;
}

function readBatch(
  ticket: ExportTicket,
  query: AuditQuery,
  { after, rows }: Checkpoint,
): Promise<{ rows: FactRow[]; entries: object[] }> {
  const left = ticket.maxRows === null ? ROWS_A_BATCH : Math.min(ROWS_A_BATCH, ticket.maxRows - rows);
  if (left <= 0) return Promise.resolve({ rows: [], entries: [] });
  return readAudit(async (run) => {
    const found = await readRows(run, query, { limit: left, after, upToNo: ticket.upToNo });
    return { rows: found, entries: await EXPORT_SOURCES[ticket.source].toEntries(run, found) };
  }, BATCH_MS);
}
