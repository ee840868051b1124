export interface ScreenSize {
  columns: number;
  rows: number;
}

/** No terminal of a person's is larger; whoever says so wants memory. */
const MOST_COLUMNS = 1_000;
const MOST_ROWS = 500;
/** Less is taken by no terminal emulator. */
const LEAST_COLUMNS = 2;

/** A size that a terminal may have: the nearest to what was asked for. */
export function boundedSize({ columns, rows }: ScreenSize): ScreenSize {
  return {
    columns: Math.min(Math.max(Math.trunc(columns) || LEAST_COLUMNS, LEAST_COLUMNS), MOST_COLUMNS),
    rows: Math.min(Math.max(Math.trunc(rows) || 1, 1), MOST_ROWS),
  };
}

/** Reads `100x30`, as asciicast writes a size; null where it is none. */
export function parseSize(text: string): ScreenSize | null {
  const [, columns, rows] = /^(\d{1,7})x(\d{1,7})$/.exec(text) ?? [];
  return columns && rows ? boundedSize({ columns: Number(columns), rows: Number(rows) }) : null;
}
