import type { Context } from "../../context.ts";
import { prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { lastNoOf } from "../query/last-no.ts";
import { streamCommitted } from "../query/live.ts";
import { recordSearch } from "../query/record-read.ts";
import { readRows } from "../query/rows.ts";
import type { AuditScope } from "../scope.ts";
import { toEntries } from "./entries.ts";
import { readRequestQuery } from "./list.ts";
import type { RequestAuditNews } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

const MOST_ENTRIES = 200;

/** Tells of matching calls as they are committed, as server-sent events; see `streamCommitted`. */
export function streamRequests(input: {
  ctx: Context;
  scope: AuditScope;
  query: QueryText & { afterNo: number };
  signal: AbortSignal;
}): ReadableStream<Uint8Array> {
  const { ctx, scope, query, signal } = input;
  readRequestQuery(query);
  const readNew = async (afterNo: number) => {
    await recordSearch(ctx, "RequestAudit", readRequestQuery(query));
    return readAudit(async (run) => {
      // The window's words are read anew: "today" goes on.
      const prepared = await prepareQuery(run, {
        surface: REQUEST_SURFACE,
        scope,
        ...readRequestQuery(query),
      });
      const lastNo = await lastNoOf(run, REQUEST_SURFACE.stream);
      const rows =
        lastNo > afterNo ? await readRows(run, prepared, { limit: MOST_ENTRIES + 1, afterNo }) : [];
      if (rows.length === 0) return { lastNo, data: null };
      const entries = await toEntries(run, rows.slice(0, MOST_ENTRIES));
      const data: RequestAuditNews = { lastNo, entries, more: rows.length > MOST_ENTRIES };
      return { lastNo, data };
    });
  };
  return streamCommitted({ stream: REQUEST_SURFACE.stream, afterNo: query.afterNo, signal, readNew });
}
