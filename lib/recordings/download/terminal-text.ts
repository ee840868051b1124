/** Where in a control sequence (ECMA-48, section 5; https://vt100.net/emu/dec_ansi_parser) a text is. */
type State = "text" | "escape" | "intermediate" | "control" | "string" | "stringEscape";

/** Of a line that does not end. */
const MAX_LINE_CHARACTERS = 8_192;
const ESC = 0x1b;
const BEL = 0x07;
const CSI = 0x9b;
const ST = 0x9c;
/** DCS, SOS, OSC, PM, APC: a string follows, which ends with ST, or with BEL. */
const STRINGS_AFTER_ESC = new Set(["P", "X", "]", "^", "_"]);
const STRINGS_IN_C1 = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);

/**
 * Takes the control sequences out of what a terminal was sent, cut anywhere; holds one line. Backspace goes back within the line, so that a typing error that
 * was mended is not in the text. A carriage return alone begins another line, so that nothing that was shown is lost to what was written over it.
 */
export class TerminalText {
  #state: State = "text";
  /** A character each. */
  #line: string[] = [];
  #column = 0;
  #returned = false;

  /** The lines that are whole by now. */
  push(data: string): string {
    let lines = "";
    for (const character of data) lines += this.#take(character);
    return lines;
  }

  /** The line that has begun, ended; nothing where none has. */
  endLine(): string {
    return this.#line.length === 0 ? "" : this.#break();
  }

  #take(character: string): string {
    const code = character.codePointAt(0)!;
    switch (this.#state) {
      case "text":
        return this.#takeText(character, code);
      case "escape":
        this.#state = afterEscape(character, code);
        return "";
      case "intermediate":
        if (code >= 0x30) this.#state = "text";
        return "";
      case "control":
        if (code === ESC) this.#state = "escape";
        // A sequence ends with its final byte; CAN and SUB end it before.
        else if (code >= 0x40 || code === 0x18 || code === 0x1a) this.#state = "text";
        return "";
      case "string":
        if (code === ESC) this.#state = "stringEscape";
        else if (code === BEL || code === ST || code === 0x18 || code === 0x1a) this.#state = "text";
        return "";
      case "stringEscape":
        this.#state = character === "\\" ? "text" : afterEscape(character, code);
        return "";
    }
  }

  #takeText(character: string, code: number): string {
    if (code === ESC) this.#state = "escape";
    else if (code === CSI) this.#state = "control";
    else if (STRINGS_IN_C1.has(code)) this.#state = "string";
    else if (character === "\n") return this.#break();
    else if (character === "\r") this.#returned = true;
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character === "\t" || code >= 0xa0 || (code >= 0x20 && code < 0x7f)) return this.#put(character);
    return "";
  }

  #put(character: string): string {
    const before = this.#returned && this.#line.length > 0 ? this.#break() : "";
    this.#returned = false;
    this.#line[this.#column++] = character;
    return this.#column >= MAX_LINE_CHARACTERS ? before + this.#flush() : before;
  }

  #break(): string {
    return `${this.#flush()}\n`;
  }

  #flush(): string {
    const line = this.#line.join("");
    this.#line = [];
    this.#column = 0;
    this.#returned = false;
    return line;
  }
}

function afterEscape(character: string, code: number): State {
  if (character === "[") return "control";
  if (STRINGS_AFTER_ESC.has(character)) return "string";
  if (code === ESC) return "escape";
  return code >= 0x20 && code <= 0x2f ? "intermediate" : "text";
}
