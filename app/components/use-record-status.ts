"use client";

import { useQuery } from "@tanstack/react-query";
import { RecordStatus } from "../../lib/audit/overview/schema.ts";
import { requestJson } from "./request-json.ts";

/** Whether the record is whole, how far it goes, and from when on it is kept; asked for again every minute. */
export function useRecordStatus(enabled = true): RecordStatus["record"] | null {
  const { data } = useQuery({
    queryKey: ["record-status"],
    queryFn: ({ signal }) => requestJson("/api/v1/record-status", RecordStatus, { signal }),
    enabled,
    refetchInterval: 60_000,
    retry: false,
  });
  return data?.record ?? null;
}

/** The instant before which nothing is kept any more; null where everything is, or while that is not known. */
export function useKeptFrom(): number | null {
  const keptFrom = useRecordStatus()?.keptFrom ?? null;
  return keptFrom === null ? null : Date.parse(keptFrom);
}
