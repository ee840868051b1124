"use client";

import { CircleAlert, CircleCheck, CircleDot, CircleX } from "lucide-react";
import Link from "next/link";
import type { RequestAuditDetail } from "../../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../../components/audit/absence.ts";
import { classNames } from "../../../../../components/class-names.ts";
import { useViewer } from "../../../../../components/shell/viewer.tsx";
import { formatMoment } from "../../../../../components/time/format-time.ts";
import { objectOf, VerbBadge } from "../call-marks.tsx";
import { simulatorHref } from "./simulator-href.ts";

/** What was called, by whom, where and when. */
export function CallTitle({ call, timeZone }: { call: RequestAuditDetail; timeZone: string }) {
  return (
    <div className="drawer-title">
      <h2>
        <VerbBadge verb={call.verb} resource={call.resource} />
        <span className="mono">{objectOf(call)}</span>
      </h2>
      <p>
        <b>{call.name || ABSENT.person}</b> on <b>{call.clusterName || "an unknown cluster"}</b>
        {call.namespace ? (
          <>
            {" "}
            in <b>{call.namespace}</b>
          </>
        ) : null}
        , <span title={call.executedAt}>{formatMoment(Date.parse(call.executedAt), timeZone)}</span>
      </p>
    </div>
  );
}

/** What came of it, in the words of whoever answered. */
export function CallVerdict({ call }: { call: RequestAuditDetail }) {
  const failed = call.result === "failure";
  const running = call.stage === "start";
  const exited = !failed && call.exitCode !== null && call.exitCode !== 0;
  const Icon = failed ? CircleX : running ? CircleDot : exited ? CircleAlert : CircleCheck;
  return (
    <div className={classNames("verdict", failed && "is-failure", exited && "is-exit")}>
      <div className="line">
        <Icon aria-hidden />
        {failed ? "Failure" : running ? "Started" : exited ? `Exit ${call.exitCode}` : "Success"}
        <span className="status">{statusOf(call)}</span>
      </div>
      {call.message ? <p className="message">{call.message}</p> : null}
      {refusedByGateway(call) ? (
        <p className="why">
          No rule of any role that {call.name || "the caller"} holds allows it. The cluster was not asked.
          <WhyLink call={call} />
        </p>
      ) : null}
    </div>
  );
}

/** Leads to the simulator, which names grant, role and rule. */
function WhyLink({ call }: { call: RequestAuditDetail }) {
  const ofOthers = useViewer().permissions.includes("access:read");
  if (!call.name || !call.clusterName) return null;
  return (
    <>
      {" "}
      <Link className="font-medium text-accent hover:underline" href={simulatorHref(call, { ofOthers })}>
        Why?
      </Link>
    </>
  );
}

/** A denial by the gateway has no role and stopped before the cluster: no groups were impersonated. */
function refusedByGateway(call: RequestAuditDetail): boolean {
  return call.httpStatus === 403 && call.role === null;
}

function statusOf(call: RequestAuditDetail): string {
  const status = call.httpStatus === null ? "No HTTP status" : `HTTP ${call.httpStatus}`;
  if (refusedByGateway(call)) return `${status}, refused by the gateway`;
  if (call.stage === "interrupted") return `${status}, interrupted`;
  if (call.exitCode) return `Success, ${status}, exit code ${call.exitCode}`;
  if (call.exitCode !== null) return `${status}, exit code ${call.exitCode}`;
  return status;
}
