import { formatFilter } from "../../../lib/filter/format.ts";

interface Wanted {
  field: string;
  value: string;
}

/** Where Request Audit lists the calls of the last 7 days with a value. */
export function requestAuditHref(wanted: Wanted): string {
  return `/audit/kubernetes/request-audit?${parameters(wanted, "today-6d")}`;
}

/** Where Event History lists the events of its usual range with a value. */
export function eventHistoryHref(wanted: Wanted): string {
  return `/audit/event-history?${parameters(wanted)}`;
}

function parameters({ field, value }: Wanted, from?: string): URLSearchParams {
  const filter = formatFilter({ kind: "comparison", field, op: "=", values: [value] });
  return new URLSearchParams(from ? { from, to: "today", filter } : { filter });
}
