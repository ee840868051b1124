import type { RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../components/audit/absence.ts";
import { formatBytes, formatNumber } from "../../../../components/audit/format-count.ts";
import type { AuditColumn } from "../../../../components/audit/surface.ts";
import {
  formatClock,
  formatDay,
  formatMilliseconds,
  formatMoment,
} from "../../../../components/time/format-time.ts";
import { DurationMark, RecordingMark, ResultMark, VerbBadge } from "./call-marks.tsx";

type Column = AuditColumn<RequestAuditEntry>;

/** An absence that means something. */
const dash = (meaning: string) => (
  <span className="faint" title={meaning}>
    –
  </span>
);

/** Which call it was. */
const CALL: Column[] = [
  {
    id: "no",
    label: "No",
    width: 72,
    pinned: true,
    holdsNumber: true,
    align: "end",
    title: (call) => formatNumber(call.no),
    cell: (call) => formatNumber(call.no),
  },
  {
    id: "executedAt",
    label: "Executed At",
    width: 88,
    widthWithDay: 110,
    pinned: true,
    className: "is-ink tabular-nums",
    sorts: true,
    title: (call, { timeZone }) => `${formatMoment(Date.parse(call.executedAt), timeZone)} ${timeZone}`,
    cell: (call, { timeZone, oneDay }) => {
      const time = Date.parse(call.executedAt);
      return (
        <>
          {oneDay ? null : <span className="faint">{formatDay(time, timeZone)} </span>}
          {formatClock(time, timeZone)}
          {oneDay ? <span className="faint">{formatMilliseconds(time)}</span> : null}
        </>
      );
    },
  },
  {
    id: "result",
    label: "Result",
    width: 80,
    pinned: true,
    cell: (call) => <ResultMark result={call.result} exitCode={call.exitCode} />,
  },
];

/** Who did what to what, and what came of it: in sight at 1280 pixels, the others come after it. */
const DEED: Column[] = [
  {
    id: "name",
    label: "Name",
    width: 136,
    byDefault: true,
    className: "is-ink",
    title: (call) => [call.name, call.email].filter(Boolean).join(", ") || ABSENT.person,
    cell: (call, { compact }) => (
      <>
        {call.name ? <bdi>{call.name}</bdi> : <span className="faint">{ABSENT.person}</span>}
        {compact ? null : <span className="person-mail">{call.email || (call.name ? "app" : "")}</span>}
      </>
    ),
  },
  {
    id: "verb",
    label: "Verb",
    width: 60,
    byDefault: true,
    cell: (call) => <VerbBadge verb={call.verb} resource={call.resource} />,
  },
  {
    id: "resource",
    label: "Resource",
    width: 92,
    byDefault: true,
    className: "is-ink",
    title: (call) => call.resource ?? undefined,
    cell: (call) => (
      <>
        {call.resource ?? dash(ABSENT.resource)}
        {call.recordingId ? <RecordingMark /> : null}
      </>
    ),
  },
  {
    id: "resourceName",
    label: "Resource Name",
    width: 112,
    byDefault: true,
    title: (call) => call.resourceName ?? undefined,
    cell: (call) => <span className="identifier">{call.resourceName}</span>,
  },
  {
    id: "namespace",
    label: "Namespace",
    width: 74,
    byDefault: true,
    title: (call) => call.namespace ?? undefined,
    cell: (call) => call.namespace ?? dash(ABSENT.namespace),
  },
  {
    id: "message",
    label: "Message",
    width: 320,
    byDefault: true,
    flexible: true,
    leastWidth: 160,
    yieldsToDrawer: true,
    className: "is-message",
    title: (call) => call.message ?? undefined,
    cell: (call) => call.message,
  },
];

const CIRCUMSTANCES: Column[] = [
  {
    id: "clusterName",
    label: "Cluster Name",
    width: 84,
    byDefault: true,
    title: (call) => call.clusterName ?? undefined,
    cell: (call) => call.clusterName,
  },
  {
    id: "durationMs",
    label: "Duration",
    width: 86,
    byDefault: true,
    align: "end",
    yieldsToDrawer: true,
    cell: (call) => <DurationMark milliseconds={call.durationMs} />,
  },
  {
    id: "role",
    label: "Role",
    width: 72,
    byDefault: true,
    yieldsToDrawer: true,
    title: (call) => call.role ?? undefined,
    cell: (call) => call.role ?? dash(ABSENT.role),
  },
  {
    id: "clientIp",
    label: "Client IP",
    width: 96,
    byDefault: true,
    yieldsToDrawer: true,
    className: "is-ink tabular-nums",
    title: (call) => call.clientIp ?? undefined,
    cell: (call) => call.clientIp,
  },
  {
    id: "clientName",
    label: "Client Name",
    width: 118,
    byDefault: true,
    yieldsToDrawer: true,
    title: (call) => call.clientName ?? undefined,
    cell: (call) => <span className="identifier is-dim">{call.clientName}</span>,
  },
];

const SELDOM: Column[] = [
  {
    id: "email",
    label: "Email",
    width: 170,
    title: (call) => call.email || undefined,
    cell: (call) => call.email,
  },
  {
    id: "clusterEndpoint",
    label: "Cluster Endpoint",
    width: 190,
    title: (call) => call.clusterEndpoint ?? undefined,
    cell: (call) => <span className="identifier is-dim">{call.clusterEndpoint}</span>,
  },
  {
    id: "kubernetesGroups",
    label: "Kubernetes Groups",
    width: 170,
    title: (call) => call.kubernetesGroups.join(", ") || undefined,
    cell: (call) =>
      call.kubernetesGroups.length > 0 ? call.kubernetesGroups.join(", ") : dash(ABSENT.groups),
  },
  {
    id: "accessMethod",
    label: "Access Method",
    width: 96,
    cell: (call) => call.accessMethod,
  },
  {
    id: "httpStatus",
    label: "HTTP Status",
    width: 84,
    align: "end",
    cell: (call) => call.httpStatus,
  },
];

const MORE: Column[] = [
  {
    id: "command",
    label: "Command",
    width: 200,
    title: (call) => call.command ?? undefined,
    cell: (call) => <span className="identifier">{call.command}</span>,
  },
  {
    id: "impersonatedUser",
    label: "Impersonated User",
    width: 130,
    title: (call) => call.impersonatedUser ?? undefined,
    cell: (call) => call.impersonatedUser,
  },
  {
    id: "impersonatedGroups",
    label: "Impersonated Groups",
    width: 140,
    title: (call) => call.impersonatedGroups.join(", ") || undefined,
    cell: (call) => call.impersonatedGroups.join(", "),
  },
  { id: "stage", label: "Stage", width: 76, cell: (call) => call.stage },
  { id: "exitCode", label: "Exit Code", width: 70, align: "end", cell: (call) => call.exitCode },
  {
    id: "bytesIn",
    label: "Bytes In",
    width: 76,
    align: "end",
    cell: (call) => (call.bytesIn === null ? null : formatBytes(call.bytesIn)),
  },
  {
    id: "bytesOut",
    label: "Bytes Out",
    width: 76,
    align: "end",
    cell: (call) => (call.bytesOut === null ? null : formatBytes(call.bytesOut)),
  },
  { id: "tunnelAgent", label: "Tunnel Agent", width: 110, cell: (call) => call.tunnelAgent },
];

/** Every column of Request Audit. */
export const REQUEST_COLUMNS: readonly Column[] = [...CALL, ...DEED, ...CIRCUMSTANCES, ...SELDOM, ...MORE];
