import { type QueryText, type ReadQuery, readQuery } from "../query/audit-query.ts";
import {
  countEntries,
  facetsOfEntries,
  histogramOfEntries,
  type ListQuery,
  listEntries,
  type ReadableSurface,
  type ReadInput,
  streamEntries,
} from "../query/readable-surface.ts";
import type { AuditCount, AuditFacets, AuditHistogram } from "../query/schema.ts";
import { toEntries } from "./entries.ts";
import { type RequestAuditEntry, type RequestAuditList, searchToFilter } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

/** What the words of a Request Audit query mean. */
export function readRequestQuery(query: QueryText, now?: Date): ReadQuery {
  return readQuery(REQUEST_SURFACE, query, { searchToFilter, now });
}

const REQUESTS: ReadableSurface<RequestAuditEntry> = {
  surface: REQUEST_SURFACE,
  entityType: "RequestAudit",
  readQuery: readRequestQuery,
  toEntries,
};

/** A page of Request Audit, newest first. */
export const listRequests = (input: ReadInput<ListQuery>): Promise<RequestAuditList> =>
  listEntries(REQUESTS, input);

/** How many calls match. */
export const countRequests = (input: ReadInput): Promise<AuditCount> => countEntries(REQUESTS, input);

/** Calls over time by result. */
export const histogramRequests = (input: ReadInput): Promise<AuditHistogram> =>
  histogramOfEntries(REQUESTS, input);

/** The most frequent values of each facet among the matching calls. */
export const facetRequests = (input: ReadInput): Promise<AuditFacets> => facetsOfEntries(REQUESTS, input);

/** Tells of matching calls as they are committed. */
export const streamRequests = (
  input: ReadInput<QueryText & { afterNo: number }> & { signal: AbortSignal },
): ReadableStream<Uint8Array> => streamEntries(REQUESTS, input);
