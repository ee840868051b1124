import { CircleCheck, CircleX } from "lucide-react";
import type { EventEntry } from "../../../../lib/audit/event-history/schema.ts";
import type { PhoneRowProps } from "../../../components/audit/surface.ts";
import { formatClock, formatDay } from "../../../components/time/format-time.ts";
import { EventName, personOf } from "./event-marks.tsx";

/** An event in two lines; a failure adds why. */
export function EventPhoneRow({ row: event, context }: PhoneRowProps<EventEntry>) {
  const failed = event.status === "Failed";
  const time = Date.parse(event.happenedAt);
  const Icon = failed ? CircleX : CircleCheck;
  return (
    <>
      <Icon aria-hidden />
      <span className="min-w-0">
        <span className="what">
          <EventName event={event} />
          <span className="cut">
            {event.entityType === event.action ? null : `${event.entityType} `}
            {event.entityName ? <span className="identifier">{event.entityName}</span> : null}
          </span>
        </span>
        <span className="who cut block">
          {failed ? null : <span className="sr-only">Succeeded, </span>}
          <bdi>{personOf(event)}</bdi>{" "}
          {event.clusterName ? <span className="muted">{event.clusterName}</span> : null}
        </span>
      </span>
      <span className="when">
        {formatClock(time, context.timeZone)}
        <span>{formatDay(time, context.timeZone)}</span>
      </span>
      {failed ? (
        <span className="said">
          <b>Failed</b> <bdi>{event.error}</bdi>
        </span>
      ) : null}
    </>
  );
}
