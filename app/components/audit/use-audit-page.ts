"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AuditFacets } from "../../../lib/audit/query/schema.ts";
import { type FieldSet, withValues } from "../../../lib/filter/fields.ts";
import { formatFilter } from "../../../lib/filter/format.ts";
import { parseFilter } from "../../../lib/filter/parse.ts";
import { useWhenGatewayIsBack } from "../connection/use-gateway-connection.ts";
import { useOpenRow } from "./detail/use-open-row.ts";
import { useRowPage } from "./detail/use-row-page.ts";
import { toggleFacet } from "./facets/facet-filter.ts";
import { useFollowing } from "./live/use-following.ts";
import { useLiveTail } from "./live/use-live-tail.ts";
import type { RangeOfFilter } from "./query/range-of-filter.ts";
import { useFilterDraft } from "./query/use-filter-draft.ts";
import { isOneDay, isOpen, rangeOfInstants, type TimeRange } from "./range/time-range.ts";
import type { AuditSurface, CellContext } from "./surface.ts";
import { type ColumnState, formatColumns, parseColumns } from "./table/column-state.ts";
import { rememberColumns, rememberedColumns } from "./table/remembered-columns.ts";
import type { RowPages } from "./table/row-pages.ts";
import { useJumpToTime } from "./table/use-jump-to-time.ts";
import { useRowPages } from "./table/use-row-pages.ts";
import { useAuditData } from "./use-audit-data.ts";
import { useAuditQueries } from "./use-audit-queries.ts";
import { type AuditUrl, useAuditUrl } from "./use-audit-url.ts";
import { useRowFocus } from "./use-row-focus.ts";
import { useSearchDraft } from "./use-search-draft.ts";

const NO_FACETS: AuditFacets = { facets: [], exact: true };

/** Everything that an audit page knows and does, for a surface and a time zone. */
export type AuditPageModel<Row extends { no: number }> = ReturnType<typeof useAuditPage<Row>>;

export function useAuditPage<Row extends { no: number }>(
  surface: AuditSurface<Row>,
  timeZone: string,
  started: number,
) {
  const { endpoint } = surface;
  const address = useAuditUrl(surface.defaultRange, surface.scopes);
  const queries = useAuditQueries({ url: address, fields: surface.fields, timeZone, started });
  const { refresh, followClock, query, brushed, summaryQuery, rowQuery, isReadable, isRangeReadable } =
    queries;
  const url = useUrlThatRefreshes(address, refresh);
  const search = useSearchDraft(url.search, url.setSearch);

  const data = useAuditData({
    endpoint,
    query: isReadable ? summaryQuery : null,
    brushed: isReadable ? brushed : null,
    epoch: queries.summaryEpoch,
  });
  const rows = useRowPages({
    endpoint,
    schema: surface.listSchema,
    query: rowQuery,
    order: url.order,
    epoch: queries.epoch,
  });
  const fields = useKnownValues(surface.fields, data.facets);
  const draft = useFilterDraft({
    applied: url.filter,
    fields,
    scope: url.scope,
    endpoint,
    query: isRangeReadable ? (brushed ?? query) : null,
  });

  const scrollRef = useRef<HTMLDivElement>(null);
  const inDrawer = useOpenRow(surface.href);
  const onItsPage = useRowPage({ pageOf: surface.pageOf, pages: rows.pages, filter: url.filter });
  const open = surface.pageOf ? onItsPage : inDrawer;
  const focus = useRowFocus({ pages: rows.pages, open, scrollRef });
  const [atTop, setAtTop] = useState(true);
  const isReading = open.no !== null || hasRow(rows.pages, focus.focused);
  const isOldestFirst = url.order === "oldest";
  const canTail = isRangeReadable && !url.brush && !isOldestFirst && isOpen(summaryQuery.window, queries.now);
  const live = useLiveTail({
    on: url.live && canTail,
    endpoint,
    rowSchema: surface.rowSchema,
    query: rowQuery,
    rows,
    paused: !atTop || isReading,
    onReload: refresh,
  });
  const isWatching = live.state === "listening";
  useFollowing({ on: isWatching, messages: live.messages, isLoading: data.isLoading, follow: followClock });

  useWhenGatewayIsBack(rows.retry);
  const { exactCount } = data;
  useEffect(() => {
    if (exactCount !== null && !rows.isStale) rows.pages?.setTotal(exactCount);
  }, [rows, exactCount]);
  const jumpTo = useJumpToTime({
    endpoint,
    query: rowQuery,
    url,
    isCounted: exactCount !== null,
    scrollTo: useCallback((top: number) => scrollRef.current?.scrollTo({ top }), []),
  });
  const watchedTo = summaryQuery.window.to;
  const context = useMemo<CellContext>(
    () => ({
      timeZone,
      // While watching, rows of the next day come to those of the day that the list was read on.
      oneDay: isOneDay({ from: query.window.from, to: Math.max(query.window.to, watchedTo) }, timeZone),
      compact: open.no !== null,
    }),
    [timeZone, query.window, watchedTo, open.no],
  );
  const { setFocused } = focus;
  const actions = useAuditActions(surface, url, draft, setFocused);
  return {
    surface,
    timeZone,
    url,
    now: queries.now,
    range: summaryQuery.window,
    query,
    rowQuery,
    isReadable,
    isRangeReadable,
    data,
    /** Null while they are on their way. */
    facets: isReadable ? data.facets : NO_FACETS,
    rows,
    fields,
    draft,
    search,
    open,
    openRow: open.open,
    focused: focus.focused,
    focusRow: setFocused,
    move: focus.move,
    openFocused: focus.openFocused,
    live,
    canTail,
    isOldestFirst,
    refresh,
    jumpTo,
    context,
    scrollRef,
    setAtTop,
    /** Exact number of rows; null where counting stopped. */
    total: rows.pages?.isComplete ? rows.pages.rowCount : exactCount,
    ...useColumns(surface, url),
    ...actions,
  };
}

function hasRow<Row extends { no: number }>(pages: RowPages<Row> | null, no: number | null): boolean {
  return pages !== null && no !== null && pages.indexOf((row) => row.no === no) >= 0;
}

/** Another range is read by the clock of now, not of when the page was opened. */
function useUrlThatRefreshes(url: AuditUrl, refresh: () => void): AuditUrl {
  return useMemo(
    () => ({
      ...url,
      setRange: (range: TimeRange) => {
        refresh();
        return url.setRange(range);
      },
      setRangeOfFilter: (wanted: RangeOfFilter) => {
        refresh();
        return url.setRangeOfFilter(wanted);
      },
    }),
    [url, refresh],
  );
}

/** The fields with the values that the facets have shown: completion and builder offer them. */
function useKnownValues(fields: FieldSet, facets: AuditFacets | null): FieldSet {
  return useMemo(() => {
    const known = (facets?.facets ?? []).map(({ field, values }) => [
      field,
      values.flatMap(({ value }) => value ?? []),
    ]);
    return withValues(fields, Object.fromEntries(known));
  }, [fields, facets]);
}

function useColumns<Row extends { no: number }>(surface: AuditSurface<Row>, url: AuditUrl) {
  const { columns: text, setColumns: setText } = url;
  const columns = useMemo(() => parseColumns(text, surface.columns), [text, surface.columns]);
  const setColumns = useCallback(
    (state: ColumnState) => {
      const next = formatColumns(state, surface.columns);
      rememberColumns(surface.id, next);
      void setText(next);
    },
    [setText, surface.id, surface.columns],
  );
  // An address that says nothing of columns gets those chosen last, so that a link to the view has them too.
  useEffect(() => {
    const remembered = rememberedColumns(surface.id);
    if (text === null && remembered !== null) void setText(remembered);
  }, [text, setText, surface.id]);
  return { columns, setColumns };
}

function useAuditActions<Row extends { no: number }>(
  surface: AuditSurface<Row>,
  url: AuditUrl,
  { draft, error }: Pick<ReturnType<typeof useFilterDraft>, "draft" | "error">,
  setFocused: (no: number | null) => void,
) {
  // What is being written is kept: a value that is chosen comes to it.
  const text = error ? url.filter : draft;
  return useMemo(
    () => ({
      applyFilter: (text: string) => {
        setFocused(null);
        void url.setFilter(text);
      },
      toggleFacet: (field: string, value: string | null, choice: "included" | "excluded") => {
        const parsed = parseFilter(text, surface.fields);
        if (parsed.ok) void url.setFilter(formatFilter(toggleFacet(parsed.filter, field, value, choice)));
      },
      zoom: (brush: { from: number; to: number }) => void url.setRange(rangeOfInstants(brush)),
    }),
    [surface.fields, url, text, setFocused],
  );
}
