import { printable, type Terminal } from "./terminal.ts";

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  /** Cut first where the line is too short for all. */
  yields?: true;
  colour?: (row: Row) => Colour | undefined;
}

export type Colour = "red" | "green" | "yellow" | "dim" | "bold";
const CODES: Record<Colour, number> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };

/** The text in a colour, where the terminal has some. */
export const coloured = (terminal: Terminal, colour: Colour | undefined, text: string): string =>
  colour && terminal.colours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;

const GAP = 2;
const LEAST = 6;

/** Widths of columns for rows that come by and by; those of the first rows, cut to the terminal. */
export function createTable<Row>(
  terminal: Terminal,
  columns: readonly Column<Row>[],
  sample: readonly Row[],
) {
  const cell = (column: Column<Row>, row: Row) => printable(String(column.value(row) ?? ""));
  const widths = columns.map((column) =>
    sample.reduce((widest, row) => Math.max(widest, widthOf(cell(column, row))), column.title.length),
  );
  if (terminal.columns !== null) narrow(widths, columns, terminal.columns);
  const line = (texts: readonly string[], colours: readonly (Colour | undefined)[]) =>
    texts
      .map((text, index) => {
        const isLast = index === texts.length - 1;
        const shown = terminal.columns === null ? text : cut(text, widths[index]!);
        const padded = isLast ? shown : shown + " ".repeat(Math.max(0, widths[index]! - widthOf(shown)));
        return coloured(terminal, colours[index], padded);
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  return {
    head: () =>
      line(
        columns.map(({ title }) => title),
        columns.map(() => "bold"),
      ),
    row: (row: Row) =>
      line(
        columns.map((column) => cell(column, row)),
        columns.map((column) => column.colour?.(row)),
      ),
  };
}

/** Prints all of it; `none` where there is nothing. */
export function printTable<Row>(
  terminal: Terminal,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  none: string,
): void {
  if (rows.length === 0) {
    terminal.tell(none);
    return;
  }
  const table = createTable(terminal, columns, rows);
  terminal.print(table.head());
  for (const row of rows) terminal.print(table.row(row));
}

/** Takes from the widest of those that yield until the line fits, then from the widest. */
function narrow(widths: number[], columns: readonly { yields?: true }[], most: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
  const widestOf = (indexes: number[]) =>
    indexes.reduce((best, index) => (widths[index]! > widths[best]! ? index : best), indexes[0]!);
  const all = [...columns.keys()];
  for (const candidates of [all.filter((index) => columns[index]!.yields), all]) {
    while (total() > most && candidates.length > 0) {
      const widest = widestOf(candidates);
      if (widths[widest]! <= LEAST) break;
      widths[widest]! -= Math.min(total() - most, widths[widest]! - LEAST);
    }
  }
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const isPlain = (text: string) => /^[\x20-\x7e]*$/.test(text);
const pieces = (text: string) => [...characters.segment(text)].map(({ segment }) => segment);
const isWide = (piece: string) =>
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(piece);
const widthOf = (text: string) =>
  isPlain(text) ? text.length : pieces(text).reduce((sum, piece) => sum + (isWide(piece) ? 2 : 1), 0);

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (isPlain(text)) return `${text.slice(0, width - 1)}…`;
  let kept = "";
  for (const piece of pieces(text)) {
    if (widthOf(kept + piece) > width - 1) break;
    kept += piece;
  }
  return `${kept}…`;
}
