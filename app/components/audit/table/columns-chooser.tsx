"use client";

import { Columns3, GripVertical, Search } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { Button } from "../../button.tsx";
import { Checkbox } from "../../checkbox.tsx";
import { classNames } from "../../class-names.ts";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import {
  type ColumnFacts,
  type ColumnState,
  defaultColumns,
  moveColumn,
  moveColumnTo,
  toggleColumn,
} from "./column-state.ts";

interface ChooserColumn extends ColumnFacts {
  label: string;
}

/** Which columns there are and in which order. */
export function ColumnsChooser({
  columns,
  state,
  onState,
  open,
  onOpenChange,
}: {
  columns: readonly ChooserColumn[];
  state: ColumnState;
  onState: (state: ColumnState) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [search, setSearch] = useState("");
  const ordered = orderColumns(columns, state);
  const found = ordered.filter(({ label }) => label.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>
        <Button
          aria-label={`Columns, ${state.shown.length} of ${columns.length}`}
          className="max-tablet:hidden"
        >
          <Columns3 aria-hidden />
          <span className="wide-only">Columns</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent className="flex max-h-[min(460px,var(--radix-popover-content-available-height))] w-[232px] flex-col">
        <label className="field m-1.5 flex-none">
          <Search aria-hidden />
          <input
            placeholder="Find a column"
            aria-label="Find a column"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <ul className="min-h-0 flex-1 overflow-auto px-1.5 pb-1.5" aria-label="Columns">
          {found.map((column) => (
            <ChooserRow key={column.id} column={column} columns={columns} state={state} onState={onState} />
          ))}
          {found.length === 0 ? <li className="px-2 py-2 text-fg-3">No column is called that.</li> : null}
        </ul>
        <div className="flex items-center border-t border-line px-3.5 py-1.5 text-meta text-fg-3">
          {state.shown.length} of {columns.length} shown
          <Button
            look="link"
            size="small"
            className="ml-auto"
            onClick={() => onState(defaultColumns(columns))}
          >
            Reset
          </Button>
        </div>
      </PopoverContent>
    </Popover>
  );
}

function ChooserRow({
  column,
  columns,
  state,
  onState,
}: {
  column: ChooserColumn;
  columns: readonly ChooserColumn[];
  state: ColumnState;
  onState: (state: ColumnState) => void;
}) {
  const [over, setOver] = useState(false);
  const shown = state.shown.includes(column.id);
  const movable = shown && !column.pinned;

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onState(moveColumn(state, column.id, by, columns));
  }

  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!movable) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      onState(moveColumnTo(state, event.dataTransfer.getData("text/plain"), column.id, columns));
    },
  };

  return (
    <li
      className={classNames(
        "flex h-7 items-center gap-2 rounded-[4px] px-2 hover:bg-bg-hot",
        over && "shadow-[inset_0_1px_0_var(--accent)]",
      )}
      {...drop}
    >
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <Checkbox
          checked={shown}
          disabled={column.pinned}
          onCheckedChange={() => onState(toggleColumn(state, column.id, columns))}
        />
        <span className="cut">{column.label}</span>
      </label>
      {column.pinned ? <span className="text-meta text-fg-3">always</span> : null}
      {movable ? (
        <button
          type="button"
          draggable
          aria-label={`Move ${column.label}: arrow up or down`}
          className="cursor-grab text-fg-3 [&_svg]:size-3.5"
          onKeyDown={onKeyDown}
          onDragStart={(event) => event.dataTransfer.setData("text/plain", column.id)}
        >
          <GripVertical aria-hidden />
        </button>
      ) : null}
    </li>
  );
}

/** Shown columns in their order, then the others as the surface lists them. */
function orderColumns<Column extends ChooserColumn>(
  columns: readonly Column[],
  state: ColumnState,
): Column[] {
  const rank = (id: string) => {
    const at = state.shown.indexOf(id);
    return at < 0 ? columns.length : at;
  };
  return [...columns].sort((a, b) => rank(a.id) - rank(b.id));
}
