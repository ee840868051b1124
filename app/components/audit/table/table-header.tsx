"use client";

import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import { classNames } from "../../class-names.ts";
import type { PlacedColumn } from "./column-layout.ts";
import { type ColumnFacts, type ColumnState, moveColumnTo, resizeColumn } from "./column-state.ts";

interface HeaderColumn extends ColumnFacts {
  label: string;
  align?: "end";
  sorted?: "descending";
}

/** The head of the table: drag a name to move its column, its edge to resize it. */
function TableHeaderCells<Column extends HeaderColumn>({
  placed,
  columns,
  state,
  onState,
}: {
  placed: readonly PlacedColumn<Column>[];
  columns: readonly Column[];
  state: ColumnState;
  onState: (state: ColumnState) => void;
}) {
  const [dragged, setDragged] = useState<string | null>(null);
  return (
    <thead>
      <tr aria-rowindex={1}>
        {placed.map(({ column, width, left, isLastPinned }) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={column.sorted}
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
            <span className="label" title={column.label}>
              {column.label}
              {column.sorted ? <ChevronDown aria-hidden /> : null}
            </span>
            <ColumnResizer
              label={column.label}
              width={width}
              onResize={(next) => onState(resizeColumn(state, column.id, next, columns))}
              onReset={() => onState(resizeColumn(state, column.id, column.width, columns))}
            />
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Drawn again only when the columns have changed. */
export const TableHeader = memo(TableHeaderCells) as typeof TableHeaderCells;

/** The edge of a column: drag it, or focus it and use the arrow keys; a double click goes back to the usual width. */
function ColumnResizer({
  label,
  width,
  onResize,
  onReset,
}: {
  label: string;
  width: number;
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

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -8 : event.key === "ArrowRight" ? 8 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(width + by);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={Math.round(width)}
      tabIndex={-1}
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
