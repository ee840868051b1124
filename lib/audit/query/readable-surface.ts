import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { recordEventAlone } from "../events/record.ts";
import type { RunSql } from "../store/sql.ts";
import { type AuditQuery, prepareQuery, type QueryText, type ReadQuery, readAudit } from "./audit-query.ts";
import { countRows } from "./count.ts";
import { formatCursor, readCursor } from "./cursor.ts";
import { readFacets } from "./facets.ts";
import { readHistogram } from "./histogram.ts";
import { lastNoOf } from "./last-no.ts";
import { streamCommitted } from "./live.ts";
import { readRowsAtOffset } from "./offset.ts";
import { type ReadEntity, recordSearch } from "./record-read.ts";
import { type FactRow, keyOfRow, readRows } from "./rows.ts";
import type { AuditCount, AuditFacets, AuditHistogram } from "./schema.ts";
import type { AuditScope } from "./scope.ts";
import type { Order } from "./spans.ts";
import type { Surface } from "./surface.ts";

/** What reading needs to know of a surface. */
export interface ReadableSurface<Entry> {
  surface: Surface;
  /** What Event History calls it: each search is an event, once for all that is read of it. */
  entityType: ReadEntity;
  /** What the words of a query mean. @throws AppError `invalid_argument` for a filter or a window that cannot be read. */
  readQuery(query: QueryText, now?: Date): ReadQuery;
  toEntries(run: RunSql, rows: readonly FactRow[]): Promise<Entry[]>;
}

export interface ReadInput<Query extends QueryText = QueryText> {
  ctx: Context;
  scope: AuditScope;
  query: Query;
}

export interface ListQuery extends QueryText {
  limit: number;
  cursor?: string;
  /** Only entries with a higher number: what a live tail has not seen. */
  afterNo?: number;
  /** Newest first unless said otherwise. */
  order?: Order;
  /** Entries of the order that are passed over. */
  offset?: number;
}

/** A page, newest first unless asked otherwise. @throws AppError `invalid_argument` for a cursor that cannot be read, too. */
export async function listEntries<Entry>(
  of: ReadableSurface<Entry>,
  { ctx, scope, query }: ReadInput<ListQuery>,
): Promise<{ entries: Entry[]; next: string | null }> {
  const read = of.readQuery(query);
  const readPage = pageReader(query);
  await recordSearch(ctx, of.entityType, read);
  return readAudit(async (run) => {
    const prepared = await prepareQuery(run, { surface: of.surface, scope, ...read });
    const { limit } = query;
    const rows = await readPage(run, prepared, limit + 1);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const next = last ? formatCursor(keyOfRow(last, of.surface.time)) : null;
    return { entries: await of.toEntries(run, page), next };
  });
}

type PageReader = (run: RunSql, prepared: AuditQuery, limit: number) => Promise<FactRow[]>;

/** How the rows of a page are found: after a cursor, or from a place in the order on. */
function pageReader({ cursor, afterNo, offset, order = "newest" }: ListQuery): PageReader {
  const after = cursor === undefined ? null : readCursor(cursor);
  if (offset === undefined)
    return (run, prepared, limit) => readRows(run, prepared, { limit, after, afterNo, order });
  if (cursor === undefined && afterNo === undefined)
    return (run, prepared, limit) => readRowsAtOffset(run, prepared, { offset, limit, order });
  const other = cursor === undefined ? "afterNo" : "cursor";
  const details = [{ field: "offset", got: String(offset), takes: `no offset where there is ${other}` }];
  throw new AppError("invalid_argument", `offset and ${other} do not go together. Leave one of them out.`, {
    details,
  });
}

/** How many match; see `countRows` for where counting stops. */
export function countEntries(of: ReadableSurface<unknown>, input: ReadInput): Promise<AuditCount> {
  return summarize(of, input, countRows);
}

/** Successes and failures over time. */
export function histogramOfEntries(of: ReadableSurface<unknown>, input: ReadInput): Promise<AuditHistogram> {
  return summarize(of, input, readHistogram);
}

/** The most frequent values of each facet among what matches. */
export function facetsOfEntries(of: ReadableSurface<unknown>, input: ReadInput): Promise<AuditFacets> {
  return summarize(of, input, readFacets);
}

async function summarize<T>(
  of: ReadableSurface<unknown>,
  { ctx, scope, query }: ReadInput,
  read: (run: RunSql, prepared: AuditQuery) => Promise<T>,
): Promise<T> {
  const words = of.readQuery(query);
  await recordSearch(ctx, of.entityType, words);
  return readAudit(async (run) =>
    read(run, await prepareQuery(run, { surface: of.surface, scope, ...words })),
  );
}

/** A live list that ends because its reader's right did is an event; one that the reader closes is none. */
function recordWithdrawnRight(live: { ctx: Context; entityType: ReadEntity; signal: AbortSignal }): void {
  const { ctx, entityType, signal } = live;
  const onAbort = () => {
    if (!(signal.reason instanceof AppError)) return;
    recordEventAlone(ctx, {
      action: "View",
      operation: "End",
      entityType,
      entityName: "live list",
      status: "Failed",
      error: signal.reason.message,
    }).catch((err: unknown) => log.error({ err }, "the end of a live list could not be recorded"));
  };
  signal.addEventListener("abort", onAbort, { once: true });
}

const MOST_NEWS = 200;

/** Tells of matching entries as they are committed, as server-sent events; see `streamCommitted`. */
export function streamEntries<Entry>(
  of: ReadableSurface<Entry>,
  { ctx, scope, query, signal }: ReadInput<QueryText & { afterNo: number }> & { signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const { stream } = of.surface;
  // What cannot be read is refused before the stream begins.
  of.readQuery(query);
  recordWithdrawnRight({ ctx, entityType: of.entityType, signal });
  const readNew = async (afterNo: number) => {
    // The window's words are read anew: "today" goes on.
    const read = of.readQuery(query);
    await recordSearch(ctx, of.entityType, read);
    return readAudit(async (run) => {
      const prepared = await prepareQuery(run, { surface: of.surface, scope, ...read });
      const lastNo = await lastNoOf(run, stream);
      const rows = lastNo > afterNo ? await readRows(run, prepared, { limit: MOST_NEWS + 1, afterNo }) : [];
      if (rows.length === 0) return { lastNo, data: null };
      const entries = await of.toEntries(run, rows.slice(0, MOST_NEWS));
      return { lastNo, data: { lastNo, entries, more: rows.length > MOST_NEWS } };
    });
  };
  return streamCommitted({ stream, afterNo: query.afterNo, signal, readNew });
}
