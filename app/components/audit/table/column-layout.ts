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
  leastWidth?: number;
}

/**
 * Places the shown columns. The flexible one is as narrow as it may be, as long as another column after it then fits into the width that
 * there is; what is left over it takes (else the last column). So what stands before it, and itself, are in sight without scrolling.
 */
export function layOutColumns<Column extends Placeable>(
  columns: readonly Column[],
  shown: readonly string[],
  widths: Readonly<Record<string, number>>,
  available: number,
): { placed: PlacedColumn<Column>[]; total: number } {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const visible = shown.map((id) => byId.get(id)).filter((column) => column !== undefined);
  const sizes = visible.map((column) => widths[column.id] ?? column.width);
  const flexible = visible.findIndex((column) => column.flexible);
  const isChosen = flexible >= 0 && widths[visible[flexible]?.id ?? ""] !== undefined;
  if (flexible >= 0 && !isChosen && available > 0)
    sizes[flexible] = flexedWidth(visible, sizes, flexible, available);
  const spare = Math.max(0, available - sum(sizes));
  const taker = flexible >= 0 ? flexible : visible.length - 1;
  const lastPinned = visible.findLast((column) => column.pinned);
  let left = 0;
  const placed = visible.map((column, index) => {
    const width = (sizes[index] ?? 0) + (index === taker ? spare : 0);
    const place: PlacedColumn<Column> = {
      column,
      width,
      left: column.pinned ? left : null,
      isLastPinned: column === lastPinned,
    };
    left += width;
    return place;
  });
  return { placed, total: left };
}

/** The flexible column's width where as many columns after it as possible are wholly in sight. */
function flexedWidth(
  visible: readonly Placeable[],
  sizes: readonly number[],
  flexible: number,
  available: number,
): number {
  const own = visible[flexible];
  const least = own?.leastWidth ?? own?.width ?? 0;
  let room = available - sum(sizes.slice(0, flexible)) - least;
  for (const size of sizes.slice(flexible + 1)) {
    if (size > room) break;
    room -= size;
  }
  return least + Math.max(0, room);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
