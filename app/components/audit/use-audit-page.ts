"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { withValues } from "../../../lib/filter/fields.ts";
import { formatFilter } from "../../../lib/filter/format.ts";
import { parseFilter } from "../../../lib/filter/parse.ts";
import type { AuditQuery } from "./audit-query.ts";
import { useOpenRow } from "./detail/use-open-row.ts";
import { toggleFacet } from "./facets/facet-filter.ts";
import { useLiveTail } from "./live/use-live-tail.ts";
import { useFilterDraft } from "./query/use-filter-draft.ts";
import { isOpen, rangeOfInstants, resolveRange } from "./range/time-range.ts";
import type { AuditSurface, CellContext } from "./surface.ts";
import { type ColumnState, formatColumns, parseColumns } from "./table/column-state.ts";
import { useRowPages } from "./table/use-row-pages.ts";
import { useAuditData } from "./use-audit-data.ts";
import { useAuditUrl } from "./use-audit-url.ts";
import { useSearchDraft } from "./use-search-draft.ts";

/** How long after the last message of the live tail the counts are asked for anew. */
const SUMMARY_DELAY_MS = 1500;

/** Everything that an audit page knows and does, for a surface and a time zone. */
export type AuditPageModel<Row extends { no: number }> = ReturnType<typeof useAuditPage<Row>>;

export function useAuditPage<Row extends { no: number }>(
  surface: AuditSurface<Row>,
  timeZone: string,
  started: number,
) {
  const { endpoint } = surface;
  const url = useAuditUrl(surface.defaultRange);
  // What "now" and "today" are: fixed until one refreshes, so that pages, counts and bars speak of the same rows.
  const [asOf, setAsOf] = useState({ now: started, epoch: 0 });
  const refresh = useCallback(() => setAsOf(({ epoch }) => ({ now: Date.now(), epoch: epoch + 1 })), []);
  const range = useMemo(() => resolveRange(url.range, asOf.now, timeZone), [url.range, asOf.now, timeZone]);
  const search = useSearchDraft(url.search, url.setSearch);

  const query = useMemo<AuditQuery>(
    () => ({ window: range, words: url.range, timeZone, filter: url.filter, search: url.search }),
    [range, url.range, timeZone, url.filter, url.search],
  );
  const brushed = useMemo<AuditQuery | null>(
    () => (url.brush ? { ...query, window: url.brush, words: undefined } : null),
    [query, url.brush],
  );
  const isReadable = useMemo(() => parseFilter(url.filter, surface.fields).ok, [url.filter, surface.fields]);
  const rowQuery = isReadable ? (brushed ?? query) : null;

  // While watching, the numbers around the table follow the clock; the rows' own window stays until one refreshes.
  const [summaryNow, setSummaryNow] = useState(0);
  const summaryRange = useMemo(
    () => (summaryNow > asOf.now ? resolveRange(url.range, summaryNow, timeZone) : range),
    [summaryNow, asOf.now, url.range, timeZone, range],
  );
  const summaryQuery = useMemo<AuditQuery>(() => ({ ...query, window: summaryRange }), [query, summaryRange]);
  const data = useAuditData({
    endpoint,
    query: isReadable ? summaryQuery : null,
    brushed: isReadable ? brushed : null,
    epoch: asOf.epoch + summaryNow,
  });
  const rows = useRowPages({ endpoint, schema: surface.listSchema, query: rowQuery, epoch: asOf.epoch });

  const knownValues = useMemo(
    () =>
      Object.fromEntries(
        (data.facets?.facets ?? []).map(({ field, values }) => [
          field,
          values.flatMap(({ value }) => value ?? []),
        ]),
      ),
    [data.facets],
  );
  const fields = useMemo(() => withValues(surface.fields, knownValues), [surface.fields, knownValues]);
  const draft = useFilterDraft({ applied: url.filter, fields, endpoint, query: brushed ?? query });

  const open = useOpenRow(surface.href);
  const [focused, setFocused] = useState<{ no: number; index: number } | null>(null);
  const [atTop, setAtTop] = useState(true);
  const scrollRef = useRef<HTMLDivElement>(null);
  const canTail = isOpen(rowQuery?.window ?? range, asOf.now) && !url.brush;
  const live = useLiveTail({
    on: url.live && canTail,
    endpoint,
    rowSchema: surface.rowSchema,
    query: rowQuery,
    pages: rows.pages,
    paused: !atTop || open.no !== null,
    onReload: refresh,
  });

  useEffect(() => {
    if (live.messages === 0) return;
    const timer = setTimeout(() => setSummaryNow(Date.now()), SUMMARY_DELAY_MS);
    return () => clearTimeout(timer);
  }, [live.messages]);

  const columns = useMemo<ColumnState>(
    () => parseColumns(url.columns, surface.columns),
    [url.columns, surface.columns],
  );
  const context = useMemo<CellContext>(
    () => ({ timeZone, oneDay: range.to - range.from <= 90_000_000, compact: open.no !== null }),
    [timeZone, range, open.no],
  );

  const focusRow = useCallback((no: number, index: number) => setFocused({ no, index }), []);
  const openRow = useCallback((no: number) => open.open(no), [open.open]);
  const move = useCallback(
    (by: number) => {
      const pages = rows.pages;
      if (!pages) return;
      const held = focused ? pages.indexOf((row) => row.no === focused.no) : -1;
      const at = held < 0 && by < 0 ? 0 : held;
      const index = Math.min(pages.rowCount - 1, Math.max(0, at + by));
      const row = pages.rowAt(index);
      if (!row) return;
      setFocused({ no: row.no, index });
      scrollRowIntoView(scrollRef.current, index);
      if (open.no !== null) open.open(row.no);
    },
    [rows.pages, focused, open.no, open.open],
  );

  // A row opened by its address is the focused one.
  useEffect(() => {
    if (open.no !== null && focused?.no !== open.no) setFocused({ no: open.no, index: -1 });
  }, [open.no, focused?.no]);

  const { setColumns: setColumnsText } = url;
  const setColumns = useCallback(
    (state: ColumnState) => void setColumnsText(formatColumns(state, surface.columns)),
    [setColumnsText, surface.columns],
  );

  const total = rows.pages?.isComplete
    ? rows.pages.rowCount
    : exactCount(brushed ? data.brushedCount : data.count);
  return {
    surface,
    timeZone,
    url,
    now: Math.max(asOf.now, summaryNow),
    range: summaryRange,
    query,
    rowQuery,
    data,
    rows,
    fields,
    draft,
    search,
    open,
    focused,
    focusRow,
    openRow,
    move,
    live,
    canTail,
    refresh,
    columns,
    setColumns,
    context,
    scrollRef,
    setAtTop,
    total,
    isReadable,
    applyFilter: (text: string) => {
      setFocused(null);
      void url.setFilter(text);
    },
    toggleFacet: (field: string, value: string | null, choice: "included" | "excluded") => {
      const parsed = parseFilter(url.filter, surface.fields);
      if (parsed.ok) void url.setFilter(formatFilter(toggleFacet(parsed.filter, field, value, choice)));
    },
    zoom: (brush: { from: number; to: number }) => void url.setRange(rangeOfInstants(brush)),
  };
}

function exactCount(count: { count: number; exact: boolean } | null): number | null {
  return count?.exact ? count.count : null;
}

const ROW = 32;

function scrollRowIntoView(element: HTMLElement | null, index: number): void {
  if (!element) return;
  const top = index * ROW;
  const height = element.clientHeight - 30;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + ROW > element.scrollTop + height) element.scrollTop = top + ROW - height;
}
