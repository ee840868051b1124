"use client";

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { RangeOfFilter } from "./query/range-of-filter.ts";
import type { ResolvedRange, TimeRange } from "./range/time-range.ts";
import { instantText, rangeOfAddress } from "./range/time-range.ts";
import { openedScope } from "./scope/opened-scope.ts";
import type { SurfaceScope } from "./surface.ts";

const VIEWS = ["calls", "commands"] as const;
const ORDERS = ["newest", "oldest"] as const;

const PARSERS = {
  from: parseAsString,
  to: parseAsString,
  filter: parseAsString.withDefault(""),
  search: parseAsString.withDefault(""),
  /** The part of the rows that is shown, by its name. */
  show: parseAsString,
  view: parseAsStringLiteral(VIEWS).withDefault("calls"),
  /** `from..to` of the brushed part. */
  brush: parseAsString,
  /** Which rows come first. */
  order: parseAsStringLiteral(ORDERS).withDefault("newest"),
  columns: parseAsString,
  facets: parseAsBoolean,
  live: parseAsBoolean.withDefault(false),
};

export type RowOrder = (typeof ORDERS)[number];

/** What of the page lives in the URL: all of it that a link should bring back. */
export type AuditUrl = ReturnType<typeof useAuditUrl>;

export function useAuditUrl(defaultRange: TimeRange, scopes?: readonly [SurfaceScope, ...SurfaceScope[]]) {
  const [state, setState] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  const range = useMemo<TimeRange>(
    () => rangeOfAddress({ from: state.from, to: state.to }, defaultRange),
    [state.from, state.to, defaultRange],
  );
  const brush = useMemo(() => parseBrush(state.brush), [state.brush]);
  const scope = useMemo(
    () => openedScope(scopes, { show: state.show, narrowed: state.filter !== "" || state.search !== "" }),
    [scopes, state.show, state.filter, state.search],
  );
  // An address that narrows without saying of what speaks of everything: what is narrowed here says it.
  const show = scope?.value ?? null;
  return useMemo(
    () => ({
      ...state,
      range,
      brush,
      scope,
      setScope: (next: string) => setState({ show: next, brush: null }),
      setRange: (next: TimeRange) => {
        const usual = next.from === defaultRange.from && next.to === defaultRange.to;
        return setState({ from: usual ? null : next.from, to: usual ? null : next.to, brush: null });
      },
      /** A range that was written into the filter. */
      setRangeOfFilter: ({ range: { from, to }, filter }: RangeOfFilter) =>
        setState({ from, to, filter: filter || null, brush: null, show }),
      setFilter: (filter: string) => setState({ filter: filter || null, show }),
      // Typing is not a step to go back to.
      setSearch: (search: string) => setState({ search: search || null, show }, { history: "replace" }),
      /** What was searched for is looked for by a filter instead. */
      searchByFilter: (filter: string) => setState({ filter, search: null, show }),
      setView: (view: (typeof VIEWS)[number]) => setState({ view }),
      setBrush: (next: ResolvedRange | null) => setState({ brush: next && formatBrush(next) }),
      setOrder: (order: RowOrder) => setState({ order }),
      setColumns: (columns: string | null) => setState({ columns }, { history: "replace" }),
      setFacets: (facets: boolean) => setState({ facets }, { history: "replace" }),
      setLive: (live: boolean) => setState({ live }, { history: "replace" }),
      reset: () => setState({ filter: null, search: null, brush: null, show }),
    }),
    [state, range, brush, scope, show, defaultRange, setState],
  );
}

function parseBrush(text: string | null): ResolvedRange | null {
  const [from = Number.NaN, to = Number.NaN] = (text ?? "").split("..").map((part) => Date.parse(part));
  return to > from ? { from, to } : null;
}

function formatBrush({ from, to }: ResolvedRange): string {
  return `${instantText(from)}..${instantText(to)}`;
}
