"use client";

import { type KeyboardEvent, useMemo, useState } from "react";
import type { AuditHistogram } from "../../../../lib/audit/query/schema.ts";
import { formatDay, formatMinute, formatMinuteExactly } from "../../time/format-time.ts";
import { formatNumber } from "../format-count.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import { type Bar, barsOf, firstBrush } from "./bars-of.ts";
import { HistogramBars } from "./histogram-bars.tsx";
import { nudgeBrush, scaleOf, snapToBuckets } from "./histogram-scale.ts";
import { TimeAxis } from "./time-axis.tsx";
import { useBrushDrag } from "./use-brush-drag.ts";

/**
 * Rows over time, failures at the baseline. Dragging brushes a part of it, handles and arrow keys adjust the brush, a double
 * click makes it the range, Esc clears it.
 */
export function Histogram({
  data,
  window,
  brush,
  onBrush,
  onZoom,
  now,
  timeZone,
  label,
  outcome,
}: {
  data: AuditHistogram | null;
  window: ResolvedRange;
  brush: ResolvedRange | null;
  onBrush: (brush: ResolvedRange | null) => void;
  onZoom: (range: ResolvedRange) => void;
  now: number;
  timeZone: string;
  label: string;
  outcome: { success: string; failure: string };
}) {
  const bars = useMemo(() => barsOf(data, window), [data, window]);
  const starts = useMemo(() => bars.map((bar) => bar.start), [bars]);
  const scale = scaleOf(Math.max(0, ...bars.map((bar) => bar.success + bar.failure)));
  const [hover, setHover] = useState<number | null>(null);
  const drag = useBrushDrag({
    window,
    brush,
    onZoom,
    onBrush: (range, isClick) => {
      if (isClick && brush) onBrush(null);
      else onBrush(snapToBuckets(range, starts, window.to));
    },
  });
  const shown = drag.preview ?? brush;
  const place = (time: number) => ((time - window.from) / (window.to - window.from)) * 100;
  const hovered = hover === null || drag.preview ? undefined : bars.findLast((bar) => bar.start <= hover);

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by !== 0 && starts.length > 0) {
      event.preventDefault();
      event.stopPropagation();
      const base = brush ?? firstBrush(bars, window);
      onBrush(brush ? nudgeBrush(base, event.shiftKey ? "to" : "from", by, starts, window.to) : base);
    } else if (event.key === "Escape" && brush) {
      event.stopPropagation();
      onBrush(null);
    } else if (event.key === "Enter" && brush) {
      event.preventDefault();
      event.stopPropagation();
      onZoom(brush);
    }
  }

  return (
    <div className="histogram">
      {/* biome-ignore lint/a11y/useSemanticElements: no element is a range with two ends */}
      <div
        ref={drag.plot}
        className="plot"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the brush
        tabIndex={0}
        aria-label={`${label}. Arrow keys move the start of the brush, with Shift its end; Enter zooms in, Escape clears.`}
        onKeyDown={onKeyDown}
        onPointerDown={drag.beginNew}
        onPointerMove={(event) => {
          drag.onPointerMove(event);
          setHover(drag.timeAt(event.clientX));
        }}
        onPointerUp={drag.onPointerUp}
        onPointerCancel={drag.onPointerCancel}
        onPointerLeave={() => setHover(null)}
        onDoubleClick={drag.onDoubleClick}
      >
        {scale.lines.map((line) => (
          <div key={line} className="gridline" style={{ bottom: `${(line / scale.top) * 100}%` }}>
            <span>{formatNumber(line)}</span>
          </div>
        ))}
        <HistogramBars
          bars={bars}
          top={scale.top}
          window={window}
          from={shown?.from ?? null}
          to={shown?.to ?? null}
        />
        {shown ? (
          <div
            className="brush"
            style={{ left: `${place(shown.from)}%`, width: `${place(shown.to) - place(shown.from)}%` }}
            onPointerDown={drag.beginMove}
          >
            <span className="brush-handle is-start" onPointerDown={drag.beginEdge("from")} />
            <span className="brush-handle is-end" onPointerDown={drag.beginEdge("to")} />
          </div>
        ) : null}
        {now > window.from && now < window.to ? (
          <div className={`now-line${place(now) > 90 ? " is-late" : ""}`} style={{ left: `${place(now)}%` }}>
            <span>{formatMinute(now, timeZone)}</span>
          </div>
        ) : null}
        {hovered ? (
          <BarTip
            bar={hovered}
            at={place((hovered.start + hovered.end) / 2)}
            timeZone={timeZone}
            outcome={outcome}
          />
        ) : null}
      </div>
      <TimeAxis window={window} timeZone={timeZone} />
    </div>
  );
}

function BarTip({
  bar,
  at,
  timeZone,
  outcome,
}: {
  bar: Bar;
  at: number;
  timeZone: string;
  outcome: { success: string; failure: string };
}) {
  const span = `${formatDay(bar.start, timeZone)}, ${formatMinuteExactly(bar.start, timeZone)} – ${formatMinuteExactly(bar.end, timeZone)}`;
  return (
    <div className="plot-tip" style={{ left: `clamp(90px, ${at}%, calc(100% - 90px))` }}>
      {span}: {formatNumber(bar.success)} {outcome.success.toLowerCase()}, {formatNumber(bar.failure)}{" "}
      {outcome.failure.toLowerCase()}
    </div>
  );
}
