"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type AlertView, FiringPage } from "../../../../lib/alerts/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { formatSpan } from "../../../components/time/format-ago.ts";
import { When } from "../../../components/time/when.tsx";
import { describeQuiet, describeRule, SURFACE_LABELS } from "./alert-words.ts";

/** What an alert is about, and when it fired. */
export function AlertDrawer({ alert, onClose }: { alert: AlertView; onClose: () => void }) {
  const path = `/api/v1/alerts/${alert.id}/firings`;
  const { data, isError } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => requestJson(path, FiringPage, { signal }),
  });
  return (
    <ListDrawer kind="Alert" title={alert.name} subtitle={describeRule(alert)} onClose={onClose}>
      {alert.problem ? (
        <p role="alert" className="px-4 py-2 text-fail">
          It cannot be evaluated: {alert.problem}
        </p>
      ) : null}
      <Section title="What">
        <Facts>
          <Fact name="Surface">{SURFACE_LABELS[alert.surface]}</Fact>
          <Fact name="Filter">
            {alert.filter ? <span className="mono break-words">{alert.filter}</span> : <Absent>None</Absent>}
          </Fact>
          <Fact name="Again after">{formatSpan(alert.againAfterMs)}</Fact>
          <Fact name="Quiet hours">{describeQuiet(alert)}</Fact>
          <Fact name="Tells">
            {alert.channels.map(({ name }) => name).join(", ") || <Absent>Nobody</Absent>}
          </Fact>
          <Fact name="Made by">{alert.createdBy ?? <Absent>Not known</Absent>}</Fact>
        </Facts>
      </Section>
      <Section title="Fired">
        {isError ? <span className="text-fail">Its history could not be loaded.</span> : null}
        {data?.firings.length === 0 ? <Absent>Never</Absent> : null}
        <ul aria-label="Fired">
          {data?.firings.map((firing) => (
            <li key={firing.id} className="flex flex-wrap items-baseline gap-x-2 py-1">
              <Link className="text-accent hover:underline" href={firing.href}>
                {firing.matches === 1 ? "1 match" : `${firing.matches} matches`}
              </Link>
              <When time={firing.at} absent="" />
              {firing.quiet ? (
                <span className="text-fg-3">
                  {firing.toldAt === null ? "held back: quiet hours" : "told after quiet hours"}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      </Section>
    </ListDrawer>
  );
}
