"use client";

import { useQuery } from "@tanstack/react-query";
import {
  type EventDetail,
  type EventEntry,
  EventList,
} from "../../../../../lib/audit/event-history/schema.ts";
import { formatFilter } from "../../../../../lib/filter/format.ts";
import { Section } from "../../../../components/audit/detail/facts.tsx";
import type { AuditPageModel } from "../../../../components/audit/use-audit-page.ts";
import { requestJson } from "../../../../components/request-json.ts";
import { formatClockExactly, formatDay } from "../../../../components/time/format-time.ts";
import { EventName, personOf, StatusMark } from "../event-marks.tsx";

const SHOWN = 8;
const DAY_MS = 86_400_000;

/** What else happened to the same object in the thirty days up to this event. */
export function EarlierEvents({ event, model }: { event: EventDetail; model: AuditPageModel<EventEntry> }) {
  const { endpoint } = model.surface;
  const filter = event.entityId ? sameEntity(event.entityType, event.entityId) : null;
  const earlier = useQuery({
    queryKey: [endpoint, "earlier", event.no],
    enabled: filter !== null,
    queryFn: ({ signal }) => {
      const end = Date.parse(event.happenedAt) + 1;
      const parameters = new URLSearchParams({
        from: new Date(end - 30 * DAY_MS + 1).toISOString(),
        to: new Date(end).toISOString(),
        filter: `(${filter}) AND no < ${event.no}`,
        limit: String(SHOWN),
      });
      return requestJson(`${endpoint}?${parameters}`, EventList, { signal });
    },
  });
  const entries = earlier.data?.entries ?? [];
  if (filter === null || entries.length === 0) return null;
  return (
    <Section
      title="Earlier, the same object"
      right={
        <button type="button" className="font-medium text-accent" onClick={() => model.applyFilter(filter)}>
          Show all
        </button>
      }
    >
      <div className="earlier">
        {entries.map((entry) => (
          <button type="button" key={entry.no} onClick={() => model.open.open(entry.no)}>
            <span className="tabular-nums text-fg-3">
              {formatDay(Date.parse(entry.happenedAt), model.timeZone)},{" "}
              {formatClockExactly(Date.parse(entry.happenedAt), model.timeZone)}
            </span>
            <span className="cut">
              <EventName event={entry} /> <span className="muted">{personOf(entry)}</span>
            </span>
            <StatusMark status={entry.status} />
          </button>
        ))}
      </div>
    </Section>
  );
}

function sameEntity(entityType: string, entityId: string): string {
  return formatFilter({
    kind: "and",
    nodes: [
      { kind: "comparison", field: "entityType", op: "=", values: [entityType] },
      { kind: "comparison", field: "entityId", op: "=", values: [entityId] },
    ],
  });
}
