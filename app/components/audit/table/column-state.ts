/** What a viewer may change of a table's columns. */
export interface ColumnState {
  /** Shown columns, left to right; pinned ones first. */
  shown: string[];
  /** Widths in pixels that differ from the column's own. */
  widths: Readonly<Record<string, number>>;
}

export interface ColumnFacts {
  id: string;
  width: number;
  minWidth?: number;
  /** Always shown, at the left, in this order. */
  pinned?: boolean;
  /** Shown until the viewer says otherwise. */
  byDefault?: boolean;
}

export const MIN_COLUMN_WIDTH = 48;
export const MAX_COLUMN_WIDTH = 900;

export function defaultColumns(columns: readonly ColumnFacts[]): ColumnState {
  return {
    shown: columns.filter((column) => column.pinned || column.byDefault).map(({ id }) => id),
    widths: {},
  };
}

/** Reads `no,executedAt,result,name:180`. Unknown names are dropped, pinned columns are always there. */
export function parseColumns(text: string | null, columns: readonly ColumnFacts[]): ColumnState {
  if (!text) return defaultColumns(columns);
  const known = new Map(columns.map((column) => [column.id, column]));
  const widths: Record<string, number> = {};
  const named: string[] = [];
  for (const part of text.split(",")) {
    const [id = "", width] = part.split(":");
    const column = known.get(id);
    if (!column || named.includes(id)) continue;
    named.push(id);
    if (width && /^\d+$/.test(width)) widths[id] = clampWidth(Number(width), column);
  }
  return { shown: withPinned(named, columns), widths };
}

/** The text of a state; null when it is the default, which the URL leaves out. */
export function formatColumns(state: ColumnState, columns: readonly ColumnFacts[]): string | null {
  const usual = defaultColumns(columns);
  const same = state.shown.join() === usual.shown.join();
  if (same && Object.keys(state.widths).length === 0) return null;
  return state.shown.map((id) => (state.widths[id] ? `${id}:${state.widths[id]}` : id)).join(",");
}

export function toggleColumn(state: ColumnState, id: string, columns: readonly ColumnFacts[]): ColumnState {
  const shown = state.shown.includes(id)
    ? state.shown.filter((other) => other !== id)
    : insertAtHome(state, id, columns);
  return { ...state, shown: withPinned(shown, columns) };
}

/** Moves a column by one place to the left (-1) or right (1) among those shown and not pinned. */
export function moveColumn(
  state: ColumnState,
  id: string,
  by: number,
  columns: readonly ColumnFacts[],
): ColumnState {
  const from = state.shown.indexOf(id);
  const target = state.shown[from + by];
  return target === undefined ? state : moveColumnTo(state, id, target, columns);
}

/** Puts a column in the place of another. */
export function moveColumnTo(
  state: ColumnState,
  id: string,
  target: string,
  columns: readonly ColumnFacts[],
): ColumnState {
  const from = state.shown.indexOf(id);
  const to = state.shown.indexOf(target);
  if (from < 0 || to < 0 || from === to) return state;
  const shown = state.shown.filter((other) => other !== id);
  shown.splice(to, 0, id);
  return { ...state, shown: withPinned(shown, columns) };
}

export function resizeColumn(
  state: ColumnState,
  id: string,
  width: number,
  columns: readonly ColumnFacts[],
): ColumnState {
  const column = columns.find((candidate) => candidate.id === id);
  if (!column) return state;
  const next = clampWidth(Math.round(width), column);
  const { [id]: _previous, ...others } = state.widths;
  return { ...state, widths: next === column.width ? others : { ...others, [id]: next } };
}

function clampWidth(width: number, column: ColumnFacts): number {
  return Math.min(MAX_COLUMN_WIDTH, Math.max(column.minWidth ?? MIN_COLUMN_WIDTH, width));
}

function withPinned(shown: readonly string[], columns: readonly ColumnFacts[]): string[] {
  const pinned = columns.filter((column) => column.pinned).map(({ id }) => id);
  return [...pinned, ...shown.filter((id) => !pinned.includes(id))];
}

/** A column that comes back stands after the shown column that precedes it in the surface's own order. */
function insertAtHome(state: ColumnState, id: string, columns: readonly ColumnFacts[]): string[] {
  const order = columns.map((column) => column.id);
  const before = order.slice(0, order.indexOf(id)).findLast((other) => state.shown.includes(other));
  const at = before === undefined ? 0 : state.shown.indexOf(before) + 1;
  return [...state.shown.slice(0, at), id, ...state.shown.slice(at)];
}
