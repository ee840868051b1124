import type { IBuffer } from "@xterm/headless";
import { backgroundSgrOf, isMarked, PLAIN_SGR, sgrOf } from "../attributes-sgr.ts";
import type { ScreenSize } from "../screen-size.ts";
import type { Cell } from "../terminal-internals.ts";
import type { TerminalScreen } from "../terminal-screen.ts";

/** All that a person can see of a screen, and what decides how it goes on: each cell, the cursor, the modes. */
export function screenCells({ terminal }: TerminalScreen) {
  return {
    size: [terminal.cols, terminal.rows],
    rows: rowsOf(terminal.buffer.active, { columns: terminal.cols, rows: terminal.rows }),
    cursor: [terminal.buffer.active.cursorX, terminal.buffer.active.cursorY],
    buffer: terminal.buffer.active.type,
    modes: { ...terminal.modes, synchronizedOutputMode: false },
  };
}

function rowsOf(buffer: IBuffer, { columns, rows }: ScreenSize): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row)!;
    const cells = Array.from({ length: columns }, (_, x) => cellText(line.getCell(x) as unknown as Cell));
    return `${line.isWrapped ? "↪" : ""}${cells.join("")}`;
  });
}

/** A space and nothing look the same, and have no colour but that behind them where no line goes through. */
function cellText(cell: Cell): string {
  const chars = cell.getChars() || (cell.getWidth() === 0 ? "" : " ");
  const style =
    chars === "" ? PLAIN_SGR : chars === " " && !isMarked(cell) ? backgroundSgrOf(cell) : sgrOf(cell);
  return style === PLAIN_SGR ? chars : `${style}${chars}`;
}
