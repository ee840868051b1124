"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { RowPages } from "./table/row-pages.ts";
import { ROW_HEIGHT } from "./table/scroll-limits.ts";

const HEAD_HEIGHT = 30;

/**
 * The row that the keys are at. While the drawer is open it walks along. Keys pressed while the first rows are still on their
 * way act when the rows are there.
 */
export function useRowFocus<Row extends { no: number }>({
  pages,
  open,
  scrollRef,
}: {
  pages: RowPages<Row> | null;
  open: { no: number | null; open: (no: number | null) => void; isOpen: () => boolean };
  scrollRef: RefObject<HTMLElement | null>;
}) {
  const [focused, setFocused] = useState<number | null>(null);
  const { no: openNo, open: openRow, isOpen } = open;

  // A row opened by its address is the focused one.
  useEffect(() => {
    if (openNo !== null) setFocused(openNo);
  }, [openNo]);

  const early = useRef({ moves: 0, open: false });

  const move = useCallback(
    (by: number) => {
      if (!pages) {
        early.current.moves += by;
        return;
      }
      const held = focused === null ? -1 : pages.indexOf((row) => row.no === focused);
      // From nowhere, or from a row that was left behind: at the first row in sight.
      const top = firstInSight(scrollRef.current);
      const from = held >= 0 ? held : by < 0 ? top : top - 1;
      const index = Math.min(pages.rowCount - 1, Math.max(0, from + by));
      const row = pages.rowAt(index);
      if (!row) return;
      setFocused(row.no);
      scrollIntoView(scrollRef.current, index);
      if (isOpen() || early.current.open) openRow(row.no);
    },
    [pages, focused, isOpen, openRow, scrollRef],
  );

  const openFocused = useCallback(() => {
    if (focused !== null) openRow(focused);
    else if (!pages && early.current.moves !== 0) early.current.open = true;
  }, [focused, pages, openRow]);

  useEffect(() => {
    if (!pages) return;
    if (early.current.moves !== 0) move(early.current.moves);
    early.current = { moves: 0, open: false };
  }, [pages, move]);

  return { focused, setFocused, move, openFocused };
}

function firstInSight(element: HTMLElement | null): number {
  return element ? Math.ceil(element.scrollTop / ROW_HEIGHT) : 0;
}

function scrollIntoView(element: HTMLElement | null, index: number): void {
  if (!element) return;
  const top = index * ROW_HEIGHT;
  const height = element.clientHeight - HEAD_HEIGHT;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + ROW_HEIGHT > element.scrollTop + height) element.scrollTop = top + ROW_HEIGHT - height;
}
