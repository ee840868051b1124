import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import { createSurface, DAY_MS, MINUTE_MS } from "../query/surface.ts";

/** Event History: `audit_event`. */
export const EVENT_SURFACE = createSurface(EVENT_HISTORY, {
  stream: "audit_event",
  table: "audit_event",
  time: "happened_at",
  outcome: "status",
  counters: [
    { table: "audit_event_day", time: "day", milliseconds: DAY_MS },
    { table: "audit_event_minute", time: "minute", milliseconds: MINUTE_MS },
  ],
  totals: [],
});
