"use client";

import { ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { formatMinute } from "../time/format-time.ts";
import { useTimeZoneChoice } from "../time/time-zone.tsx";
import { useRecordStatus, useRecordStatusAsked } from "../use-record-status.ts";
import { ConnectionStatus } from "./connection-status.tsx";

/** The foot of the navigation: whether the record is whole, and how far it goes. */
export function RecordStatus() {
  const { timeZone } = useTimeZoneChoice();
  const asked = useRecordStatusAsked();
  if (!timeZone) return <div className="nav-proof" aria-hidden />;
  return (
    <ConnectionStatus timeZone={timeZone} {...asked}>
      <CheckedRecord timeZone={timeZone} />
    </ConnectionStatus>
  );
}

function CheckedRecord({ timeZone }: { timeZone: string }) {
  const record = useRecordStatus();
  if (!record) return null;
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
