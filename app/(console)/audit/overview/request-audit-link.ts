import type { TimeRange } from "../../../components/audit/range/time-range.ts";

/** Where Request Audit lists what a number of the overview counts. */
export function requestAuditLink(range: TimeRange, filter: string): string {
  const parameters = new URLSearchParams({ from: range.from, to: range.to });
  if (filter) parameters.set("filter", filter);
  return `/audit/kubernetes/request-audit?${parameters}`;
}
