import Link from "next/link";
import { formatNumber } from "../../../components/audit/format-count.ts";
import type { TimeRange } from "../../../components/audit/range/time-range.ts";
import { requestAuditLink } from "./request-audit-link.ts";

interface Share {
  name: string;
  calls: number;
  failures?: number;
  filter: string;
}

/** Names with their calls, the most first; each links to its calls, its failures to those. */
export function ShareList({
  title,
  shares,
  range,
  none,
  all,
}: {
  title: string;
  shares: readonly Share[];
  range: TimeRange;
  none: string;
  /** Everything that the names share in. */
  all?: { count: number; filter: string };
}) {
  const most = Math.max(1, ...shares.map(({ calls }) => calls));
  return (
    <section aria-label={title}>
      <h2>
        {title}
        {all && all.count > 0 ? (
          <Link prefetch={false} href={requestAuditLink(range, all.filter)}>
            All {formatNumber(all.count)}
          </Link>
        ) : null}
      </h2>
      {shares.length === 0 ? <p className="none">{none}</p> : null}
      <ul className="shares">
        {shares.map(({ name, calls, failures = 0, filter }) => (
          <li key={name} style={{ "--share": (calls / most) * 100 } as React.CSSProperties}>
            <Link prefetch={false} href={requestAuditLink(range, filter)} className="name cut" title={name}>
              {name}
            </Link>
            {failures > 0 ? (
              <Link
                prefetch={false}
                href={requestAuditLink(range, `${filter} AND result = "failure"`)}
                className="failures"
                title={`${formatNumber(failures)} failed`}
              >
                {formatNumber(failures)} failed
              </Link>
            ) : null}
            <Link prefetch={false} href={requestAuditLink(range, filter)} className="number" tabIndex={-1}>
              {formatNumber(calls)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
