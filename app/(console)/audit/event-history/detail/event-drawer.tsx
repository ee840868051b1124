"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { EventDetail, type EventEntry } from "../../../../../lib/audit/event-history/schema.ts";
import { formatFilter } from "../../../../../lib/filter/format.ts";
import type { FilterNode } from "../../../../../lib/filter/tree.ts";
import { DetailDrawer } from "../../../../components/audit/detail/detail-drawer.tsx";
import { DetailFailed, DetailLoading } from "../../../../components/audit/detail/detail-states.tsx";
import type { AuditPageModel } from "../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../components/button.tsx";
import { CopyButton } from "../../../../components/copy-button.tsx";
import { requestJson } from "../../../../components/request-json.ts";
import { EarlierEvents } from "./earlier-events.tsx";
import { EventChanges } from "./event-changes.tsx";
import { EventFacts, EventTitle } from "./event-facts.tsx";
import { EventRequest } from "./event-request.tsx";

/** One event: what was done to what, by whom and from where, what changed, and what came before. */
export function EventDrawer({ no, model }: { no: number; model: AuditPageModel<EventEntry> }) {
  const { endpoint, noun } = model.surface;
  const event = useQuery({
    queryKey: [endpoint, no],
    queryFn: ({ signal }) => requestJson(`${endpoint}/${no}`, EventDetail, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const detail = event.data;
  return (
    <DetailDrawer
      noun={noun.one}
      no={no}
      range={model.query.window}
      onNewer={() => model.move(-1)}
      onOlder={() => model.move(1)}
      onClose={() => model.open.open(null)}
      foot={detail ? <DrawerActions event={detail} model={model} /> : null}
    >
      {event.isError ? (
        <DetailFailed noun={noun.one} error={event.error} onRetry={() => void event.refetch()} />
      ) : detail ? (
        <div aria-busy={event.isPlaceholderData}>
          <EventTitle event={detail} timeZone={model.timeZone} />
          <EventFacts event={detail} />
          <EventChanges before={detail.before} after={detail.after} />
          <EventRequest body={detail.requestBody} />
          <EarlierEvents event={detail} model={model} />
        </div>
      ) : (
        <DetailLoading />
      )}
    </DetailDrawer>
  );
}

function DrawerActions({ event, model }: { event: EventDetail; model: AuditPageModel<EventEntry> }) {
  return (
    <>
      <CopyButton text={() => JSON.stringify(event, null, 2)} label="Copy as JSON">
        Copy as JSON
      </CopyButton>
      <Button onClick={() => model.applyFilter(filterLike(event))} title="Same person, event and entity type">
        <ListFilter aria-hidden />
        Filter by this
      </Button>
    </>
  );
}

function filterLike(event: EventDetail): string {
  const wanted: [string, string | null][] = [
    ["user", event.email || event.name],
    ["action", event.action],
    ["entityType", event.entityType],
  ];
  const nodes = wanted.flatMap(([field, value]): FilterNode[] =>
    value ? [{ kind: "comparison", field, op: "=", values: [value] }] : [],
  );
  return formatFilter({ kind: "and", nodes });
}
