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
import { toEventEntries } from "./entries.ts";
import { EVENT_WINDOW_DAYS, type EventEntry, type EventList, searchToEventFilter } from "./schema.ts";
import { EVENT_SURFACE } from "./surface.ts";

/** What the words of an Event History query mean. The default window is the last 30 days, which is also the longest. */
export function readEventQuery(query: QueryText, now?: Date): ReadQuery {
  const words = { ...query, from: query.from ?? `today-${EVENT_WINDOW_DAYS - 1}d` };
  return readQuery(EVENT_SURFACE, words, {
    searchToFilter: searchToEventFilter,
    now,
    maxDays: EVENT_WINDOW_DAYS,
  });
}

const EVENTS: ReadableSurface<EventEntry> = {
  surface: EVENT_SURFACE,
  entityType: "EventHistory",
  readQuery: readEventQuery,
  toEntries: toEventEntries,
};

/** A page of Event History, newest first. */
export const listEvents = (input: ReadInput<ListQuery>): Promise<EventList> => listEntries(EVENTS, input);

/** How many events match. */
export const countEvents = (input: ReadInput): Promise<AuditCount> => countEntries(EVENTS, input);

/** Events over time by status; `success` counts Succeeded. */
export const histogramEvents = (input: ReadInput): Promise<AuditHistogram> =>
  histogramOfEntries(EVENTS, input);

/** The most frequent values of each facet among the matching events. */
export const facetEvents = (input: ReadInput): Promise<AuditFacets> => facetsOfEntries(EVENTS, input);

/** Tells of matching events as they are committed. */
export const streamEvents = (
  input: ReadInput<QueryText & { afterNo: number }> & { signal: AbortSignal },
): ReadableStream<Uint8Array> => streamEntries(EVENTS, input);
