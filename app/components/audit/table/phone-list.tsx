"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect } from "react";
import { Skeleton } from "../../skeleton.tsx";
import type { AuditSurface, CellContext } from "../surface.ts";
import { ensureAround } from "./ensure-around.ts";
import type { RowPages } from "./row-pages.ts";
import { MOST_ROWS } from "./scroll-limits.ts";

/** The rows on a phone: items of two lines, failures with their message. */
export function PhoneList<Row extends { no: number }>({
  surface,
  pages,
  version,
  context,
  focused,
  total,
  onOpenRow,
  scrollRef,
  onScrolled,
}: {
  surface: AuditSurface<Row>;
  pages: RowPages<Row>;
  version: number;
  context: CellContext;
  focused: number | null;
  total: number | null;
  onOpenRow: (no: number) => void;
  scrollRef: RefObject<HTMLDivElement | null>;
  onScrolled: (atTop: boolean) => void;
}) {
  const virtualizer = useVirtualizer({
    count: Math.min(MOST_ROWS / 2, pages.rowCount + (pages.hasMore ? 1 : 0)),
    getScrollElement: () => scrollRef.current,
    estimateSize: () => 61,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { isScrolling } = virtualizer;
  useEffect(() => {
    void version;
    ensureAround(pages, { first, last, isScrolling });
  }, [pages, first, last, version, isScrolling]);
  const { PhoneRow } = surface;
  return (
    <div
      ref={scrollRef}
      className="table-scroll"
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop < 32)}
    >
      <ul style={{ height: virtualizer.getTotalSize(), position: "relative" }} aria-label={surface.noun.many}>
        {items.map((item) => {
          const row = pages.rowAt(item.index);
          return (
            <li
              key={row ? row.no : `waiting ${item.index}`}
              ref={virtualizer.measureElement}
              data-index={item.index}
              aria-setsize={total ?? -1}
              aria-posinset={item.index + 1}
              style={{
                position: "absolute",
                top: 0,
                left: 0,
                width: "100%",
                transform: `translateY(${item.start}px)`,
              }}
            >
              {row ? (
                <button
                  type="button"
                  data-no={row.no}
                  className={`call-item${surface.isFailure(row) ? " is-failure" : ""}${row.no === focused ? " is-focused" : ""}`}
                  onClick={() => onOpenRow(row.no)}
                >
                  <PhoneRow row={row} context={context} />
                </button>
              ) : (
                <div className="call-item" aria-hidden>
                  <span />
                  <span className="grid gap-2 pt-1">
                    <Skeleton width={180} />
                    <Skeleton width={120} />
                  </span>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
