import Link from "next/link";
import type { AuditOverview } from "../../../../lib/audit/overview/schema.ts";
import type { RequestAuditEntry } from "../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../components/audit/absence.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import type { TimeRange } from "../../../components/audit/range/time-range.ts";
import { formatClock, formatDay, formatIsoDay } from "../../../components/time/format-time.ts";
import { objectOf, VerbBadge } from "../kubernetes/request-audit/call-marks.tsx";
import { requestAuditLink } from "./request-audit-link.ts";

/** The newest of some calls; each opens among the others. */
export function RecentCalls({
  title,
  list,
  range,
  timeZone,
  none,
  says,
}: {
  title: string;
  list: AuditOverview["denied"];
  range: TimeRange;
  timeZone: string;
  none: string;
  /** What the second line is about: what was answered, or where it was. */
  says: "message" | "place";
}) {
  const all = requestAuditLink(range, list.filter);
  return (
    <section aria-label={title}>
      <h2>
        {title}
        {list.count > 0 ? (
          <Link prefetch={false} href={all}>
            All {formatNumber(list.count)}
          </Link>
        ) : null}
      </h2>
      {list.recent.length === 0 ? <p className="none">{none}</p> : null}
      <ul className="recent">
        {list.recent.map((call) => (
          <li key={call.no} className={says === "message" ? "is-failure" : undefined}>
            <Link prefetch={false} href={all.replace("/request-audit?", `/request-audit/${call.no}?`)}>
              <time dateTime={call.executedAt}>{timeOf(call, timeZone)}</time>
              <span className="what cut">
                <span className="who">{call.name || call.email || ABSENT.person}</span>
                {call.verb ? <VerbBadge verb={call.verb} resource={call.resource} /> : null}
                <span className="identifier cut" title={objectOf(call)}>
                  {objectOf(call)}
                </span>
              </span>
              <span className="said cut" title={says === "message" ? (call.message ?? undefined) : undefined}>
                {says === "message" ? call.message : placeOf(call)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function placeOf({ clusterName, namespace, clientName }: RequestAuditEntry): string {
  const where = [clusterName, namespace].filter(Boolean).join(" / ");
  return clientName ? `${where}, ${clientName}` : where;
}

function timeOf({ executedAt }: RequestAuditEntry, timeZone: string): string {
  const time = Date.parse(executedAt);
  const today = formatIsoDay(time, timeZone) === formatIsoDay(Date.now(), timeZone);
  return today
    ? formatClock(time, timeZone)
    : `${formatDay(time, timeZone)} ${formatClock(time, timeZone).slice(0, 5)}`;
}
