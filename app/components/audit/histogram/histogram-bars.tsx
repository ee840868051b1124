"use client";

import { memo } from "react";
import type { ResolvedRange } from "../range/time-range.ts";
import type { Bar } from "./bars-of.ts";

/** A failure is never thinner than this, in per cent of the height: one among thousands is still seen. */
const THINNEST = 1.6;

/** The bars, failures at the baseline; outside the brush they are pale. */
export const HistogramBars = memo(function HistogramBars({
  bars,
  top,
  window,
  from,
  to,
}: {
  bars: readonly Bar[];
  top: number;
  window: ResolvedRange;
  from: number | null;
  to: number | null;
}) {
  const span = window.to - window.from;
  return (
    <svg className="bars" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden>
      {bars.map((bar) => {
        const x = ((bar.start - window.from) / span) * 1000;
        const width = Math.max(0.4, ((bar.end - bar.start) / span) * 1000 - 1);
        const failure = (bar.failure / top) * 100;
        const success = (bar.success / top) * 100;
        const out = from !== null && to !== null && (bar.start < from || bar.start >= to);
        return (
          <g key={bar.start} className={out ? "is-out" : undefined}>
            {failure > 0 ? (
              <rect
                className="failure"
                x={x}
                width={width}
                y={100 - Math.max(failure, THINNEST)}
                height={Math.max(failure, THINNEST)}
              />
            ) : null}
            {success > 0 ? (
              <rect className="success" x={x} width={width} y={100 - failure - success} height={success} />
            ) : null}
          </g>
        );
      })}
    </svg>
  );
});
