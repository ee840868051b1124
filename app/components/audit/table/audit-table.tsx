"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useMemo, useState } from "react";
import { classNames } from "../../class-names.ts";
import { Skeleton } from "../../skeleton.tsx";
import type { AuditColumn, CellContext } from "../surface.ts";
import type { RowOrder } from "../use-audit-url.ts";
import { layOutColumns, type PlacedColumn } from "./column-layout.ts";
import type { ColumnState } from "./column-state.ts";
import { ensureAround } from "./ensure-around.ts";
import { useLongestNo, widthOfNumber } from "./number-width.ts";
import type { RowPages } from "./row-pages.ts";
import { MOST_ROWS, ROW_HEIGHT } from "./scroll-limits.ts";
import { TableHeader } from "./table-header.tsx";
import { TableRow } from "./table-row.tsx";
import { useElementWidth } from "./use-element-width.ts";

const HEAD_HEIGHT = 30;

export interface AuditTableProps<Row extends { no: number }> {
  pages: RowPages<Row>;
  /** Changes when `pages` has: the table reads it while drawing. */
  version: number;
  columns: readonly AuditColumn<Row>[];
  state: ColumnState;
  onState: (state: ColumnState) => void;
  order: RowOrder;
  onOrder: (order: RowOrder) => void;
  context: CellContext;
  /** Exact number of rows, or null while only a part is known. */
  total: number | null;
  label: string;
  focused: number | null;
  onFocusRow: (no: number) => void;
  onOpenRow: (no: number) => void;
  isFailure: (row: Row) => boolean;
  scrollRef: RefObject<HTMLDivElement | null>;
  onScrolled: (atTop: boolean) => void;
  children?: ReactNode;
}

/** A real table of which only the rows in sight exist. Rows that are not held are asked for as they come into sight. */
export function AuditTable<Row extends { no: number }>(props: AuditTableProps<Row>) {
  const { pages, version, columns, state, context, scrollRef, total } = props;
  const width = useElementWidth(scrollRef);
  const [scrolledSideways, setScrolledSideways] = useState(false);
  const { compact, oneDay } = context;
  const longestNo = useLongestNo();
  const visible = useMemo(
    () => columnsIn(columns, { compact, oneDay }, longestNo.text),
    [columns, compact, oneDay, longestNo.text],
  );
  const layout = useMemo(
    () => layOutColumns(visible, state.shown, state.widths, width),
    [visible, state, width],
  );
  const virtualizer = useVirtualizer({
    count: Math.min(MOST_ROWS, pages.rowCount + (pages.hasMore ? 1 : 0)),
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { isScrolling } = virtualizer;
  useEffect(() => {
    // Asked anew whenever the pages have changed: one that came may have made the next known.
    void version;
    ensureAround(pages, { first, last, isScrolling });
  }, [pages, first, last, version, isScrolling]);
  longestNo.see(items.map(({ index }) => pages.rowAt(index)?.no ?? 0));

  useEffect(() => {
    void pages;
    scrollRef.current?.scrollTo({ top: 0 });
  }, [pages, scrollRef]);

  const before = items[0] ? items[0].start - HEAD_HEIGHT : 0;
  const after = Math.max(0, virtualizer.getTotalSize() - (items.at(-1)?.end ?? HEAD_HEIGHT) + HEAD_HEIGHT);

  return (
    <section
      ref={scrollRef}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
      tabIndex={0}
      data-list
      aria-label={`${props.label}, scrolls sideways`}
      className={classNames("table-scroll", scrolledSideways && "is-scrolled")}
      onScroll={(event) => {
        const { scrollLeft, scrollTop } = event.currentTarget;
        setScrolledSideways(scrollLeft > 0);
        props.onScrolled(scrollTop < ROW_HEIGHT);
      }}
    >
      {props.children}
      <table
        aria-label={props.label}
        className="audit-table"
        style={{ width: layout.total }}
        aria-rowcount={(total ?? -2) + 1}
      >
        <colgroup>
          {layout.placed.map(({ column, width: columnWidth }) => (
            <col key={column.id} style={{ width: columnWidth }} />
          ))}
        </colgroup>
        <TableHeader
          placed={layout.placed}
          columns={columns}
          state={state}
          onState={props.onState}
          order={props.order}
          onOrder={props.onOrder}
        />
        <tbody>
          <Spacer height={before} span={layout.placed.length} />
          {items.map((item) => {
            const row = pages.rowAt(item.index);
            return row ? (
              <TableRow
                key={row.no}
                row={row}
                index={item.index}
                placed={layout.placed}
                context={context}
                isFailure={props.isFailure(row)}
                isFocused={row.no === props.focused}
                onFocusRow={props.onFocusRow}
                onOpenRow={props.onOpenRow}
              />
            ) : (
              <SkeletonRow key={`waiting ${item.index}`} placed={layout.placed} index={item.index} />
            );
          })}
          <Spacer height={after} span={layout.placed.length} />
        </tbody>
      </table>
    </section>
  );
}

/** The columns as they are in this place: beside the drawer some give way, over several days times are longer, and numbers grow. */
function columnsIn<Row>(
  columns: readonly AuditColumn<Row>[],
  { compact, oneDay }: Pick<CellContext, "compact" | "oneDay">,
  longestNo: string,
): AuditColumn<Row>[] {
  return columns
    .filter((column) => !compact || !column.yieldsToDrawer)
    .map((column) => {
      const ofDay = oneDay ? column.width : (column.widthWithDay ?? column.width);
      return { ...column, width: column.holdsNumber ? Math.max(ofDay, widthOfNumber(longestNo)) : ofDay };
    });
}

function Spacer({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr className="spacer" aria-hidden style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

/** A row that is on its way, at the height it will have. */
function SkeletonRow<Column extends { id: string }>({
  placed,
  index,
}: {
  placed: readonly PlacedColumn<Column>[];
  index: number;
}) {
  return (
    <tr aria-hidden>
      {placed.map(({ column, width, left }) => (
        <td
          key={column.id}
          className={left === null ? undefined : "is-pinned"}
          style={left === null ? undefined : { left }}
        >
          <Skeleton
            width={Math.max(
              20,
              Math.min(130, width * (0.45 + ((index * 7 + column.id.length * 3) % 5) / 10)),
            )}
          />
        </td>
      ))}
    </tr>
  );
}
