"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { RecordStatus } from "../../lib/audit/overview/schema.ts";
import { requestJson } from "./request-json.ts";

const AGAIN_MS = 60_000;
/** After a failure it is asked again sooner. */
const AGAIN_AFTER_FAILURE_MS = 10_000;

const RECORD_STATUS = queryOptions({
  queryKey: ["record-status"],
  queryFn: ({ signal }) => requestJson("/api/v1/record-status", RecordStatus, { signal }),
  refetchInterval: ({ state }) => (state.error ? AGAIN_AFTER_FAILURE_MS : AGAIN_MS),
  // A tab that was hidden has not asked meanwhile.
  refetchOnWindowFocus: true,
  retry: false,
});

/** What was checked of the record's state, how far it goes, and from when on it is kept; asked for again every minute. */
export function useRecordStatus(enabled = true): RecordStatus["record"] | null {
  return useQuery({ ...RECORD_STATUS, enabled }).data?.record ?? null;
}

/** When the record's state was last told (null while it was not), and whether asking again has failed since. */
export function useRecordStatusAsked(): { checkedAt: number | null; isStale: boolean } {
  const { data, dataUpdatedAt, isError } = useQuery(RECORD_STATUS);
  return { checkedAt: data ? dataUpdatedAt : null, isStale: isError };
}

/** The instant before which nothing is kept any more; null where everything is, or while that is not known. */
export function useKeptFrom(): number | null {
  const keptFrom = useRecordStatus()?.keptFrom ?? null;
  return keptFrom === null ? null : Date.parse(keptFrom);
}
