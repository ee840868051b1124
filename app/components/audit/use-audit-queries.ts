"use client";

import { useCallback, useMemo, useState } from "react";
import type { FieldSet } from "../../../lib/filter/fields.ts";
import { parseFilter } from "../../../lib/filter/parse.ts";
import type { AuditQuery } from "./audit-query.ts";
import { readRange, resolveRange } from "./range/time-range.ts";
import { filterWithin } from "./scope/opened-scope.ts";
import type { AuditUrl } from "./use-audit-url.ts";

/**
 * What the page asks for. "Now" and "today" are fixed until one refreshes, so that rows, counts and bars speak of the same; while
 * watching, the numbers around the table follow the clock (`followClock`).
 */
export function useAuditQueries({
  url,
  fields,
  timeZone,
  started,
}: {
  url: AuditUrl;
  fields: FieldSet;
  timeZone: string;
  started: number;
}) {
  const [asOf, setAsOf] = useState({ now: started, epoch: 0 });
  const [summaryNow, setSummaryNow] = useState(0);
  const refresh = useCallback(() => setAsOf(({ epoch }) => ({ now: Date.now(), epoch: epoch + 1 })), []);
  const followClock = useCallback(() => setSummaryNow(Date.now()), []);

  const range = useMemo(() => resolveRange(url.range, asOf.now, timeZone), [url.range, asOf.now, timeZone]);
  const query = useMemo<AuditQuery>(
    () => ({
      window: range,
      words: url.range,
      timeZone,
      filter: filterWithin(url.scope, url.filter, fields),
      search: url.search,
    }),
    [range, url.range, timeZone, url.scope, url.filter, url.search, fields],
  );
  const brushed = useMemo<AuditQuery | null>(
    () => (url.brush ? { ...query, window: url.brush, words: undefined } : null),
    [query, url.brush],
  );
  const summaryQuery = useMemo<AuditQuery>(
    () =>
      summaryNow > asOf.now ? { ...query, window: resolveRange(url.range, summaryNow, timeZone) } : query,
    [summaryNow, asOf.now, query, url.range, timeZone],
  );
  const isRangeReadable = useMemo(
    () => readRange(url.range, asOf.now, timeZone) !== null,
    [url.range, asOf.now, timeZone],
  );
  const isFilterReadable = useMemo(() => parseFilter(url.filter, fields).ok, [url.filter, fields]);
  const isReadable = isRangeReadable && isFilterReadable;
  return {
    now: Math.max(asOf.now, summaryNow),
    epoch: asOf.epoch,
    summaryEpoch: asOf.epoch + summaryNow,
    isRangeReadable,
    /** Range and filter: without either there is nothing to ask for. */
    isReadable,
    query,
    brushed,
    summaryQuery,
    /** What the rows are asked for; null where the address cannot be read. */
    rowQuery: isReadable ? (brushed ?? query) : null,
    refresh,
    followClock,
  };
}
