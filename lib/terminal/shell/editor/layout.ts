import { characterWidth } from "./character-width.ts";

export interface Place {
  row: number;
  column: number;
}

/** Where the cursor of a terminal of `columns` stands after `text` was written at `start`. It wraps before a wide character that does not fit. */
export function placeAfter(text: string, columns: number, start: Place = { row: 0, column: 0 }): Place {
  let { row, column } = start;
  for (const character of text) {
    const width = characterWidth(character.codePointAt(0)!);
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
  }
  // The terminal itself waits in the last column; the editor writes what makes it wrap.
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}
