import { EVENT_SURFACE } from "../audit/event-history/surface.ts";
import type { ReadEntity } from "../audit/query/record-read.ts";
import type { Surface } from "../audit/query/surface.ts";
import { RECORDING_SURFACE } from "../audit/recordings/surface.ts";
import { REQUEST_SURFACE } from "../audit/request-audit/surface.ts";
import type { SavedViewSurface } from "../audit/views/schema.ts";

/** Where the rows of each surface are, the page that lists them, and what a search of them is an event of. */
export const SURFACES: Record<
  SavedViewSurface,
  { surface: Surface; page: string; title: string; entityType: ReadEntity }
> = {
  request_audit: {
    surface: REQUEST_SURFACE,
    page: "/audit/kubernetes/request-audit",
    title: "Request Audit",
    entityType: "RequestAudit",
  },
  event_history: {
    surface: EVENT_SURFACE,
    page: "/audit/event-history",
    title: "Event History",
    entityType: "EventHistory",
  },
  recordings: {
    surface: RECORDING_SURFACE,
    page: "/audit/kubernetes/recordings",
    title: "Pod Session Recordings",
    entityType: "Recording",
  },
};

/** The address of the list that a filter and a span of time make. */
export function hrefOf(
  of: { surface: SavedViewSurface; filter: string; from: Date; to: Date },
  publicUrl = "",
): string {
  const query = new URLSearchParams({ from: of.from.toISOString(), to: of.to.toISOString() });
  if (of.filter !== "") query.set("filter", of.filter);
  return `${publicUrl}${SURFACES[of.surface].page}?${query}`;
}
