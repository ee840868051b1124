import { formatClock, formatDay, formatMinute } from "../../time/format-time.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import { axisTicks } from "./histogram-scale.ts";

/** The clock times under the bars. */
export function TimeAxis({ window, timeZone }: { window: ResolvedRange; timeZone: string }) {
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
