"use client";

import { RefreshCw } from "lucide-react";
import { readRange, type TimeRange } from "../../../components/audit/range/time-range.ts";
import { TimeRangePicker } from "../../../components/audit/range/time-range-picker.tsx";
import { useShortcuts } from "../../../components/audit/shortcuts/use-shortcuts.ts";
import { FailedRows } from "../../../components/audit/table-states.tsx";
import { UnreadableRange } from "../../../components/audit/unreadable.tsx";
import { Button } from "../../../components/button.tsx";
import { Page } from "../../../components/shell/page-frame.tsx";
import { useNow } from "../../../components/time/use-now.ts";
import { Tooltip } from "../../../components/tooltip.tsx";
import { useDelayed } from "../../../components/use-delayed.ts";
import { CallsOverTime } from "./calls-over-time.tsx";
import { FigureStrip } from "./figure-strip.tsx";
import { FirstRun } from "./first-run.tsx";
import { KeptViews } from "./kept-views.tsx";
import { OverviewWaiting } from "./overview-waiting.tsx";
import { RecentCalls } from "./recent-calls.tsx";
import { ShareList } from "./share-list.tsx";
import { LAST_DAY, useIsFirstRun, useOverview, useOverviewRange } from "./use-overview.ts";

/** What happened: numbers, each a link to what it counts. */
export function OverviewPage({ timeZone }: { timeZone: string }) {
  const [range, setRange] = useOverviewRange();
  const now = useNow();
  const isReadable = now === null || readRange(range, now, timeZone) !== null;
  const query = useOverview(range, timeZone, now !== null && isReadable);
  const refresh = () => void query.refetch();
  useShortcuts({ r: refresh });
  return (
    <Page
      path={["Audit"]}
      title="Overview"
      actions={
        <>
          {now === null ? null : (
            <TimeRangePicker range={range} onChange={setRange} now={now} timeZone={timeZone} />
          )}
          <Tooltip label="Refresh" keys="r">
            <Button size="icon" aria-label="Refresh" onClick={refresh} className="max-tablet:hidden">
              <RefreshCw aria-hidden />
            </Button>
          </Tooltip>
        </>
      }
    >
      {isReadable ? (
        <Content query={query} range={range} setRange={setRange} timeZone={timeZone} now={now} />
      ) : (
        <UnreadableRange range={range} onClear={() => setRange(LAST_DAY)} />
      )}
    </Page>
  );
}

function Content({
  query,
  range,
  setRange,
  timeZone,
  now,
}: {
  query: ReturnType<typeof useOverview>;
  range: TimeRange;
  setRange: (range: TimeRange) => void;
  timeZone: string;
  now: number | null;
}) {
  const { data, error, isPlaceholderData } = query;
  const late = useDelayed(!data && !error);
  const firstRun = useIsFirstRun(data?.calls.count === 0);
  if (!data || now === null) {
    if (error)
      return <FailedRows error={error} noun={{ many: "numbers" }} onRetry={() => void query.refetch()} />;
    return late ? <OverviewWaiting /> : null;
  }
  if (firstRun) return <FirstRun />;
  return (
    <div className="overview" aria-busy={isPlaceholderData}>
      {isPlaceholderData ? <div className="refetch-bar" aria-hidden /> : null}
      {error ? (
        <div className="banner is-warning" role="status">
          These numbers are from before: {error.message}
          <Button size="small" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      ) : null}
      <FigureStrip data={data} range={range} />
      <CallsOverTime data={data} range={range} onRange={setRange} timeZone={timeZone} now={now} />
      <div className="overview-shares">
        <ShareList
          title="Top people"
          shares={data.topPeople}
          range={range}
          none="Nobody called in this time."
        />
        <ShareList
          title="Clusters"
          shares={data.topClusters}
          range={range}
          none="No cluster was called in this time."
        />
        <ShareList
          title="Secrets touched by"
          shares={data.secrets.people}
          range={range}
          none="Nobody touched a secret in this time."
          all={data.secrets}
        />
        <KeptViews />
      </div>
      <div className="overview-recent">
        <RecentCalls
          title="Denied attempts"
          list={data.denied}
          range={range}
          timeZone={timeZone}
          none="The gateway refused nothing in this time."
          says="message"
        />
        <RecentCalls
          title="Sessions"
          list={data.sessions}
          range={range}
          timeZone={timeZone}
          none="Nobody opened a shell or a port-forward in this time."
          says="place"
        />
      </div>
    </div>
  );
}
