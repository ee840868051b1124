import { instantText, type ResolvedRange, type TimeRange } from "./range/time-range.ts";

/** What the page asks for: a window of time, a filter and a search. */
export interface AuditQuery {
  window: ResolvedRange;
  /** The window in words, for what goes on reading it ("today", "now-1h"): the live tail. */
  words?: TimeRange;
  timeZone: string;
  filter: string;
  search: string;
}

/** The query string that every endpoint of a surface takes. */
export function queryString(query: AuditQuery, more: Record<string, string | number | null> = {}): string {
  const parameters = new URLSearchParams({
    from: instantText(query.window.from),
    to: instantText(query.window.to),
    timeZone: query.timeZone,
  });
  if (query.filter) parameters.set("filter", query.filter);
  if (query.search) parameters.set("search", query.search);
  for (const [name, value] of Object.entries(more)) if (value !== null) parameters.set(name, String(value));
  return parameters.toString();
}

/** The query string of the live tail, whose window moves on with the clock. */
export function liveQueryString(query: AuditQuery): string {
  const parameters = new URLSearchParams(queryString(query));
  if (query.words) {
    parameters.set("from", query.words.from);
    parameters.set("to", query.words.to);
  }
  return parameters.toString();
}
