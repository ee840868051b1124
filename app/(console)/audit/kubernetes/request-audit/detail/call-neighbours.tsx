"use client";

import type {
  RequestAuditDetail,
  RequestAuditEntry,
  RequestAuditRelated,
} from "../../../../../../lib/audit/request-audit/schema.ts";
import { quote } from "../../../../../../lib/filter/tokenize.ts";
import { Section } from "../../../../../components/audit/detail/facts.tsx";
import { rangeOfInstants } from "../../../../../components/audit/range/time-range.ts";
import type { AuditPageModel } from "../../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../../components/button.tsx";
import { formatClockExactly } from "../../../../../components/time/format-time.ts";
import { objectOf, ResultMark, VerbBadge } from "../call-marks.tsx";

const FIVE_MINUTES = 300_000;

/** The other row of a long-running call, and what the same person did around it. */
export function CallNeighbours({
  call,
  related,
  model,
}: {
  call: RequestAuditDetail;
  related: RequestAuditRelated | null;
  model: AuditPageModel<RequestAuditEntry>;
}) {
  if (!related) return null;
  const time = Date.parse(call.executedAt);
  const person = call.email ?? call.name;
  const showAll = () => {
    void model.url.setRange(rangeOfInstants({ from: time - FIVE_MINUTES, to: time + FIVE_MINUTES }));
    model.applyFilter(`user = ${quote(person ?? "")}`);
  };
  return (
    <>
      {related.partner ? (
        <Section title={call.stage === "start" ? "Its end" : "Its start"}>
          <Neighbours calls={[related.partner]} current={call.no} model={model} />
        </Section>
      ) : null}
      {related.around.length > 0 && person ? (
        <Section
          title="Around this call"
          note={<span className="font-normal">same person</span>}
          right={
            <Button look="link" size="small" onClick={showAll}>
              All within 5 min
            </Button>
          }
        >
          <Neighbours calls={related.around} current={call.no} model={model} />
        </Section>
      ) : null}
    </>
  );
}

function Neighbours({
  calls,
  current,
  model,
}: {
  calls: readonly RequestAuditEntry[];
  current: number;
  model: AuditPageModel<RequestAuditEntry>;
}) {
  return (
    <ul className="nearby">
      {calls.map((call) => (
        <li key={call.no}>
          <a
            href={`${model.surface.href}/${call.no}`}
            aria-current={call.no === current ? "true" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              model.openRow(call.no);
            }}
          >
            <span className="time">{formatClockExactly(Date.parse(call.executedAt), model.timeZone)}</span>
            <VerbBadge verb={call.verb} resource={call.resource} />
            <span className="identifier cut">{objectOf(call)}</span>
            <ResultMark result={call.result} exitCode={call.exitCode} />
          </a>
        </li>
      ))}
    </ul>
  );
}
