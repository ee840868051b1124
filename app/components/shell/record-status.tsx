"use client";

import { ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { formatMinute } from "../time/format-time.ts";
import { useTimeZoneChoice } from "../time/time-zone.tsx";
import { useRecordStatus } from "../use-record-status.ts";

/** The foot of the navigation: whether the record is whole, and how far it goes. */
export function RecordStatus() {
  const { timeZone } = useTimeZoneChoice();
  const record = useRecordStatus();
  if (!record || !timeZone) return <div className="nav-proof" aria-hidden />;
  const { lastNo, checkedAt, intact } = record;
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
