/** Where a column stands and how wide it is, in pixels. */
export interface PlacedColumn<Column> {
  column: Column;
  width: number;
  /** Distance from the left for pinned columns. */
  left: number | null;
  isLastPinned: boolean;
}

interface Placeable {
  id: string;
  width: number;
  pinned?: boolean;
  flexible?: boolean;
}

/** Places the shown columns; the flexible one (else the last) takes the width that is left over. */
export function layOutColumns<Column extends Placeable>(
  columns: readonly Column[],
  shown: readonly string[],
  widths: Readonly<Record<string, number>>,
  available: number,
): { placed: PlacedColumn<Column>[]; total: number } {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const visible = shown.map((id) => byId.get(id)).filter((column) => column !== undefined);
  const needed = visible.reduce((sum, column) => sum + (widths[column.id] ?? column.width), 0);
  const spare = Math.max(0, available - needed);
  const taker = visible.find((column) => column.flexible) ?? visible.at(-1);
  const lastPinned = visible.findLast((column) => column.pinned);
  let left = 0;
  const placed = visible.map((column) => {
    const width = (widths[column.id] ?? column.width) + (column === taker ? spare : 0);
    const place: PlacedColumn<Column> = {
      column,
      width,
      left: column.pinned ? left : null,
      isLastPinned: column === lastPinned,
    };
    left += width;
    return place;
  });
  return { placed, total: needed + spare };
}
