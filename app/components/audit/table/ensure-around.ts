import type { RowPages } from "./row-pages.ts";

/** Near the top one mostly looks at what is there; further on, one scrolls: pages are asked for well ahead of the view. */
const AHEAD_AT_TOP = 75;
const AHEAD = 300;
const TOP = 100;

/** Sees to the rows in sight and those that a scroll comes to next. */
export function ensureAround<Row>(
  pages: RowPages<Row>,
  { first, last, isScrolling }: { first: number; last: number; isScrolling: boolean },
): void {
  const ahead = last < TOP ? AHEAD_AT_TOP : AHEAD;
  pages.ensure(Math.max(0, first - ahead), last + ahead, isScrolling);
}
