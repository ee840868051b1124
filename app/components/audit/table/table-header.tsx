"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import { classNames } from "../../class-names.ts";
import type { RowOrder } from "../use-audit-url.ts";
import type { PlacedColumn } from "./column-layout.ts";
import {
  type ColumnFacts,
  type ColumnState,
  MAX_COLUMN_WIDTH,
  MIN_COLUMN_WIDTH,
  moveColumnTo,
  resizeColumn,
} from "./column-state.ts";

interface HeaderColumn extends ColumnFacts {
  label: string;
  align?: "end";
  sorts?: boolean;
}

/**
 * The head of the table: drag a name to move its column, its edge to resize it. The edges are one stop of the Tab key, the one that was
 * reached last; the arrow keys lead from one to the next.
 */
function TableHeaderCells<Column extends HeaderColumn>({
  placed,
  columns,
  state,
  onState,
  order,
  onOrder,
}: {
  placed: readonly PlacedColumn<Column>[];
  columns: readonly Column[];
  state: ColumnState;
  onState: (state: ColumnState) => void;
  order: RowOrder;
  onOrder: (order: RowOrder) => void;
}) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [reached, setReached] = useState<string | null>(null);
  const tabStop = placed.some(({ column }) => column.id === reached) ? reached : placed[0]?.column.id;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {placed.map(({ column, width, left, isLastPinned }) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={column.sorts ? (order === "newest" ? "descending" : "ascending") : undefined}
            className={classNames(
              column.align === "end" && "is-number",
              left !== null && "is-pinned",
              isLastPinned && "is-pinned-last",
            )}
            style={left === null ? undefined : { left }}
            draggable={!column.pinned}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              setDragged(column.id);
            }}
            onDragOver={(event) => {
              if (dragged && !column.pinned) event.preventDefault();
            }}
            onDrop={() => {
              if (dragged) onState(moveColumnTo(state, dragged, column.id, columns));
            }}
            onDragEnd={() => setDragged(null)}
          >
            {column.sorts ? (
              <OrderButton label={column.label} order={order} onOrder={onOrder} />
            ) : (
              <span className="label" title={column.label}>
                {column.label}
              </span>
            )}
            <ColumnResizer
              label={column.label}
              width={width}
              narrowest={column.minWidth ?? MIN_COLUMN_WIDTH}
              isTabStop={column.id === tabStop}
              onReached={() => setReached(column.id)}
              onResize={(next) => onState(resizeColumn(state, column.id, next, columns))}
              onReset={() => onState(resizeColumn(state, column.id, column.width, columns))}
            />
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Turns the order round. */
function OrderButton({
  label,
  order,
  onOrder,
}: {
  label: string;
  order: RowOrder;
  onOrder: (order: RowOrder) => void;
}) {
  const other = order === "newest" ? "oldest" : "newest";
  const Icon = order === "newest" ? ChevronDown : ChevronUp;
  return (
    <button
      type="button"
      className="label"
      title={`${label}: ${order} first. Show the ${other} first.`}
      onClick={() => onOrder(other)}
    >
      {label}
      <Icon aria-hidden />
    </button>
  );
}

/** Drawn again only when the columns have changed. */
export const TableHeader = memo(TableHeaderCells) as typeof TableHeaderCells;

const STEP = 8;

/**
 * The edge of a column: drag it, or focus it and press ← or →; ↑ and ↓ go to the edge before and after it. A double click or Enter goes
 * back to the usual width (window splitter: WAI-ARIA APG).
 */
function ColumnResizer({
  label,
  width,
  narrowest,
  isTabStop,
  onReached,
  onResize,
  onReset,
}: {
  label: string;
  width: number;
  narrowest: number;
  isTabStop: boolean;
  onReached: () => void;
  onResize: (width: number) => void;
  onReset: () => void;
}) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const [active, setActive] = useState(false);

  function onPointerDown(event: PointerEvent<HTMLSpanElement>) {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
    setActive(true);
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const own: Record<string, () => void> = {
      ArrowLeft: () => onResize(width - STEP),
      ArrowRight: () => onResize(width + STEP),
      ArrowUp: () => edgeOf(event.currentTarget, "previousElementSibling")?.focus(),
      ArrowDown: () => edgeOf(event.currentTarget, "nextElementSibling")?.focus(),
      Enter: onReset,
    };
    const action = own[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={Math.round(width)}
      aria-valuemin={narrowest}
      aria-valuemax={MAX_COLUMN_WIDTH}
      title={`Width of ${label}: drag, or ← and →; Enter for the usual width; ↑ and ↓ for another column`}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={onReached}
      draggable={false}
      className={classNames("column-resizer", active && "is-active")}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (start.current) onResize(start.current.width + event.clientX - start.current.x);
      }}
      onPointerUp={() => {
        start.current = null;
        setActive(false);
      }}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    />
  );
}

/** The edge of the column before or after that of `edge`. */
function edgeOf(edge: HTMLElement, side: "previousElementSibling" | "nextElementSibling") {
  return edge.closest("th")?.[side]?.querySelector<HTMLElement>("[role=separator]");
}
