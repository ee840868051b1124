import { ESCAPE_SEQUENCE } from "./escape-sequence.ts";

const MOST_LINE = 4_096;
/** What keys send: arrows, function keys (SS3), the marks around a paste. */
const KEYS = new RegExp(`\x1bO.|${ESCAPE_SEQUENCE}`, "gu");
const ERASE = new Set(["\x7f", "\b"]);
const ERASE_LINE = new Set(["\x15", "\x03"]);

/** Puts recorded input together into lines, as a person edits them. */
export class TypedLines {
  /** A character each. */
  #line: string[] = [];

  /** The lines that Enter ended. */
  push(input: string): string[] {
    const lines: string[] = [];
    for (const character of input.replaceAll(KEYS, "")) {
      if (character === "\r" || character === "\n") {
        const line = this.#line.join("");
        if (line.trim() !== "") lines.push(line);
        this.#line = [];
      } else if (ERASE.has(character)) this.#line.pop();
      else if (ERASE_LINE.has(character)) this.#line = [];
      else if (character >= " " && this.#line.length < MOST_LINE) this.#line.push(character);
    }
    return lines;
  }
}
