import { REQUEST_AUDIT } from "../../../../../lib/audit/columns/request-audit/schema.ts";
import type { RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../components/audit/absence.ts";
import { formatNumber } from "../../../../components/audit/format-count.ts";
import { listedColumns, type OwnCells } from "../../../../components/audit/table/listed-columns.tsx";
import { dash, startCell } from "../../../../components/audit/table/own-cells.tsx";
import { DurationMark, RecordingMark, ResultMark, VerbBadge } from "./call-marks.tsx";

const ORIGINS: Record<string, string> = {
  grant: "Grant",
  request: "Request",
  break_glass: "Break-glass",
};

/** Cells that show more than their value. */
const CELLS: OwnCells<typeof REQUEST_AUDIT.columns, RequestAuditEntry> = {
  no: {
    title: (call) => formatNumber(call.no),
    cell: (call) => formatNumber(call.no),
  },
  executedAt: startCell(({ executedAt }) => executedAt),
  result: { title: undefined, cell: (call) => <ResultMark result={call.result} exitCode={call.exitCode} /> },
  name: {
    className: "is-ink",
    title: (call) => [call.name, call.email].filter(Boolean).join(", ") || ABSENT.person,
    cell: (call, { compact }) => (
      <>
        {call.name ? <bdi>{call.name}</bdi> : <span className="faint">{ABSENT.person}</span>}
        {compact ? null : <span className="person-mail">{call.email || (call.name ? "app" : "")}</span>}
      </>
    ),
  },
  verb: { title: undefined, cell: (call) => <VerbBadge verb={call.verb} resource={call.resource} /> },
  resource: {
    className: "is-ink",
    cell: (call) => (
      <>
        {call.resource ?? dash(ABSENT.resource)}
        {call.recordingId ? <RecordingMark /> : null}
      </>
    ),
  },
  namespace: { cell: (call) => call.namespace ?? dash(ABSENT.namespace) },
  message: { className: "is-message" },
  durationMs: { cell: (call) => <DurationMark milliseconds={call.durationMs} /> },
  role: {
    cell: (call) => (
      <>
        {call.role ?? dash(ABSENT.role)}
        {call.grantOrigin === "break_glass" ? (
          <span className="ml-1 text-fail" title="Taken at once: break-glass">
            !<span className="sr-only"> break-glass</span>
          </span>
        ) : null}
      </>
    ),
  },
  grantOrigin: { cell: (call) => ORIGINS[call.grantOrigin ?? ""] ?? dash(ABSENT.role) },
  clientIp: { className: "is-ink tabular-nums" },
  kubernetesGroups: {
    cell: (call) =>
      call.kubernetesGroups.length > 0 ? call.kubernetesGroups.join(", ") : dash(ABSENT.groups),
  },
};

/** Every column of Request Audit that the list can show. */
export const REQUEST_COLUMNS = listedColumns(REQUEST_AUDIT, CELLS);
