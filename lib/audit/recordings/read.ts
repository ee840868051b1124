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
import { type RecordingEntry, type RecordingList, searchToRecordingFilter } from "./schema.ts";
import { RECORDING_SURFACE } from "./surface.ts";

/** What the words of a query for recordings mean. */
export function readRecordingQuery(query: QueryText, now?: Date): ReadQuery {
  return readQuery(RECORDING_SURFACE, query, { searchToFilter: searchToRecordingFilter, now });
}

const RECORDINGS: ReadableSurface<RecordingEntry> = {
  surface: RECORDING_SURFACE,
  entityType: "Recording",
  readQuery: readRecordingQuery,
  toEntries,
};

/** A page of Pod Session Recordings, newest first. */
export const listRecordings = (input: ReadInput<ListQuery>): Promise<RecordingList> =>
  listEntries(RECORDINGS, input);

/** How many recordings match. */
export const countRecordings = (input: ReadInput): Promise<AuditCount> => countEntries(RECORDINGS, input);

/** Recordings over time by result. */
export const histogramRecordings = (input: ReadInput): Promise<AuditHistogram> =>
  histogramOfEntries(RECORDINGS, input);

/** The most frequent values of each facet among the matching recordings. */
export const facetRecordings = (input: ReadInput): Promise<AuditFacets> => facetsOfEntries(RECORDINGS, input);

/** Tells of matching recordings as they are committed: when their sessions have ended. */
export const streamRecordings = (
  input: ReadInput<QueryText & { afterNo: number }> & { signal: AbortSignal },
): ReadableStream<Uint8Array> => streamEntries(RECORDINGS, input);
