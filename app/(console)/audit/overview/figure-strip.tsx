import Link from "next/link";
import type { AuditOverview } from "../../../../lib/audit/overview/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import type { TimeRange } from "../../../components/audit/range/time-range.ts";
import { formatChange, formatShare } from "./format-change.ts";
import { requestAuditLink } from "./request-audit-link.ts";

interface Figure {
  label: string;
  count: number;
  /** The filter that lists what is counted; null where no list is the same. */
  filter: string | null;
  note: string;
  failing?: boolean;
}

/** The numbers at the top. */
export function FigureStrip({ data, range }: { data: AuditOverview; range: TimeRange }) {
  return (
    <ul className="figures">
      {figuresOf(data).map((figure) => (
        <li key={figure.label}>
          <Link prefetch={false} href={requestAuditLink(range, figure.filter ?? "")}>
            <span className="label">{figure.label}</span>
            <b className={figure.failing ? "is-failure" : undefined}>{formatNumber(figure.count)}</b>
            <span className="note">{figure.note}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function figuresOf({ calls, failures, people, before, denied, secrets, sessions }: AuditOverview): Figure[] {
  return [
    { label: "Calls", ...calls, note: formatChange(calls.count, before.calls) },
    {
      label: "Failures",
      ...failures,
      note: `${formatShare(failures.count, calls.count)}, was ${formatShare(before.failures, before.calls)}`,
      failing: failures.count > 0,
    },
    { label: "Denied attempts", ...denied, note: "refused by the gateway", failing: denied.count > 0 },
    {
      label: "Secrets touched",
      ...secrets,
      note: secrets.people[0] ? `most by ${secrets.people[0].name}` : "by nobody",
    },
    { label: "Sessions", ...sessions, note: "shells and port-forwards" },
    { label: "People", count: people, filter: null, note: "and applications" },
  ];
}
