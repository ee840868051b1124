"use client";

import { memo } from "react";
import type { ResolvedRange } from "../range/time-range.ts";
import { barHeights } from "./bar-heights.ts";
import type { Bar } from "./bars-of.ts";

/** Keeps the two parts of a bar apart, in per cent of the height. */
const GAP = 1;

/** The bars, failures at the baseline; in the brush they are stronger. */
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
        const { success, failure } = barHeights(bar, top);
        const isChosen = from !== null && to !== null && bar.start >= from && bar.start < to;
        return (
          <g key={bar.start} className={isChosen ? "is-chosen" : undefined}>
            {failure > 0 ? (
              <rect className="failure" x={x} width={width} y={100 - failure} height={failure} />
            ) : null}
            {success > 0 ? (
              <rect
                className="success"
                x={x}
                width={width}
                y={100 - failure - success}
                height={success - (failure > 0 ? GAP : 0)}
              />
            ) : null}
          </g>
        );
      })}
    </svg>
  );
});
