"use client";

import { type ReactNode, useState } from "react";
import { useMediaQuery } from "../use-media-query.ts";
import { AuditFoot } from "./audit-foot.tsx";
import { AuditRows } from "./audit-rows.tsx";
import { AuditToolBar } from "./audit-tool-bar.tsx";
import { AuditTopBar } from "./audit-top-bar.tsx";
import { CountLine } from "./count-line.tsx";
import { FacetPanel, FacetRail } from "./facets/facet-panel.tsx";
import { Histogram } from "./histogram/histogram.tsx";
import { describeBucket } from "./histogram/histogram-scale.ts";
import { LiveBanner } from "./live/live-banner.tsx";
import type { OtherView } from "./other-view.ts";
import { PhoneTools } from "./phone-tools.tsx";
import { ShortcutsDialog } from "./shortcuts/shortcuts-dialog.tsx";
import { useShortcuts } from "./shortcuts/use-shortcuts.ts";
import { JumpToTime } from "./table/jump-to-time.tsx";
import { ROW_HEIGHT } from "./table/scroll-limits.ts";
import type { AuditPageModel } from "./use-audit-page.ts";

/** An audit page: bars, facets, histogram, rows and foot, around a surface; the drawer stands beside it. */
export function AuditPage<Row extends { no: number }>({
  model,
  views,
  above,
  otherView,
  drawer,
}: {
  model: AuditPageModel<Row>;
  /** Switches between views of the same calls. */
  views?: ReactNode;
  /** Stands above the count of the rows. */
  above?: ReactNode;
  /** Stands in the place of the rows. */
  otherView?: OtherView;
  drawer: ReactNode;
}) {
  const isPhone = useMediaQuery("(max-width: 767px)");
  const isNarrow = useMediaQuery("(max-width: 1099px)");
  const [columnsOpen, setColumnsOpen] = useState(false);
  const [exportOpen, setExportOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [jumpOpen, setJumpOpen] = useState(false);
  const { url, open, surface } = model;
  const facetsOpen = !isPhone && (url.facets ?? (!isNarrow && open.no === null));

  const { move, openFocused } = otherView ?? model;

  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    ...(otherView ? {} : pagingKeys(model)),
    Enter: () => openFocused(),
    Escape: () => stepBack(model),
    "/": () => focusField("search"),
    f: () => focusField("filter"),
    "[": () => void url.setFacets(!facetsOpen),
    l: () => model.canTail && void url.setLive(!url.live),
    r: model.refresh,
    g: () => !otherView && !isPhone && setJumpOpen(true),
    c: () => !otherView && setColumnsOpen(true),
    e: () => setExportOpen(true),
    "?": () => setKeysOpen(true),
  });

  return (
    <>
      <main className="page page-audit">
        <AuditTopBar
          model={model}
          isPhone={isPhone}
          hasColumns={otherView === undefined}
          columnsOpen={columnsOpen}
          onColumnsOpen={setColumnsOpen}
          exportOpen={exportOpen}
          onExportOpen={setExportOpen}
        />
        {isPhone ? <PhoneTools model={model} views={views} /> : <AuditToolBar model={model} views={views} />}
        <div
          className={`audit-split${facetsOpen ? (isNarrow ? " is-overlay" : "") : isPhone ? " is-phone" : " is-closed"}`}
        >
          {isPhone ? null : facetsOpen && !isNarrow ? null : (
            <FacetRail onOpen={() => void url.setFacets(true)} />
          )}
          {facetsOpen ? (
            <FacetPanel
              facets={model.facets}
              failed={model.data.facetsFailed}
              filter={model.draft.error ? null : model.draft.filter}
              failure={surface.failure}
              onToggle={model.toggleFacet}
              onClose={() => void url.setFacets(false)}
            />
          ) : null}
          <section className="sheet" aria-label={surface.title}>
            {above}
            {model.isRangeReadable ? (
              <TimeSummary model={model} otherView={otherView} jumpOpen={jumpOpen} onJumpOpen={setJumpOpen} />
            ) : null}
            <LiveBanner
              state={model.live.state}
              problem={model.live.problem}
              heardAt={model.live.heardAt}
              timeZone={model.timeZone}
              waiting={model.live.waiting}
              overflow={model.live.overflow}
              noun={surface.noun}
              onShow={() => {
                model.live.show();
                if (open.no === null) model.focusRow(null);
                model.scrollRef.current?.scrollTo(0, 0);
              }}
              onReconnect={model.live.reconnect}
            />
            {otherView?.content ?? <AuditRows model={model} isPhone={isPhone} />}
          </section>
        </div>
        <AuditFoot model={model} otherView={otherView} />
      </main>
      {drawer}
      <ShortcutsDialog open={keysOpen} onOpenChange={setKeysOpen} />
    </>
  );
}

/** Keys that scroll the rows wherever the focus is. */
function pagingKeys<Row extends { no: number }>({ scrollRef }: AuditPageModel<Row>) {
  const scroll = (to: (element: HTMLElement) => number) => () => {
    const element = scrollRef.current;
    element?.scrollTo({ top: to(element) });
  };
  const page = ({ clientHeight }: HTMLElement) => clientHeight - 2 * ROW_HEIGHT;
  return {
    Home: scroll(() => 0),
    End: scroll(({ scrollHeight }) => scrollHeight),
    PageUp: scroll((element) => element.scrollTop - page(element)),
    PageDown: scroll((element) => element.scrollTop + page(element)),
  };
}

/** How many rows there are, and when they were. */
function TimeSummary<Row extends { no: number }>({
  model,
  otherView,
  jumpOpen,
  onJumpOpen,
}: {
  model: AuditPageModel<Row>;
  otherView?: OtherView;
  jumpOpen: boolean;
  onJumpOpen: (open: boolean) => void;
}) {
  const { url, surface } = model;
  return (
    <>
      <CountLine
        count={otherView ? otherView.count : model.data.count}
        brushedCount={otherView ? null : model.data.brushedCount}
        histogram={model.data.histogram}
        window={model.range}
        brush={url.brush}
        onClearBrush={() => void url.setBrush(null)}
        noun={otherView?.noun ?? surface.noun}
        barsNoun={surface.noun}
        outcome={surface.outcome}
        timeZone={model.timeZone}
        failed={model.data.failed}
        onRetry={model.refresh}
      >
        {otherView ? null : (
          <JumpToTime
            open={jumpOpen}
            onOpenChange={onJumpOpen}
            window={url.brush ?? model.range}
            now={model.now}
            timeZone={model.timeZone}
            onJump={model.jumpTo}
          />
        )}
      </CountLine>
      <Histogram
        data={model.data.histogram}
        window={model.range}
        brush={url.brush}
        onBrush={(brush) => void url.setBrush(brush)}
        onZoom={model.zoom}
        now={model.now}
        timeZone={model.timeZone}
        outcome={surface.outcome}
        label={histogramLabel(model)}
      />
    </>
  );
}

/** Out of the drawer, then off the row that is read, then out of the brush. */
function stepBack<Row extends { no: number }>({ open, focused, focusRow, url }: AuditPageModel<Row>): void {
  if (open.no !== null) open.open(null);
  else if (focused !== null) focusRow(null);
  else void url.setBrush(null);
}

function histogramLabel<Row extends { no: number }>({ surface, data }: AuditPageModel<Row>): string {
  const name = surface.noun.many.charAt(0).toUpperCase() + surface.noun.many.slice(1);
  const bar = data.histogram ? ` per ${describeBucket(data.histogram.bucketSeconds)}` : "";
  return `${name}${bar}, ${surface.outcome.success.toLowerCase()} and ${surface.outcome.failure.toLowerCase()} stacked`;
}

function focusField(name: "search" | "filter"): void {
  document.querySelector<HTMLInputElement>(`[data-field="${name}"] input`)?.focus();
}
