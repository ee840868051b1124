"use client";

import Link from "next/link";
import type {
  RequestAuditDetail,
  RequestAuditRelated,
} from "../../../../../../lib/audit/request-audit/schema.ts";
import { ClaimTag, Section } from "../../../../../components/audit/detail/facts.tsx";
import { formatDuration } from "../../../../../components/audit/format-count.ts";
import { Button } from "../../../../../components/button.tsx";
import { CopyButton } from "../../../../../components/copy-button.tsx";
import { callsOfCommand } from "../calls-of-command.ts";

/** The command behind the call. From the web shell it is what was typed; from kubectl it is what kubectl says. */
export function CallCommand({
  call,
  related,
  onFilter,
}: {
  call: RequestAuditDetail;
  related: RequestAuditRelated | null;
  onFilter: (filter: string) => void;
}) {
  const { command, sessionId } = call;
  if (!command && !sessionId) return null;
  // A session has a row for its start and one for its end.
  const calls = new Set(related?.command.map(({ auditId }) => auditId)).size;
  return (
    <Section
      title="Command"
      note={call.accessMethod === "CLI" ? <ClaimTag /> : null}
      right={
        <>
          {sessionId && calls > 1 ? (
            <Button look="link" size="small" onClick={() => onFilter(callsOfCommand({ ...call, sessionId }))}>
              {calls} calls
            </Button>
          ) : null}
          {command ? <CopyButton text={command} label="Copy command" /> : null}
        </>
      }
    >
      <div className="code px-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {command ?? "(kubectl did not name it)"}
      </div>
      {related?.line ? <LineEnd line={related.line} /> : null}
      {related?.composed ? (
        <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="tag flex-none" title="Put together from the calls of the command">
            composed
          </span>
          <span className="mono min-w-0 text-fg-2 [overflow-wrap:anywhere]">{related.composed}</span>
        </p>
      ) : null}
    </Section>
  );
}

/** How a line of the web shell ended, and where what it showed can be played. */
function LineEnd({
  line: { exitCode, durationMs, recordingId },
}: {
  line: NonNullable<RequestAuditRelated["line"]>;
}) {
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-fg-2">
      <span>{exitCode === null ? "Has not ended" : `Exit code ${exitCode}`}</span>
      {durationMs === null ? null : <span className="tabular-nums">{formatDuration(durationMs)}</span>}
      {recordingId ? (
        <Link className="text-accent hover:underline" href={`/audit/kubernetes/recordings/${recordingId}`}>
          Recording of the terminal
        </Link>
      ) : null}
    </p>
  );
}
