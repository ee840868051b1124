"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { AuditOverview } from "../../../../lib/audit/overview/schema.ts";
import { rangeOfAddress, type TimeRange } from "../../../components/audit/range/time-range.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useRecordStatus } from "../../../components/use-record-status.ts";

export const LAST_DAY: TimeRange = { from: "now-24h", to: "now" };
const AGAIN_MS = 15_000;
const PARSERS = { from: parseAsString, to: parseAsString };

/** The range that the dashboard shows; it lives in the URL. */
export function useOverviewRange(): [TimeRange, (range: TimeRange) => void] {
  const [url, setUrl] = useQueryStates(PARSERS, { history: "push" });
  const range = useMemo(() => rangeOfAddress({ from: url.from, to: url.to }, LAST_DAY), [url.from, url.to]);
  const setRange = (next: TimeRange) => {
    const usual = next.from === LAST_DAY.from && next.to === LAST_DAY.to;
    void setUrl(usual ? { from: null, to: null } : { from: next.from, to: next.to });
  };
  return [range, setRange];
}

/** The dashboard's numbers, asked for again every 15 s while the page is in sight; old ones stay until new ones are there. */
export function useOverview(range: TimeRange, timeZone: string, isReadable: boolean) {
  const parameters = new URLSearchParams({ from: range.from, to: range.to, timeZone });
  return useQuery({
    queryKey: ["/api/v1/overview", range.from, range.to, timeZone],
    queryFn: ({ signal }) => requestJson(`/api/v1/overview?${parameters}`, AuditOverview, { signal }),
    enabled: isReadable,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

/** Whether nothing was ever recorded, asked only where the range has nothing (`isEmpty`); null until that is known. */
export function useIsFirstRun(isEmpty: boolean): boolean | null {
  const record = useRecordStatus(isEmpty);
  // What was known of the record a while ago says nothing where there are calls by now.
  return isEmpty ? record && record.lastNo === 0 : false;
}
