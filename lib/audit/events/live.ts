import type { Context } from "../../context.ts";
import { prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { lastNoOf } from "../query/last-no.ts";
import { streamCommitted } from "../query/live.ts";
import { recordSearch } from "../query/record-read.ts";
import { readRows } from "../query/rows.ts";
import type { AuditScope } from "../scope.ts";
import { toEventEntries } from "./entries.ts";
import { readEventQuery } from "./list.ts";
import type { EventNews } from "./schema.ts";
import { EVENT_SURFACE } from "./surface.ts";

const MOST_ENTRIES = 200;

/** Tells of matching events as they are committed, as server-sent events; see `streamCommitted`. */
export function streamEvents(input: {
  ctx: Context;
  scope: AuditScope;
  query: QueryText & { afterNo: number };
  signal: AbortSignal;
}): ReadableStream<Uint8Array> {
  const { ctx, scope, query, signal } = input;
  readEventQuery(query);
  const readNew = async (afterNo: number) => {
    await recordSearch(ctx, "EventHistory", readEventQuery(query));
    return readAudit(async (run) => {
      const prepared = await prepareQuery(run, { surface: EVENT_SURFACE, scope, ...readEventQuery(query) });
      const lastNo = await lastNoOf(run, EVENT_SURFACE.stream);
      const rows =
        lastNo > afterNo ? await readRows(run, prepared, { limit: MOST_ENTRIES + 1, afterNo }) : [];
      if (rows.length === 0) return { lastNo, data: null };
      const entries = await toEventEntries(run, rows.slice(0, MOST_ENTRIES));
      const data: EventNews = { lastNo, entries, more: rows.length > MOST_ENTRIES };
      return { lastNo, data };
    });
  };
  return streamCommitted({ stream: EVENT_SURFACE.stream, afterNo: query.afterNo, signal, readNew });
}
