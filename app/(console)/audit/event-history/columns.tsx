import type { EventEntry } from "../../../../lib/audit/event-history/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import type { AuditColumn } from "../../../components/audit/surface.ts";
import { formatClock, formatDay, formatMoment } from "../../../components/time/format-time.ts";
import { EventName, personOf, StatusMark } from "./event-marks.tsx";

type Column = AuditColumn<EventEntry>;

const WHAT_HAPPENED: Column[] = [
  {
    id: "no",
    label: "Event ID",
    width: 72,
    pinned: true,
    holdsNumber: true,
    align: "end",
    title: (event) => formatNumber(event.no),
    cell: (event) => formatNumber(event.no),
  },
  {
    id: "happenedAt",
    label: "Date & Time",
    width: 124,
    pinned: true,
    className: "is-ink tabular-nums",
    sorts: true,
    title: (event, { timeZone }) => `${formatMoment(Date.parse(event.happenedAt), timeZone)} ${timeZone}`,
    cell: (event, { timeZone }) => {
      const time = Date.parse(event.happenedAt);
      return `${formatDay(time, timeZone)}, ${formatClock(time, timeZone)}`;
    },
  },
  {
    id: "user",
    label: "User/App",
    width: 150,
    byDefault: true,
    className: "is-ink",
    title: (event) => [event.name, event.email].filter(Boolean).join(", ") || undefined,
    cell: (event) =>
      event.name || event.email ? personOf(event) : <span className="faint">{personOf(event)}</span>,
  },
  {
    id: "action",
    label: "Event",
    width: 130,
    byDefault: true,
    className: "is-ink",
    title: (event) => (event.operation === event.action ? undefined : `${event.action}: ${event.operation}`),
    cell: (event) => <EventName event={event} />,
  },
  {
    id: "status",
    label: "Status",
    width: 96,
    byDefault: true,
    cell: (event) => <StatusMark status={event.status} />,
  },
];

const ENTITY: Column[] = [
  {
    id: "entityType",
    label: "Entity type",
    width: 130,
    byDefault: true,
    yieldsToDrawer: true,
    cell: (event) => event.entityType,
  },
  {
    id: "entityName",
    label: "Entity name",
    width: 260,
    byDefault: true,
    flexible: true,
    leastWidth: 180,
    title: (event) => event.entityName ?? undefined,
    cell: (event) => <span className="identifier">{event.entityName}</span>,
  },
  {
    id: "clusterName",
    label: "Cluster Name",
    width: 104,
    byDefault: true,
    yieldsToDrawer: true,
    title: (event) => event.clusterName ?? undefined,
    cell: (event) => event.clusterName,
  },
  {
    id: "sourceIp",
    label: "Source IP",
    width: 104,
    byDefault: true,
    yieldsToDrawer: true,
    className: "tabular-nums",
    cell: (event) => event.sourceIp,
  },
  {
    id: "entityId",
    label: "Entity ID",
    width: 220,
    title: (event) => event.entityId ?? undefined,
    cell: (event) => <span className="identifier is-dim">{event.entityId}</span>,
  },
  {
    id: "clusterId",
    label: "Cluster ID",
    width: 220,
    title: (event) => event.clusterId ?? undefined,
    cell: (event) => <span className="identifier is-dim">{event.clusterId}</span>,
  },
];

const CONTEXT: Column[] = [
  {
    id: "email",
    label: "Email",
    width: 170,
    title: (event) => event.email || undefined,
    cell: (event) => event.email,
  },
  { id: "sourceType", label: "Source type", width: 90, cell: (event) => event.sourceType },
  {
    id: "userAgent",
    label: "User agent",
    width: 220,
    title: (event) => event.userAgent ?? undefined,
    cell: (event) => event.userAgent,
  },
  {
    id: "error",
    label: "Error",
    width: 260,
    className: "is-message",
    title: (event) => event.error ?? undefined,
    cell: (event) => event.error,
  },
  {
    id: "requestNo",
    label: "Request No",
    width: 84,
    align: "end",
    cell: (event) => (event.requestNo === null ? null : formatNumber(event.requestNo)),
  },
];

/** Every column of Event History; those shown without asking come to what 1440 pixels take. */
export const EVENT_COLUMNS: readonly Column[] = [...WHAT_HAPPENED, ...ENTITY, ...CONTEXT];
