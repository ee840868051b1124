"use client";

import { CircleX, Table2, X } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditCount, AuditHistogram } from "../../../lib/audit/query/schema.ts";
import { classNames } from "../class-names.ts";
import { Dialog, DialogContent, DialogTrigger } from "../dialog.tsx";
import { IconButton } from "../icon-button.tsx";
import { formatCount, formatNumber } from "./format-count.ts";
import { describeBucket } from "./histogram/histogram-scale.ts";
import { HistogramTable } from "./histogram/histogram-table.tsx";
import { describeInstants, describeSpan, type ResolvedRange } from "./range/time-range.ts";

/** How many rows there are, which part of the time is brushed, and what the bars mean. */
export function CountLine({
  count,
  brushedCount,
  histogram,
  window,
  brush,
  onClearBrush,
  noun,
  barsNoun,
  outcome,
  timeZone,
  failed,
  onRetry,
  children,
}: {
  count: AuditCount | null;
  brushedCount: AuditCount | null;
  histogram: AuditHistogram | null;
  window: ResolvedRange;
  brush: ResolvedRange | null;
  onClearBrush: () => void;
  noun: { one: string; many: string };
  /** What the bars count, which may be another thing. */
  barsNoun: { many: string };
  outcome: { success: string; failure: string };
  timeZone: string;
  failed: boolean;
  onRetry: () => void;
  /** Buttons beside the one that shows the bars as a table. */
  children?: ReactNode;
}) {
  const sums = histogram ? sumWithin(histogram, brush) : null;
  return (
    <div className="count-line">
      <b role="status">{count ? `${formatCount(count)} ${count.count === 1 ? noun.one : noun.many}` : " "}</b>
      <span className="cut text-meta text-fg-3 tablet:hidden">{describePlace(window, timeZone)}</span>
      {brush ? (
        <span className="range-chip">
          <span>{describeSpan(brush, timeZone)}</span>
          {brushedCount ? (
            <span className="muted">
              {formatCount(brushedCount)} {brushedCount.count === 1 ? noun.one : noun.many}
            </span>
          ) : null}
          <button type="button" aria-label="Clear selection" onClick={onClearBrush} className="inline-flex">
            <X aria-hidden />
          </button>
        </span>
      ) : null}
      {failed ? (
        <span role="alert" className="cut text-fail">
          The counts could not be loaded.{" "}
          <button type="button" className="font-medium text-accent hover:underline" onClick={onRetry}>
            Try again
          </button>
        </span>
      ) : null}
      {sums && histogram ? (
        <div className="legend">
          <span className={classNames("is-failed tablet:hidden", sums.failure === 0 && "is-none")}>
            {sums.failure === 0 ? null : <CircleX aria-hidden />}
            {formatNumber(sums.failure)} failed
          </span>
          <span>
            <i aria-hidden />
            {outcome.success} {formatNumber(sums.success)}
          </span>
          <span className="is-failure">
            <i aria-hidden />
            {outcome.failure} {formatNumber(sums.failure)}
          </span>
          <span className="max-desktop:hidden">{describeBucket(histogram.bucketSeconds)} a bar</span>
          {children}
          <Dialog>
            <DialogTrigger asChild>
              <IconButton label="Show the bars as a table" size="icon-small" className="-mx-1">
                <Table2 aria-hidden className="size-3!" />
              </IconButton>
            </DialogTrigger>
            <DialogContent
              title={`${barsNoun.many.charAt(0).toUpperCase()}${barsNoun.many.slice(1)} over time`}
            >
              <HistogramTable data={histogram} window={window} timeZone={timeZone} outcome={outcome} />
            </DialogContent>
          </Dialog>
        </div>
      ) : null}
    </div>
  );
}

/** `20 Nov 2026, Europe/Berlin` */
function describePlace(window: ResolvedRange, timeZone: string): string {
  return `${describeInstants(window, timeZone)}, ${timeZone}`;
}

function sumWithin(histogram: AuditHistogram, brush: ResolvedRange | null) {
  let success = 0;
  let failure = 0;
  for (const bucket of histogram.buckets) {
    const start = Date.parse(bucket.start);
    if (brush && (start < brush.from || start >= brush.to)) continue;
    success += bucket.success;
    failure += bucket.failure;
  }
  return { success, failure };
}
