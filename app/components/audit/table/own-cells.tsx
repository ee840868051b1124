import { formatClock, formatDay, formatMilliseconds, formatMoment } from "../../time/format-time.ts";
import type { AuditCell } from "../surface.ts";

/** An absence that means something. */
export const dash = (meaning: string) => (
  <span className="faint" title={meaning}>
    –
  </span>
);

/** The time at which something began, `timeOf` as the API writes it: of rows of one day the clock to the millisecond, else with the day. */
export function startCell<Row>(timeOf: (row: Row) => string): AuditCell<Row> {
  return {
    className: "is-ink tabular-nums",
    title: (row, { timeZone }) => `${formatMoment(Date.parse(timeOf(row)), timeZone)} ${timeZone}`,
    cell: (row, { timeZone, oneDay }) => {
      const time = Date.parse(timeOf(row));
      return (
        <>
          {oneDay ? null : <span className="faint">{formatDay(time, timeZone)} </span>}
          {formatClock(time, timeZone)}
          {oneDay ? <span className="faint">{formatMilliseconds(time)}</span> : null}
        </>
      );
    },
  };
}
