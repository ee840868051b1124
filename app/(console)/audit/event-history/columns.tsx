import { EVENT_HISTORY } from "../../../../lib/audit/columns/event-history/schema.ts";
import type { EventEntry } from "../../../../lib/audit/event-history/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { listedColumns, type OwnCells } from "../../../components/audit/table/listed-columns.tsx";
import { formatClock, formatDay, formatMoment } from "../../../components/time/format-time.ts";
import { EventName, personOf, StatusMark } from "./event-marks.tsx";

/** Cells that show more than their value. */
const CELLS: OwnCells<typeof EVENT_HISTORY.columns, EventEntry> = {
  no: {
    title: (event) => formatNumber(event.no),
    cell: (event) => formatNumber(event.no),
  },
  happenedAt: {
    className: "is-ink tabular-nums",
    title: (event, { timeZone }) => `${formatMoment(Date.parse(event.happenedAt), timeZone)} ${timeZone}`,
    cell: (event, { timeZone }) => {
      const time = Date.parse(event.happenedAt);
      return `${formatDay(time, timeZone)}, ${formatClock(time, timeZone)}`;
    },
  },
  user: {
    className: "is-ink",
    title: (event) => [event.name, event.email].filter(Boolean).join(", ") || undefined,
    cell: (event) =>
      event.name || event.email ? personOf(event) : <span className="faint">{personOf(event)}</span>,
  },
  action: {
    className: "is-ink",
    title: (event) => (event.operation === event.action ? undefined : `${event.action}: ${event.operation}`),
    cell: (event) => <EventName event={event} />,
  },
  status: { title: undefined, cell: (event) => <StatusMark status={event.status} /> },
  sourceIp: { className: "tabular-nums" },
  error: { className: "is-message" },
  requestNo: { cell: (event) => (event.requestNo === null ? null : formatNumber(event.requestNo)) },
};

/** Every column of Event History that the list can show; those shown without asking come to what 1440 pixels take. */
export const EVENT_COLUMNS = listedColumns(EVENT_HISTORY, CELLS);
