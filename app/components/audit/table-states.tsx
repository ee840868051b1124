"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { AuditCount } from "../../../lib/audit/query/schema.ts";
import { Button } from "../button.tsx";
import { CopyButton } from "../copy-button.tsx";
import { MessagePanel } from "../message-panel.tsx";
import { RequestError } from "../request-error.ts";
import { requestJson } from "../request-json.ts";
import { Skeleton } from "../skeleton.tsx";
import { formatDate } from "../time/format-time.ts";
import { useDelayed } from "../use-delayed.ts";
import { useKeptFrom } from "../use-record-status.ts";
import { type AuditQuery, queryString } from "./audit-query.ts";
import { formatCount } from "./format-count.ts";
import { describeRange, rangeBefore, sameRange, type TimeRange, TODAY } from "./range/time-range.ts";

/** Rows on their way, after 150 ms. */
export function LoadingRows() {
  const late = useDelayed(true);
  if (!late) return null;
  return (
    <div aria-hidden className="min-h-0 flex-1 overflow-hidden">
      {Array.from({ length: 24 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex h-8 items-center gap-3.5 border-b border-line-soft px-4">
          {[52, 84, 60, 88 + ((row * 17) % 50), 70, 64 + ((row * 11) % 30)].map((width, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
            <Skeleton key={at} width={width} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** The query could not run. */
export function FailedRows({
  error,
  noun,
  onRetry,
}: {
  error: unknown;
  noun: { many: string };
  onRetry: () => void;
}) {
  const known = error instanceof RequestError ? error : null;
  const refused = known !== null && known.status >= 400 && known.status < 500;
  return (
    <MessagePanel
      role="alert"
      title={`The ${noun.many} could not be loaded`}
      actions={
        <>
          <Button onClick={onRetry}>Try again</Button>
          {known?.requestId ? (
            <CopyButton look="ghost" text={known.requestId} label="Copy request id">
              Copy request id
            </CopyButton>
          ) : null}
        </>
      }
    >
      {known?.message ?? "The answer could not be read."}
      {refused || known?.code === "unavailable" ? "" : " Recording goes on; nothing is lost."}
    </MessagePanel>
  );
}

/** How far back it is asked whether anything was ever recorded. */
const EVER_DAYS = 90;

/** Nothing matches, nothing is kept of that time any more, or nothing was ever recorded. */
export function EmptyRows({
  endpoint,
  query,
  range,
  now,
  noun,
  longestDays,
  firstRun,
  onWiden,
  onClear,
}: {
  endpoint: string;
  query: AuditQuery;
  range: TimeRange;
  now: number;
  noun: { many: string };
  /** Longest range that may be asked for. */
  longestDays?: number;
  firstRun: { text: string; action?: { label: string; href: string } };
  onWiden: () => void;
  onClear: () => void;
}) {
  const keptFrom = useKeptFrom();
  const before = rangeBefore(range, now, query.timeZone);
  const earlier = useCount(endpoint, { ...query, window: before.range });
  const ever = useCount(endpoint, {
    ...query,
    filter: "",
    search: "",
    window: { from: now - Math.min(EVER_DAYS, longestDays ?? EVER_DAYS) * 86_400_000, to: now },
  });
  const narrowed = query.filter !== "" || query.search !== "";

  if (keptFrom !== null && query.window.to <= keptFrom) {
    return (
      <MessagePanel
        role="status"
        title={`These ${noun.many} are not kept any more`}
        actions={<Button onClick={onWiden}>Search the last 7 days</Button>}
      >
        The range ends before {formatDate(keptFrom, query.timeZone)}, from when on the record is kept. Choose
        a later range.
      </MessagePanel>
    );
  }
  if (ever?.count === 0 && !narrowed) {
    return (
      <MessagePanel
        role="status"
        title={`No ${noun.many} on the record yet`}
        actions={
          firstRun.action ? (
            <Button look="primary" asChild>
              <Link href={firstRun.action.href}>{firstRun.action.label}</Link>
            </Button>
          ) : null
        }
      >
        {firstRun.text}
      </MessagePanel>
    );
  }
  return (
    <MessagePanel
      role="status"
      title={`No ${noun.many} match`}
      actions={
        <>
          <Button onClick={onWiden}>Search the last 7 days</Button>
          {narrowed ? (
            <Button look="ghost" onClick={onClear}>
              Clear filter
            </Button>
          ) : null}
        </>
      }
    >
      Nothing {placeInTime(range, now, query.timeZone)}
      {query.filter ? (
        <>
          {" "}
          fits <span className="mono">{query.filter}</span>
        </>
      ) : null}
      {query.search ? <> has “{query.search}” in it</> : null}.
      {earlier ? ` ${before.name} had ${earlier.count === 0 ? "none" : formatCount(earlier)}.` : ""}
    </MessagePanel>
  );
}

/** `today`, `in the last 7 days`, `in 20 Nov 14:00 – 16:30`. */
function placeInTime(range: TimeRange, now: number, timeZone: string): string {
  if (sameRange(range, TODAY)) return "today";
  const words = describeRange(range, now, timeZone);
  return words.startsWith("Last") ? `in the ${words.toLowerCase()}` : `in ${words}`;
}

function useCount(endpoint: string, query: AuditQuery): AuditCount | undefined {
  const asked = queryString(query);
  return useQuery({
    queryKey: [endpoint, "count", asked],
    queryFn: ({ signal }) => requestJson(`${endpoint}/count?${asked}`, AuditCount, { signal }),
  }).data;
}
