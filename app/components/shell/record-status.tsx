"use client";

import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from "lucide-react";
import Link from "next/link";
import type { RecordStatus as Status } from "../../../lib/audit/overview/schema.ts";
import { formatMinute } from "../time/format-time.ts";
import { useTimeZoneChoice } from "../time/time-zone.tsx";
import { useRecordStatus, useRecordStatusAsked } from "../use-record-status.ts";
import { ConnectionStatus } from "./connection-status.tsx";

type Record = Status["record"];
type Surface = Record["surfaces"][number];
type Sink = Record["sinks"][number];

const PAGE_OF = {
  "Request Audit": "/audit/kubernetes/request-audit",
  "Event History": "/audit/event-history",
  "Pod Session Recordings": "/audit/kubernetes/recordings",
} as const;
const WORD_OF = {
  "Request Audit": "call",
  "Event History": "event",
  "Pod Session Recordings": "recording",
} as const;
const number = (value: number): string => value.toLocaleString("en-US");
const LIST = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** The foot of the navigation: what was checked of the record, when, and what is wrong with it. Numbers without gaps do not say that no row was changed. */
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
  const { Icon, tone, words } = verdictOf(record);
  const checked = record.surfaces.map(({ surface, lastNo }) => `${surface} to No ${number(lastNo)}`);
  const whole = [
    `${checked.join(", ")}. Whether a row was changed is not checked.`,
    ...record.sinks.map(lagOf),
  ];
  return (
    <div className="nav-proof" title={whole.join("\n")}>
      <Icon aria-hidden className={tone} />
      <b>{words}</b>
      <span className="tabular-nums">
        Up to {placesOf(record.surfaces)}, checked {formatMinute(Date.parse(record.checkedAt), timeZone)}
      </span>
      {record.troubles.map((trouble) => (
        <span key={trouble} className="text-fail">
          {trouble}
        </span>
      ))}
      {record.surfaces.map((surface) => (
        <RowsAhead key={surface.surface} {...surface} />
      ))}
    </div>
  );
}

/** `call 12, event 7 and recording 3`; what was never recorded has no number that could be checked. */
function placesOf(surfaces: Surface[]): string {
  const places = surfaces
    .filter(({ surface, lastNo }) => lastNo > 0 || surface === "Request Audit")
    .map(({ surface, lastNo }) => `${WORD_OF[surface]} ${number(lastNo)}`);
  return LIST.format(places);
}

/** A sentence for each place that the record goes to. */
function lagOf({ title, health, lag }: Sink): string {
  const name = title.charAt(0).toUpperCase() + title.slice(1);
  if (health === "failing") return `${name}: failing.`;
  if (lag.records === 0) return `${name}: has everything.`;
  return `${name}: ${number(lag.records)} ${lag.records === 1 ? "record" : "records"} to come.`;
}

function verdictOf({ gapless, surfaces, troubles }: Record) {
  if (gapless === null) return { Icon: ShieldQuestionMark, tone: "", words: "Numbers are being counted" };
  if (!gapless) return { Icon: ShieldAlert, tone: "text-fail", words: gapsOf(surfaces) };
  if (troubles.length > 0) return { Icon: ShieldAlert, tone: "text-fail", words: "No gaps, but trouble" };
  return { Icon: ShieldCheck, tone: "text-ok", words: "Numbers without gaps" };
}

function gapsOf(surfaces: Surface[]): string {
  const missing = surfaces.reduce((sum, surface) => sum + (surface.missing ?? 0), 0);
  return missing > 0 ? `${number(missing)} rows are missing` : "Rows and numbers differ";
}

/** Rows of a clock that went fast, which no window that ends now shows. */
function RowsAhead({ surface, ahead }: Surface) {
  if (!ahead) return null;
  const window = new URLSearchParams({ from: ahead.from, to: ahead.to });
  return (
    <span>
      <Link href={`${PAGE_OF[surface]}?${window}`} prefetch={false}>
        {number(ahead.count)} {ahead.count === 1 ? "row" : "rows"} of {surface} dated ahead
      </Link>
    </span>
  );
}
