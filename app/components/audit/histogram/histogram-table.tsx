import type { AuditHistogram } from "../../../../lib/audit/query/schema.ts";
import { formatDay, formatIsoDay, formatMinuteExactly } from "../../time/format-time.ts";
import { formatNumber } from "../format-count.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import { barsOf } from "./bars-of.ts";

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
              {formatMinuteExactly(bar.start, timeZone)}
            </td>
            <td>{formatMinuteExactly(bar.end, timeZone)}</td>
            <td>{formatNumber(bar.success)}</td>
            <td>{formatNumber(bar.failure)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
