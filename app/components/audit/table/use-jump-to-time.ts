"use client";

import { useCallback } from "react";
import { AuditCount } from "../../../../lib/audit/query/schema.ts";
import { requestJson } from "../../request-json.ts";
import { type AuditQuery, queryString } from "../audit-query.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import type { AuditUrl } from "../use-audit-url.ts";
import { MOST_ROWS, ROW_HEIGHT } from "./scroll-limits.ts";

/**
 * Scrolls the list to a time: rows before it in the order are counted. Where counting stops, or the place is too far for a scroll,
 * the part of the time from there on is selected instead.
 */
export function useJumpToTime({
  endpoint,
  query,
  url,
  isCounted,
  scrollTo,
}: {
  endpoint: string;
  /** What is listed; null where nothing can be asked. */
  query: AuditQuery | null;
  url: AuditUrl;
  /** The whole list is counted, so that every place of it can be scrolled to. */
  isCounted: boolean;
  scrollTo: (top: number) => void;
}): (time: number) => Promise<void> {
  return useCallback(
    async (time) => {
      if (!query) return;
      const { before, after } = partsAt(query.window, time, url.order === "oldest");
      const count = isCounted ? await countOf(endpoint, { ...query, window: before }) : null;
      if (count?.exact && count.count < MOST_ROWS) scrollTo(count.count * ROW_HEIGHT);
      else await url.setBrush(after);
    },
    [endpoint, query, url, isCounted, scrollTo],
  );
}

/** The window on both sides of a time, in the list's order. A list that begins with the newest has the whole second of the time. */
function partsAt({ from, to }: ResolvedRange, time: number, isOldestFirst: boolean) {
  const at = Math.min(to, Math.max(from, isOldestFirst ? time : time + 1_000));
  const [earlier, later] = [
    { from, to: at },
    { from: at, to },
  ];
  return isOldestFirst ? { before: earlier, after: later } : { before: later, after: earlier };
}

async function countOf(endpoint: string, query: AuditQuery): Promise<AuditCount> {
  if (query.window.to <= query.window.from) return { count: 0, exact: true };
  return requestJson(`${endpoint}/count?${queryString(query)}`, AuditCount);
}
