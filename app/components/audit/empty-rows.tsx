"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { AuditCount } from "../../../lib/audit/query/schema.ts";
import { Button } from "../button.tsx";
import { MessagePanel } from "../message-panel.tsx";
import { requestJson } from "../request-json.ts";
import { formatDate } from "../time/format-time.ts";
import { useKeptFrom } from "../use-record-status.ts";
import { type AuditQuery, queryString } from "./audit-query.ts";
import { formatCount } from "./format-count.ts";
import { rangeOfFilter } from "./query/range-of-filter.ts";
import { describeRange, rangeBefore, sameRange, type TimeRange, TODAY } from "./range/time-range.ts";
import { filterOfSearch } from "./search/filter-of-search.ts";
import type { AuditPageModel } from "./use-audit-page.ts";

const DAY_MS = 86_400_000;
/** How far back it is asked whether anything was ever recorded. */
const EVER_DAYS = 90;

interface Listed {
  noun: { many: string };
  firstRun: { text: string; action?: { label: string; href: string } };
}

/** Nothing matches, nothing is kept of that time any more, or nothing was ever recorded: which, where else it was looked, what to do. */
export function EmptyRows<Row extends { no: number }>({
  model,
  listed,
}: {
  model: AuditPageModel<Row>;
  /** What is listed where it is not the surface's rows themselves. */
  listed?: Listed;
}) {
  const { surface, url, now } = model;
  const query = model.rowQuery ?? model.query;
  const keptFrom = useKeptFrom();
  const ever = useCount(surface.endpoint, {
    ...query,
    filter: "",
    search: "",
    window: { from: now - Math.min(EVER_DAYS, surface.longestRangeDays ?? EVER_DAYS) * DAY_MS, to: now },
  });
  const { noun, firstRun } = listed ?? surface;
  const narrowed = url.filter !== "" || url.search !== "";
  if (keptFrom !== null && query.window.to <= keptFrom) {
    return (
      <MessagePanel
        role="status"
        title={`These ${noun.many} are not kept any more`}
        actions={<LastDaysButton model={model} days={7} />}
      >
        The range ends before {formatDate(keptFrom, query.timeZone)}, from when on the record is kept. Choose
        a later range.
      </MessagePanel>
    );
  }
  if (ever?.count === 0 && !narrowed) return <FirstRun noun={noun} firstRun={firstRun} />;
  return <NoMatch model={model} query={query} noun={noun} />;
}

function FirstRun({ noun, firstRun }: Listed) {
  return (
    <MessagePanel
      role="status"
      title={`No ${noun.many} on the record yet`}
      actions={
        firstRun.action ? (
          <Button look="primary" asChild>
            <Link href={firstRun.action.href}>{firstRun.action.label}</Link>
          </Button>
        ) : null
      }
    >
      {firstRun.text}
    </MessagePanel>
  );
}

function NoMatch<Row extends { no: number }>({
  model,
  query,
  noun,
}: {
  model: AuditPageModel<Row>;
  query: AuditQuery;
  noun: { many: string };
}) {
  const { surface, url, now } = model;
  const { endpoint } = surface;
  const before = rangeBefore(url.range, now, query.timeZone);
  const earlier = useCount(endpoint, { ...query, window: before.range });
  const elsewhere = filterOfSearch(surface, query);
  const foundElsewhere = useCount(endpoint, elsewhere && { ...query, search: "", filter: elsewhere.filter });
  const meant = rangeOfFilter(url.filter, surface.fields, surface.presets);
  const isPart = url.scope !== null && url.scope.filter !== "";
  const outside = useCount(endpoint, isPart ? { ...query, filter: url.filter } : null);
  const rows = (count: AuditCount) =>
    `${formatCount(count)} ${count.count === 1 ? surface.noun.one : surface.noun.many}`;
  return (
    <MessagePanel
      role="status"
      title={`No ${noun.many} match`}
      actions={
        <>
          {elsewhere && foundElsewhere && foundElsewhere.count > 0 ? (
            <Button look="primary" onClick={() => void url.searchByFilter(elsewhere.added(url.filter))}>
              Show {rows(foundElsewhere)}
            </Button>
          ) : null}
          {meant ? (
            <Button look="primary" onClick={() => void url.setRangeOfFilter(meant)}>
              Range: {meant.label}
            </Button>
          ) : null}
          {outside && outside.count > 0 ? (
            <Button onClick={() => void url.setScope(surface.scopes?.at(-1)?.value ?? "")}>
              Look in everything
            </Button>
          ) : null}
          <WidenButton model={model} />
          {url.filter || url.search ? (
            <Button look="ghost" onClick={() => void url.reset()}>
              Clear {url.filter ? "filter" : "search"}
            </Button>
          ) : null}
        </>
      }
    >
      {describeMiss(model, query)}
      {earlier ? ` ${before.name} had ${earlier.count === 0 ? "none either" : rows(earlier)}.` : ""}
      {elsewhere && foundElsewhere && foundElsewhere.count > 0 ? (
        <>
          {" "}
          {rows(foundElsewhere)} {foundElsewhere.count === 1 ? "has" : "have"} it in {elsewhere.where}.
        </>
      ) : null}
      {outside && outside.count > 0 ? (
        <>
          {" "}
          Among {surface.scopes?.at(-1)?.description}, {rows(outside)}{" "}
          {outside.count === 1 ? "matches" : "match"}.
        </>
      ) : null}
    </MessagePanel>
  );
}

/** `Of changes and sign-ins, nothing today fits …, with “…” in a name of a person or cluster.` */
function describeMiss<Row extends { no: number }>(
  { surface, url, now }: AuditPageModel<Row>,
  query: AuditQuery,
): ReactNode {
  const place = placeInTime(url.range, now, query.timeZone);
  const part = url.scope?.filter ? `Of ${url.scope.description}, nothing ${place}` : `Nothing ${place}`;
  return (
    <>
      {part}
      {url.filter ? (
        <>
          {" "}
          fits <span className="mono">{url.filter}</span>
        </>
      ) : null}
      {url.search ? (
        <>
          {url.filter ? " and" : ""} has “{url.search}” in {surface.search.lookedIn}
        </>
      ) : null}
      {url.filter || url.search ? "." : " is on the record."}
    </>
  );
}

const WIDER_DAYS = [7, 30, 90];

/** Offers a range that ends now and is longer than the one that is shown. */
function WidenButton<Row extends { no: number }>({ model }: { model: AuditPageModel<Row> }) {
  const { from, to } = model.range;
  const longest = model.surface.longestRangeDays ?? EVER_DAYS;
  const days = WIDER_DAYS.find((wider) => wider <= longest && to - from < (wider - 1) * DAY_MS);
  return days === undefined ? null : <LastDaysButton model={model} days={days} />;
}

function LastDaysButton<Row extends { no: number }>({
  model,
  days,
}: {
  model: AuditPageModel<Row>;
  days: number;
}) {
  return (
    <Button onClick={() => void model.url.setRange({ from: `today-${days - 1}d`, to: "today" })}>
      Search the last {days} days
    </Button>
  );
}

/** `today`, `in the last 7 days`, `in 20 Nov 14:00 – 16:30`. */
function placeInTime(range: TimeRange, now: number, timeZone: string): string {
  if (sameRange(range, TODAY)) return "today";
  const words = describeRange(range, now, timeZone);
  return words.startsWith("Last") ? `in the ${words.toLowerCase()}` : `in ${words}`;
}

function useCount(endpoint: string, query: AuditQuery | null): AuditCount | undefined {
  const asked = query ? queryString(query) : "";
  return useQuery({
    queryKey: [endpoint, "count", asked],
    queryFn: ({ signal }) => requestJson(`${endpoint}/count?${asked}`, AuditCount, { signal }),
    enabled: query !== null,
  }).data;
}
