import { CircleAlert, CircleCheck, CircleX } from "lucide-react";
import type { RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../components/audit/absence.ts";
import { formatDuration } from "../../../../components/audit/format-count.ts";
import type { PhoneRowProps } from "../../../../components/audit/surface.ts";
import { formatClock, formatDay, formatMinute } from "../../../../components/time/format-time.ts";
import { objectOf, VerbBadge } from "./call-marks.tsx";

/** A call in two lines; a failure adds what was answered. */
export function RequestPhoneRow({ row: call, context }: PhoneRowProps<RequestAuditEntry>) {
  const failed = call.result === "failure";
  const time = Date.parse(call.executedAt);
  const exitCode = failed ? 0 : call.exitCode;
  const Icon = failed ? CircleX : exitCode ? CircleAlert : CircleCheck;
  return (
    <>
      <Icon aria-hidden className={exitCode ? "is-exit" : undefined} />
      <span className="min-w-0">
        <span className="what">
          <VerbBadge verb={call.verb} resource={call.resource} />
          <span className="identifier cut">{objectOf(call)}</span>
        </span>
        <span className="who cut block">
          {failed ? null : <span className="sr-only">Success, </span>}
          <bdi>{call.name || ABSENT.person}</bdi>{" "}
          <span className="muted">
            {call.clusterName}
            {call.namespace ? ` / ${call.namespace}` : ""}
          </span>
          {exitCode ? <span className="text-warn"> Exit {exitCode}</span> : null}
        </span>
      </span>
      <span className="when">
        {context.oneDay
          ? formatClock(time, context.timeZone)
          : `${formatDay(time, context.timeZone)} ${formatMinute(time, context.timeZone)}`}
        <span>{call.durationMs === null ? ABSENT.duration : formatDuration(call.durationMs)}</span>
      </span>
      {failed ? (
        <span className="said">
          <b>Failure</b> <bdi>{call.message}</bdi>
        </span>
      ) : null}
    </>
  );
}
