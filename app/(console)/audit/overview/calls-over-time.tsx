"use client";

import { X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { AuditOverview } from "../../../../lib/audit/overview/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Histogram } from "../../../components/audit/histogram/histogram.tsx";
import { describeBucket } from "../../../components/audit/histogram/histogram-scale.ts";
import {
  describeSpan,
  type ResolvedRange,
  rangeOfInstants,
  type TimeRange,
} from "../../../components/audit/range/time-range.ts";
import { Button } from "../../../components/button.tsx";
import { requestAuditLink } from "./request-audit-link.ts";

const OUTCOME = { success: "Success", failure: "Failure" };

/** Calls over time. A brushed part can be listed, or become the range. */
export function CallsOverTime({
  data,
  range,
  onRange,
  timeZone,
  now,
}: {
  data: AuditOverview;
  range: TimeRange;
  onRange: (range: TimeRange) => void;
  timeZone: string;
  now: number;
}) {
  const [brush, setBrush] = useState<ResolvedRange | null>(null);
  const window = drawnWindow(data, now);
  const shown = brush && brush.to > window.from && brush.from < window.to ? brush : null;
  const failures = data.failures.count;
  return (
    <section aria-label="Calls over time">
      <div className="count-line">
        <h2 className="text-nav font-semibold">Calls over time</h2>
        {shown ? (
          <span className="range-chip">
            {describeSpan(shown, timeZone)}
            <Link
              prefetch={false}
              className="muted hover:underline"
              href={requestAuditLink(rangeOfInstants(shown), "")}
            >
              List the {formatNumber(countIn(data, shown))} calls
            </Link>
            <Button
              size="icon-small"
              look="ghost"
              aria-label="Clear the brush"
              className="size-5!"
              onClick={() => setBrush(null)}
            >
              <X aria-hidden />
            </Button>
          </span>
        ) : null}
        <span className="legend">
          <Link
            prefetch={false}
            className="inline-flex items-center gap-1.5 hover:underline"
            href={requestAuditLink(range, 'result = "success"')}
          >
            <i /> Success {formatNumber(data.calls.count - failures)}
          </Link>
          <Link
            prefetch={false}
            className="is-failure inline-flex items-center gap-1.5 hover:underline"
            href={requestAuditLink(range, data.failures.filter)}
          >
            <i /> Failure {formatNumber(failures)}
          </Link>
          <span>{describeBucket(data.histogram.bucketSeconds)} a bar</span>
        </span>
      </div>
      <Histogram
        data={data.histogram}
        window={window}
        brush={shown}
        onBrush={setBrush}
        onZoom={(zoomed) => {
          setBrush(null);
          onRange(rangeOfInstants(zoomed));
        }}
        now={now}
        timeZone={timeZone}
        outcome={OUTCOME}
        label={`Calls per ${describeBucket(data.histogram.bucketSeconds)}, success and failure stacked`}
      />
    </section>
  );
}

/** The time that is drawn: a little more than asked for where that ends now, so that the scale stands clear of the last bars. */
function drawnWindow({ from, to }: Pick<AuditOverview, "from" | "to">, now: number): ResolvedRange {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return { from: start, to: Math.abs(end - now) < 120_000 ? end + (end - start) * 0.03 : end };
}

function countIn({ histogram }: AuditOverview, { from, to }: ResolvedRange): number {
  return histogram.buckets
    .filter(({ start }) => Date.parse(start) >= from && Date.parse(start) < to)
    .reduce((sum, { success, failure }) => sum + success + failure, 0);
}
