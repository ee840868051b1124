import Link from "next/link";
import { EVENT_HISTORY } from "../../../../../lib/audit/columns/event-history/schema.ts";
import type { EventDetail } from "../../../../../lib/audit/event-history/schema.ts";
import { ABSENT } from "../../../../components/audit/absence.ts";
import { ColumnFacts } from "../../../../components/audit/detail/column-facts.tsx";
import { Absent, Fact, Facts, Section } from "../../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../../components/audit/format-count.ts";
import { formatMoment } from "../../../../components/time/format-time.ts";
import { personOf, StatusMark } from "../event-marks.tsx";

/** What was done, by whom, when, and whether it worked. */
export function EventTitle({ event, timeZone }: { event: EventDetail; timeZone: string }) {
  return (
    <>
      <div className="drawer-title">
        <h2>
          {event.operation} {event.entityType}
          {event.entityName ? <span className="mono">{event.entityName}</span> : null}
        </h2>
        <p>
          <b>{personOf(event)}</b>,{" "}
          <span title={event.happenedAt}>{formatMoment(Date.parse(event.happenedAt), timeZone)}</span>{" "}
          <span className="ml-2 inline-flex align-bottom">
            <StatusMark status={event.status} />
          </span>
        </p>
      </div>
      {event.error ? (
        <div className="verdict is-failure">
          <p className="message">{event.error}</p>
        </div>
      ) : null}
    </>
  );
}

/** Who, from where, and on which object. */
export function EventFacts({ event }: { event: EventDetail }) {
  return (
    <Section title="Context">
      <Facts>
        <Fact name="User/App">
          {personOf(event)}
          {event.email ? <span className="person-mail">{event.email}</span> : null}
        </Fact>
        <Fact name="Source IP">
          {event.sourceIp ? (
            <span className="identifier">{event.sourceIp}</span>
          ) : (
            <Absent>None, Kubewitness itself</Absent>
          )}
        </Fact>
        <Fact name="User agent">{event.userAgent ?? <Absent>{ABSENT.client}</Absent>}</Fact>
        <ColumnFacts table={EVENT_HISTORY} section="Context" row={event} />
        {event.clusterName ? (
          <Fact name="Cluster">
            {event.clusterName} <span className="identifier is-dim ml-1">{event.clusterId}</span>
          </Fact>
        ) : null}
        {event.requestNo === null ? null : (
          <Fact name="Request Audit">
            <Link
              className="font-medium text-accent"
              href={`/audit/kubernetes/request-audit/${event.requestNo}?${dayOf(event)}`}
            >
              Call {formatNumber(event.requestNo)}
            </Link>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

/** The window around the call, so that the list beside it shows what else went on then. */
function dayOf(event: EventDetail): string {
  const time = Date.parse(event.requestExecutedAt ?? event.happenedAt);
  const HOUR = 3_600_000;
  return new URLSearchParams({
    from: new Date(time - HOUR).toISOString(),
    to: new Date(time + HOUR).toISOString(),
  }).toString();
}
