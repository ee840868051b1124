"use client";

import { CircleCheck, CircleX } from "lucide-react";
import Link from "next/link";
import type { RecordingEntry } from "../../../../../../../lib/audit/recordings/schema.ts";
import { formatFilter } from "../../../../../../../lib/filter/format.ts";
import type { FilterNode } from "../../../../../../../lib/filter/tree.ts";
import { formatNumber } from "../../../../../../components/audit/format-count.ts";
import { instantText } from "../../../../../../components/audit/range/time-range.ts";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import { VerbBadge } from "../../../request-audit/call-marks.tsx";
import type { RecordingCall } from "./recording-call.ts";

/** What the same person did at the same cluster while the session ran, and the session's own two rows. */
export function RelatedCalls({
  entry,
  calls,
  more,
  problem,
  onSeek,
}: {
  entry: RecordingEntry;
  /** Null until they are there. */
  calls: readonly RecordingCall[] | null;
  more: boolean;
  problem: string | null;
  onSeek: (atMs: number) => void;
}) {
  const range = rangeOf(entry);
  return (
    <section className="recording-part is-calls" aria-labelledby="recording-calls">
      <h2 id="recording-calls">
        API calls{" "}
        {calls ? (
          <span>
            {formatNumber(calls.length)}
            {more ? "+" : ""} by {entry.name || entry.email || "nobody signed in"} meanwhile
          </span>
        ) : null}
        <Link prefetch={false} href={`/audit/kubernetes/request-audit?${range}&${filterOf(entry)}`}>
          Open<span className="sr-only"> in Request Audit</span>
        </Link>
      </h2>
      {problem ? <p className="none">{problem}</p> : null}
      {calls?.length === 0 ? <p className="none">None was recorded.</p> : null}
      <ol className="recording-calls">
        {calls?.map((part) => (
          <RelatedCall key={part.call.no} part={part} entry={entry} range={range} onSeek={onSeek} />
        ))}
      </ol>
    </section>
  );
}

function RelatedCall({
  part: { call, atMs, failed, part },
  entry,
  range,
  onSeek,
}: {
  part: RecordingCall;
  entry: RecordingEntry;
  range: string;
  onSeek: (atMs: number) => void;
}) {
  const isThisPod =
    entry.pod !== null && call.resourceName === entry.pod && call.namespace === entry.namespace;
  const name = isThisPod ? "this pod" : call.resourceName;
  return (
    <li className={failed ? "is-failed" : undefined}>
      <button type="button" className="at" onClick={() => onSeek(atMs)} title="Go to this moment">
        {formatPosition(atMs)}
      </button>
      <Link prefetch={false} href={`/audit/kubernetes/request-audit/${call.no}?${range}&${filterOf(entry)}`}>
        <VerbBadge verb={call.verb} resource={call.resource} />
        <span className="what cut" title={[call.resource, call.resourceName].filter(Boolean).join(" ")}>
          {call.resource ?? "An address"}{" "}
          <span className={isThisPod ? "muted" : "identifier is-dim"}>{name}</span>
          {part ? <span className="muted">, {part === "start" ? "its start" : "its end"}</span> : null}
        </span>
        {failed ? (
          <CircleX aria-label="Failure" role="img" />
        ) : (
          <CircleCheck aria-label="Success" role="img" />
        )}
        {failed && call.message ? <span className="said">{call.message}</span> : null}
      </Link>
    </li>
  );
}

/** From the start to the end, whole seconds about both. */
function rangeOf({ startedAt, endedAt }: RecordingEntry): string {
  const second = 1000;
  const from = Math.floor(Date.parse(startedAt) / second) * second;
  const to = Math.ceil(Date.parse(endedAt) / second) * second + second;
  return String(new URLSearchParams({ from: instantText(from), to: instantText(to) }));
}

function filterOf({ email, name, clusterName }: RecordingEntry): string {
  const wanted: [string, string | null][] = [
    ["user", email || name],
    ["cluster", clusterName],
  ];
  const nodes = wanted.flatMap(([field, value]): FilterNode[] =>
    value ? [{ kind: "comparison", field, op: "=", values: [value] }] : [],
  );
  return String(new URLSearchParams({ filter: formatFilter({ kind: "and", nodes }) }));
}
