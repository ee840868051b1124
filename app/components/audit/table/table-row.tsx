"use client";

import { type CSSProperties, memo } from "react";
import { classNames } from "../../class-names.ts";
import type { AuditColumn, CellContext } from "../surface.ts";
import type { PlacedColumn } from "./column-layout.ts";

interface TableRowProps<Row extends { no: number }> {
  row: Row;
  index: number;
  placed: readonly PlacedColumn<AuditColumn<Row>>[];
  context: CellContext;
  isFailure: boolean;
  isFocused: boolean;
  onFocusRow: (no: number) => void;
  onOpenRow: (no: number) => void;
}

function TableRowCells<Row extends { no: number }>({
  row,
  index,
  placed,
  context,
  isFailure,
  isFocused,
  onFocusRow,
  onOpenRow,
}: TableRowProps<Row>) {
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isFocused}
      data-no={row.no}
      tabIndex={-1}
      className={classNames(isFailure && "is-failure", isFocused && "is-focused")}
      onClick={() => {
        // Text that was marked to be copied opens nothing.
        if (window.getSelection()?.toString()) return;
        onFocusRow(row.no);
        onOpenRow(row.no);
      }}
    >
      {placed.map(({ column, left, isLastPinned }) => (
        <td
          key={column.id}
          className={classNames(
            column.className,
            column.align === "end" && "is-number",
            left !== null && "is-pinned",
            isLastPinned && "is-pinned-last",
          )}
          style={left === null ? undefined : ({ left } as CSSProperties)}
          title={column.title?.(row, context)}
        >
          {column.cell(row, context)}
        </td>
      ))}
    </tr>
  );
}

/** One row; drawn again only when something of it has changed. */
export const TableRow = memo(TableRowCells) as typeof TableRowCells;
