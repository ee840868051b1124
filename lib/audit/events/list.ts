import type { Context } from "../../context.ts";
import { prepareQuery, type QueryText, type ReadQuery, readAudit, readQuery } from "../query/audit-query.ts";
import { formatCursor, readCursor } from "../query/cursor.ts";
import { recordSearch } from "../query/record-read.ts";
import { keyOfRow, readRows } from "../query/rows.ts";
import type { AuditScope } from "../scope.ts";
import { toEventEntries } from "./entries.ts";
import { EVENT_WINDOW_DAYS, type EventList, searchToEventFilter } from "./schema.ts";
import { EVENT_SURFACE } from "./surface.ts";

export interface ListEventsQuery extends QueryText {
  limit: number;
  cursor?: string;
  /** Only events with a higher number: what a live tail has not seen. */
  afterNo?: number;
}

/** What the words of an Event History query mean. The default window is the last 30 days. */
export function readEventQuery(query: QueryText, now?: Date): ReadQuery {
  const words = { ...query, from: query.from ?? `today-${EVENT_WINDOW_DAYS - 1}d` };
  return readQuery(EVENT_SURFACE, words, {
    searchToFilter: searchToEventFilter,
    now,
    maxDays: EVENT_WINDOW_DAYS,
  });
}

/**
 * A page of Event History, newest first. A search is itself an event, once for all of its pages.
 * @throws AppError `invalid_argument` for a filter, cursor or window (at most 30 days) that cannot be read.
 */
export async function listEvents(input: {
  ctx: Context;
  scope: AuditScope;
  query: ListEventsQuery;
}): Promise<EventList> {
  const { ctx, scope, query } = input;
  const read = readEventQuery(query);
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  await recordSearch(ctx, "EventHistory", read);
  return readAudit(async (run) => {
    const prepared = await prepareQuery(run, { surface: EVENT_SURFACE, scope, ...read });
    const { limit, afterNo } = query;
    const rows = await readRows(run, prepared, { limit: limit + 1, after, afterNo });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const next = last ? formatCursor(keyOfRow(last, EVENT_SURFACE.time)) : null;
    return { entries: await toEventEntries(run, page), next };
  });
}
