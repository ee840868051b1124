"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { RecordStatus as RecordStatusAnswer } from "../../../lib/audit/overview/schema.ts";
import { requestJson } from "../request-json.ts";
import { formatMinute } from "../time/format-time.ts";
import { useTimeZoneChoice } from "../time/time-zone.tsx";

/** The foot of the navigation: whether the record is whole, and how far it goes. */
export function RecordStatus() {
  const { timeZone } = useTimeZoneChoice();
  const { data } = useQuery({
    queryKey: ["record-status"],
    queryFn: ({ signal }) => requestJson("/api/v1/record-status", RecordStatusAnswer, { signal }),
    refetchInterval: 60_000,
    retry: false,
  });
  if (!data || !timeZone) return <div className="nav-proof" aria-hidden />;
  const { lastNo, checkedAt, intact } = data.record;
  const Icon = intact ? ShieldCheck : ShieldQuestionMark;
  return (
    <div className="nav-proof">
      <Icon aria-hidden className={intact ? "text-ok" : "text-fail"} />
      <b>{intact ? "Record intact" : "Record has gaps"}</b>
      <span className="tabular-nums">
        No {lastNo.toLocaleString("en-US")}, checked {formatMinute(Date.parse(checkedAt), timeZone)}
      </span>
    </div>
  );
}
