"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronUp } from "lucide-react";
import { type MouseEvent, useEffect, useRef } from "react";
import { useElementWidth } from "../audit/table/use-element-width.ts";
import type { ListColumn, RowAction } from "./list-column.ts";
import { RowMenu } from "./row-menu.tsx";
import type { ListSort } from "./sort-rows.ts";

const ROW_HEIGHT = 32;
const MENU_WIDTH = 44;

/** The rows of a list as a table; long lists draw what is in sight. */
export function ListTable<Row>({
  label,
  rows,
  columns,
  sort,
  onSort,
  keyOf,
  nameOf,
  focused,
  opened,
  onOpen,
  actionsOf,
  isDim,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly ListColumn<Row>[];
  sort: ListSort | null;
  onSort: (column: string) => void;
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  /** Index of the row that the keys are on; -1 for none. */
  focused: number;
  opened: Row | null;
  onOpen?: (row: Row) => void;
  actionsOf?: (row: Row) => readonly RowAction[];
  /** Rows that do not count any more. */
  isDim?: (row: Row) => boolean;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroll);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 1200, height: 900 },
  });
  useEffect(() => {
    if (focused >= 0) virtual.scrollToIndex(focused);
  }, [focused, virtual]);
  const shown = columns.filter(({ from }) => from === undefined || width === 0 || width >= from);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const count = shown.length + (actionsOf ? 1 : 0);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="table-scroll" ref={scroll} tabIndex={0} data-list aria-label={label}>
      <table
        className="audit-table list-table w-full"
        aria-rowcount={rows.length + 1}
        style={{ minWidth: shown.reduce((sum, column) => sum + column.width, actionsOf ? MENU_WIDTH : 0) }}
      >
        <colgroup>
          {shown.map((column) => (
            <col key={column.id} style={column.flexible ? undefined : { width: column.width }} />
          ))}
          {actionsOf ? <col style={{ width: MENU_WIDTH }} /> : null}
        </colgroup>
        <thead>
          <tr>
            {shown.map((column) => (
              <ColumnHead
                key={column.id}
                column={column}
                sorted={sort?.column === column.id ? sort.direction : undefined}
                onSort={onSort}
              />
            ))}
            {actionsOf ? (
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          <Spacer height={before} columns={count} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={keyOf(row)}
                aria-rowindex={index + 2}
                tabIndex={-1}
                aria-selected={opened !== null && keyOf(opened) === keyOf(row)}
                className={rowClass(index === focused, isDim?.(row) ?? false)}
                onClick={(event) => {
                  if (isOnRow(event)) onOpen?.(row);
                }}
              >
                {shown.map((column) => (
                  <td key={column.id} className={cellClass(column)} title={column.title?.(row)}>
                    {column.cell(row)}
                  </td>
                ))}
                {actionsOf ? (
                  <td className="p-0! text-center">
                    <RowMenu name={nameOf(row)} actions={actionsOf(row)} />
                  </td>
                ) : null}
              </tr>
            );
          })}
          <Spacer height={after} columns={count} />
        </tbody>
      </table>
    </section>
  );
}

/** A column's name; pressed, it sorts the list. */
function ColumnHead<Row>({
  column: { id, label, align, sortBy },
  sorted,
  onSort,
}: {
  column: ListColumn<Row>;
  sorted: ListSort["direction"] | undefined;
  onSort: (column: string) => void;
}) {
  const Arrow = sorted === "descending" ? ChevronDown : ChevronUp;
  return (
    <th scope="col" aria-sort={sorted} className={align === "end" ? "is-number" : undefined}>
      {sortBy ? (
        <button type="button" className="label" onClick={() => onSort(id)}>
          {label}
          {sorted ? <Arrow aria-hidden /> : null}
        </button>
      ) : (
        <span className="label">{label}</span>
      )}
    </th>
  );
}

/** Whether the row itself was clicked: not a control in it, nor a menu of it, whose events bubble here from elsewhere. */
function isOnRow({ target, currentTarget }: MouseEvent<HTMLTableRowElement>): boolean {
  return target instanceof Element && currentTarget.contains(target) && !target.closest("button, a");
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr className="spacer" aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function rowClass(focused: boolean, dim: boolean): string | undefined {
  return [focused && "is-focused", dim && "is-dim"].filter(Boolean).join(" ") || undefined;
}

function cellClass<Row>(column: ListColumn<Row>): string | undefined {
  return [column.align === "end" && "is-number", column.className].filter(Boolean).join(" ") || undefined;
}
