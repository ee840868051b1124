"use client";

import { type KeyboardEvent, memo, useMemo, useState } from "react";
import type { AuditHistogram } from "../../../../lib/audit/query/schema.ts";
import { formatClock, formatDay, formatIsoDay, formatMinute } from "../../time/format-time.ts";
import { formatNumber } from "../format-count.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import { axisTicks, nudgeBrush, scaleOf, snapToBuckets } from "./histogram-scale.ts";
import { useBrushDrag } from "./use-brush-drag.ts";

interface Bar {
  start: number;
  end: number;
  success: number;
  failure: number;
}

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
        <Bars bars={bars} top={scale.top} window={window} from={shown?.from ?? null} to={shown?.to ?? null} />
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
      <Axis window={window} timeZone={timeZone} />
    </div>
  );
}

const Bars = memo(function Bars({
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
                y={100 - Math.max(failure, 1.6)}
                height={Math.max(failure, 1.6)}
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
  const span = `${formatDay(bar.start, timeZone)}, ${formatMinute(bar.start, timeZone)} – ${formatMinute(bar.end, timeZone)}`;
  return (
    <div className="plot-tip" style={{ left: `clamp(90px, ${at}%, calc(100% - 90px))` }}>
      {span}: {formatNumber(bar.success)} {outcome.success.toLowerCase()}, {formatNumber(bar.failure)}{" "}
      {outcome.failure.toLowerCase()}
    </div>
  );
}

function Axis({ window, timeZone }: { window: ResolvedRange; timeZone: string }) {
  const span = window.to - window.from;
  const wholeDay = span > 80_000_000 && span < 93_600_000;
  return (
    <div className="axis" aria-hidden>
      {axisTicks(window.from, window.to, timeZone).map(({ at, time }, index) => {
        const place = at < 0.02 ? "is-first" : at > 0.98 ? "is-last" : "";
        return (
          <span
            key={at}
            className={`${place}${index % 2 === 1 ? " is-even" : ""}`}
            style={{ left: `${at * 100}%` }}
          >
            {at === 1 && wholeDay ? endOfDay(time, timeZone) : tickLabel(time, span, timeZone)}
          </span>
        );
      })}
    </div>
  );
}

function endOfDay(time: number, timeZone: string): string {
  const label = formatMinute(time, timeZone);
  return label === "00:00" ? "24:00" : label;
}

function tickLabel(time: number, span: number, timeZone: string): string {
  if (span > 5 * 86_400_000) return formatDay(time, timeZone);
  if (span > 93_600_000) return `${formatDay(time, timeZone)} ${formatMinute(time, timeZone)}`;
  return span < 600_000 ? formatClock(time, timeZone) : formatMinute(time, timeZone);
}

/** The buckets as far as they lie in the window: the histogram shown while another is on its way may be of another window. */
function barsOf(data: AuditHistogram | null, window: ResolvedRange): Bar[] {
  const buckets = data?.buckets ?? [];
  return buckets.flatMap(({ start, success, failure }, index) => {
    const from = Date.parse(start);
    const following = buckets[index + 1];
    const to = following ? Date.parse(following.start) : from + (data?.bucketSeconds ?? 0) * 1000;
    const bar = { start: Math.max(window.from, from), end: Math.min(window.to, to), success, failure };
    return bar.end > bar.start ? [bar] : [];
  });
}

/** Where the keyboard starts: around the tallest bar. */
function firstBrush(bars: readonly Bar[], window: ResolvedRange): ResolvedRange {
  const tallest = bars.reduce<Bar | null>(
    (high, bar) => (high === null || bar.success + bar.failure > high.success + high.failure ? bar : high),
    null,
  );
  return tallest ? { from: tallest.start, to: tallest.end } : window;
}

/** The same numbers as a table, for those who do not see the bars. */
export function HistogramTable({
  data,
  window,
  timeZone,
  outcome,
}: {
  data: AuditHistogram;
  window: ResolvedRange;
  timeZone: string;
  outcome: { success: string; failure: string };
}) {
  const bars = barsOf(data, window).filter((bar) => bar.success + bar.failure > 0);
  const days = new Set(bars.map((bar) => formatIsoDay(bar.start, timeZone))).size > 1;
  return (
    <table className="w-full tabular-nums [&_td]:py-0.5 [&_th]:py-1 [&_th]:text-left [&_th]:font-medium [&_th]:text-fg-3">
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Until</th>
          <th scope="col">{outcome.success}</th>
          <th scope="col">{outcome.failure}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.start}>
            <td>
              {days ? `${formatDay(bar.start, timeZone)} ` : ""}
              {formatMinute(bar.start, timeZone)}
            </td>
            <td>{formatMinute(bar.end, timeZone)}</td>
            <td>{formatNumber(bar.success)}</td>
            <td>{formatNumber(bar.failure)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
