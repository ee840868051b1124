import type { IBuffer } from "@xterm/headless";
import { backgroundSgrOf, isMarked, PLAIN_SGR, sgrOf } from "./attributes-sgr.ts";
import type { Cell } from "./terminal-internals.ts";

interface Size {
  columns: number;
  rows: number;
}

/** A cell that holds more than so many characters was made to be long: combining characters without end. */
const MOST_CELL_CHARACTERS = 64;

/** Moves the cursor (CUP), zero-based. */
export const moveTo = (x: number, y: number): string => `\x1b[${y + 1};${x + 1}H`;

/**
 * Writes a buffer's rows for an empty terminal of the same size, whose modes are those of its start. Where one line goes on in the next row it
 * does so there too: a change of size joins and breaks lines by that. The cursor and the attributes are left anywhere.
 */
export function bufferContent(buffer: IBuffer, size: Size): string {
  const writing = new ContentWriting(buffer, size);
  for (let row = 0; row < size.rows; row += 1) writing.writeRow(row);
  return writing.text;
}

class ContentWriting {
  readonly #buffer: IBuffer;
  readonly #size: Size;
  readonly #cell;
  #style = PLAIN_SGR;
  text = PLAIN_SGR;

  constructor(buffer: IBuffer, size: Size) {
    this.#buffer = buffer;
    this.#size = size;
    this.#cell = buffer.getNullCell();
    if (size.rows > 1 && this.#isWrapped(0)) this.#wrapFirstRow();
  }

  writeRow(row: number): void {
    if (this.#isWrapped(row + 1)) this.#wrapInto(row + 1);
    const { columns } = this.#size;
    let at = -1;
    for (let x = 0; x < columns; x += 1) {
      const cell = this.#cellAt(x, row);
      if (!cell) return;
      const chars = cell.getChars().slice(0, MOST_CELL_CHARACTERS);
      const width = cell.getWidth();
      if (chars === "") {
        if (width > 0 && !isBlank(cell)) {
          this.#position(x, row, at);
          at = this.#writeEmpty(cell, x);
        }
        continue;
      }
      // What has no width would join the character before it.
      if (at !== x || width === 0) this.#position(x, row, -1);
      this.#setStyle(sgrOf(cell));
      this.text += chars;
      at = x + Math.max(width, 1);
    }
  }

  /** Answers where the cursor is then. */
  #writeEmpty(cell: Cell, x: number): number {
    if (isMarked(cell)) {
      this.#setStyle(sgrOf(cell));
      this.text += " ";
      return x + 1;
    }
    this.#setStyle(backgroundSgrOf(cell));
    this.text += "\x1b[X";
    return x;
  }

  #position(x: number, row: number, at: number): void {
    if (at !== x) this.text += moveTo(x, row);
  }

  #setStyle(style: string): void {
    if (style === this.#style) return;
    this.text += style;
    this.#style = style;
  }

  #isWrapped(row: number): boolean {
    return row < this.#size.rows && (this.#buffer.getLine(this.#buffer.baseY + row)?.isWrapped ?? false);
  }

  #cellAt(x: number, row: number): Cell | undefined {
    return this.#buffer.getLine(this.#buffer.baseY + row)?.getCell(x, this.#cell) as unknown as
      | Cell
      | undefined;
  }

  /** A row goes on from the one before where a character was written behind that one's last column: nothing else says so. */
  #wrapInto(row: number): void {
    const last = this.#size.columns - 1;
    this.#setStyle(PLAIN_SGR);
    this.text += `${moveTo(last, row - 1)}xx${moveTo(last, row - 1)}\x1b[X${moveTo(0, row)}\x1b[X`;
  }

  /** The first goes on from one that was scrolled away. */
  #wrapFirstRow(): void {
    this.#wrapInto(1);
    this.text += "\x1b[S";
  }
}

const isBlank = (cell: Cell): boolean => cell.getBgColorMode() === 0 && !isMarked(cell);
