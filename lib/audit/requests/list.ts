import type { Context } from "../../context.ts";
import { prepareQuery, type QueryText, type ReadQuery, readAudit, readQuery } from "../query/audit-query.ts";
import { formatCursor, readCursor } from "../query/cursor.ts";
import { recordSearch } from "../query/record-read.ts";
import { keyOfRow, readRows } from "../query/rows.ts";
import type { AuditScope } from "../scope.ts";
import { toEntries } from "./entries.ts";
import { type RequestAuditList, searchToFilter } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

export interface ListRequestsQuery extends QueryText {
  limit: number;
  cursor?: string;
  /** Only entries with a higher number: what a live tail has not seen. */
  afterNo?: number;
}

/** What the words of a Request Audit query mean. */
export function readRequestQuery(query: QueryText, now?: Date): ReadQuery {
  return readQuery(REQUEST_SURFACE, query, { searchToFilter, now });
}

/**
 * A page of Request Audit, newest first. A search is itself an event, once for all of its pages.
 * @throws AppError `invalid_argument` for a filter, window or cursor that cannot be read, `unavailable` when the database does not answer.
 */
export async function listRequests(input: {
  ctx: Context;
  scope: AuditScope;
  query: ListRequestsQuery;
}): Promise<RequestAuditList> {
  const { ctx, scope, query } = input;
  const read = readRequestQuery(query);
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  await recordSearch(ctx, "RequestAudit", read);
  return readAudit(async (run) => {
    const prepared = await prepareQuery(run, { surface: REQUEST_SURFACE, scope, ...read });
    const { limit, afterNo } = query;
    const rows = await readRows(run, prepared, { limit: limit + 1, after, afterNo });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const next = last ? formatCursor(keyOfRow(last, REQUEST_SURFACE.time)) : null;
    return { entries: await toEntries(run, page), next };
  });
}
