import type { Terminal } from "./terminal.ts";

const MAX_HISTORY = 500;
const MAX_LINE = 4096;
const ESCAPE = "\\u001b";
/** A control sequence (parameters 1 and 2, letter 3), a keypad sequence (letter 4), or one character. */
const KEYS = new RegExp(`${ESCAPE}\\[(\\d*)(?:;(\\d+))?([A-Za-z~])|${ESCAPE}O([A-Z])|[\\s\\S]`, "uy");

export type EditedLine = { kind: "line"; text: string } | { kind: "interrupt" } | { kind: "end" };

/** Candidates for the word before the cursor. */
export type Completer = (line: string) => { start: number; candidates: string[] };

/** Reads lines from a terminal with editing, history and completion, as an interactive shell does. */
export class LineEditor {
  readonly #terminal: Terminal;
  readonly #complete: Completer;
  readonly history: string[] = [];
  #line: string[] = [];
  #cursor = 0;
  #prompt = "";
  #historyIndex = 0;
  #draft = "";
  #partial: Buffer = Buffer.alloc(0);

  constructor(terminal: Terminal, complete: Completer) {
    this.#terminal = terminal;
    this.#complete = complete;
  }

  async readLine(prompt: string, signal: AbortSignal): Promise<EditedLine> {
    this.#line = [];
    this.#cursor = 0;
    this.#prompt = prompt;
    this.#historyIndex = this.history.length;
    this.#terminal.setRaw(true);
    // BusyBox draws its prompt anew when the window changes, which is also what a second attach triggers.
    this.#terminal.onResize = () => void this.#redraw().catch(() => undefined);
    try {
      await this.#print(prompt);
      return await this.#edit(signal);
    } finally {
      this.#terminal.onResize = null;
      this.#terminal.setRaw(false);
    }
  }

  addHistory(line: string): void {
    if (line.trim() === "" || this.history.at(-1) === line) return;
    this.history.push(line);
    if (this.history.length > MAX_HISTORY) this.history.shift();
  }

  async #edit(signal: AbortSignal): Promise<EditedLine> {
    for (;;) {
      const bytes = await this.#terminal.readKeys(signal);
      if (bytes === null) return { kind: "end" };
      const text = this.#decode(bytes);
      KEYS.lastIndex = 0;
      for (let match = KEYS.exec(text); match !== null; match = KEYS.exec(text)) {
        const done = await this.#takeKey(match);
        if (done === null) continue;
        this.#terminal.unreadKeys(Buffer.from(text.slice(KEYS.lastIndex)));
        return done;
      }
    }
  }

  /** Text of whole characters; the beginning of one that is cut is kept. */
  #decode(bytes: Buffer): string {
    const all = Buffer.concat([this.#partial, bytes]);
    let end = all.length;
    for (let back = 1; back <= Math.min(3, all.length); back++) {
      const byte = all[all.length - back]!;
      if ((byte & 0xc0) === 0x80) continue;
      if (byte >= 0xc0 && back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2)) end = all.length - back;
      break;
    }
    this.#partial = Buffer.from(all.subarray(end));
    return all.toString("utf8", 0, end);
  }

  async #takeKey(match: RegExpExecArray): Promise<EditedLine | null> {
    const letter = match[3] ?? match[4];
    if (letter !== undefined) return this.#takeEscape(letter, match[1] ?? "");
    const key = match[0];
    switch (key) {
      case "\r":
      case "\n":
        await this.#print("\r\n");
        return { kind: "line", text: this.#line.join("") };
      case "\x03":
        await this.#print("^C\r\n");
        return { kind: "interrupt" };
      case "\x04":
        if (this.#line.length === 0) {
          await this.#print("\r\n");
          return { kind: "end" };
        }
        return this.#remove(this.#cursor, this.#cursor + 1);
      case "\x7f":
      case "\b":
        return this.#remove(this.#cursor - 1, this.#cursor);
      case "\x01":
        return this.#moveTo(0);
      case "\x05":
        return this.#moveTo(this.#line.length);
      case "\x02":
        return this.#moveTo(this.#cursor - 1);
      case "\x06":
        return this.#moveTo(this.#cursor + 1);
      case "\x0b":
        return this.#remove(this.#cursor, this.#line.length);
      case "\x15":
        return this.#remove(0, this.#cursor);
      case "\x17":
        return this.#remove(this.#wordStart(), this.#cursor);
      case "\x0c":
        await this.#print("\x1b[H\x1b[J");
        return this.#redraw();
      case "\x10":
        return this.#recall(-1);
      case "\x0e":
        return this.#recall(1);
      case "\t":
        return this.#completeWord();
      default:
        return key < " " ? null : this.#insert(key);
    }
  }

  async #takeEscape(letter: string, parameter: string): Promise<null> {
    if (letter === "A") return this.#recall(-1);
    if (letter === "B") return this.#recall(1);
    if (letter === "C") return this.#moveTo(this.#cursor + 1);
    if (letter === "D") return this.#moveTo(this.#cursor - 1);
    if (letter === "H" || (letter === "~" && parameter === "1")) return this.#moveTo(0);
    if (letter === "F" || (letter === "~" && parameter === "4")) return this.#moveTo(this.#line.length);
    if (letter === "~" && parameter === "3") return this.#remove(this.#cursor, this.#cursor + 1);
    return null;
  }

  async #insert(key: string): Promise<null> {
    if (this.#line.length >= MAX_LINE) return null;
    const atEnd = this.#cursor === this.#line.length;
    this.#line.splice(this.#cursor, 0, key);
    this.#cursor++;
    if (!atEnd) return this.#redraw();
    await this.#print(key);
    return null;
  }

  async #remove(from: number, to: number): Promise<null> {
    const start = Math.max(0, from);
    const end = Math.min(this.#line.length, to);
    if (start >= end) return null;
    const lastCharacter = end === this.#line.length && start === end - 1 && this.#cursor === end;
    this.#line.splice(start, end - start);
    this.#cursor = start;
    if (!lastCharacter) return this.#redraw();
    await this.#print("\b \b");
    return null;
  }

  async #moveTo(position: number): Promise<null> {
    this.#cursor = Math.max(0, Math.min(this.#line.length, position));
    return this.#redraw();
  }

  #wordStart(): number {
    let at = this.#cursor;
    while (at > 0 && this.#line[at - 1] === " ") at--;
    while (at > 0 && this.#line[at - 1] !== " ") at--;
    return at;
  }

  async #recall(step: number): Promise<null> {
    const index = this.#historyIndex + step;
    if (index < 0 || index > this.history.length) return null;
    if (this.#historyIndex === this.history.length) this.#draft = this.#line.join("");
    this.#historyIndex = index;
    this.#line = [...(this.history[index] ?? this.#draft)];
    this.#cursor = this.#line.length;
    return this.#redraw();
  }

  async #completeWord(): Promise<null> {
    const before = this.#line.slice(0, this.#cursor).join("");
    const { start, candidates } = this.#complete(before);
    if (candidates.length === 0) return null;
    const typed = before.slice(start);
    const common = commonPrefix(candidates);
    if (common.length > typed.length || candidates.length === 1) {
      const added =
        common.slice(typed.length) + (candidates.length === 1 && !common.endsWith("/") ? " " : "");
      this.#line.splice(this.#cursor, 0, ...added);
      this.#cursor += [...added].length;
      return this.#redraw();
    }
    await this.#print(`\r\n${candidates.slice(0, 100).join("  ")}\r\n`);
    return this.#redraw();
  }

  async #redraw(): Promise<null> {
    const back = this.#line.length - this.#cursor;
    await this.#print(`\r${this.#prompt}${this.#line.join("")}\x1b[J${back > 0 ? `\x1b[${back}D` : ""}`);
    return null;
  }

  #print(text: string): Promise<void> {
    // Carriage returns are written here already; the terminal's writer would add them to every bare line feed.
    return this.#terminal.writer.write(Buffer.from(text.replaceAll("\r\n", "\n")));
  }
}

function commonPrefix(texts: string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}
