import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { createSurface, DAY_MS, HOUR_MS, MINUTE_MS } from "../query/surface.ts";

/** Request Audit: `kube_request`. */
export const REQUEST_SURFACE = createSurface(REQUEST_AUDIT, {
  stream: "kube_request",
  table: "kube_request",
  time: "executed_at",
  outcome: "result",
  counters: [
    { table: "kube_request_day", time: "day", milliseconds: DAY_MS },
    { table: "kube_request_hour", time: "hour", milliseconds: HOUR_MS },
    { table: "kube_request_minute", time: "minute", milliseconds: MINUTE_MS },
  ],
  totals: [
    { table: "kube_request_hour_total", time: "hour", milliseconds: HOUR_MS },
    { table: "kube_request_minute_total", time: "minute", milliseconds: MINUTE_MS },
  ],
});
