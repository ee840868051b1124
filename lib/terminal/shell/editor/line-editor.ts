import { textWidth } from "./character-width.ts";
import type { Key } from "./decode-keys.ts";
import type { History } from "./history.ts";
import { HistorySearch } from "./history-search.ts";
import { type Place, placeAfter } from "./layout.ts";
import { LineBuffer } from "./line-buffer.ts";

/** What a key led to: a line to run, nothing yet, Ctrl-C, or Ctrl-D on an empty line. */
export type EditorEvent = { kind: "line"; text: string } | { kind: "interrupt" } | { kind: "end" } | null;

/** Text that stands for the word before the cursor, and what else it could be. */
export interface Completion {
  /** Offset in the line where what is completed begins. */
  from: number;
  candidates: string[];
}

export interface EditorOptions {
  write: (text: string) => void;
  history: History;
  columns: number;
  /** With its colours. */
  prompt: () => string;
  complete: (before: string) => Promise<Completion>;
}

const BELL = "\x07";

/** A line editor on a terminal: the keys of readline that people have in their fingers. */
export class LineEditor {
  readonly #options: EditorOptions;
  readonly #buffer = new LineBuffer();
  #search: HistorySearch | null = null;
  #columns: number;
  /** Row of the cursor below the prompt's first row, as it was last drawn. */
  #row = 0;
  #tabs = 0;
  /** Counts keys, so that a completion that comes late is dropped. */
  #keys = 0;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#columns = options.columns;
  }

  /** Writes the prompt, for a new line. */
  begin(): void {
    this.#buffer.set("");
    this.#search = null;
    this.#row = 0;
    this.#options.write("\x1b[?2004h");
    this.#draw();
  }

  resize(columns: number): void {
    this.#columns = columns;
    // The terminal has wrapped the line anew by itself.
    this.#row = this.#cursorPlace().row;
  }

  /** What to do with a key; a promise only while completing. */
  key(key: Key): EditorEvent | Promise<EditorEvent> {
    this.#keys++;
    this.#tabs = key.kind === "key" && key.name === "tab" ? this.#tabs + 1 : 0;
    if (this.#search) return this.#searchKey(key);
    if (key.kind === "text") return this.#insert(key.text);
    if (key.name === "tab") return this.#complete();
    return this.#command(key.name);
  }

  #insert(text: string): EditorEvent {
    // One line at a time: what is pasted with line ends waits for Enter as one line.
    const line = text.replaceAll(/\r\n|[\r\n\t]/g, " ").replaceAll(/\p{Cc}/gu, "");
    const atEnd = this.#buffer.cursor === this.#buffer.text.length;
    const before = this.#cursorPlace();
    if (!this.#buffer.insert(line)) this.#options.write(BELL);
    else if (atEnd && before.column + textWidth(line) < this.#columns) this.#options.write(line);
    else this.#draw();
    return null;
  }

  #command(name: string): EditorEvent {
    if (name === "enter") return this.#enter();
    if (name === "ctrl-c") {
      this.#leave("^C\r\n");
      return { kind: "interrupt" };
    }
    if (name === "ctrl-d" && this.#buffer.text === "") {
      this.#leave("\r\n");
      return { kind: "end" };
    }
    if (name === "ctrl-r") this.#search = new HistorySearch(this.#options.history);
    else if (name === "ctrl-l") {
      this.#options.write("\x1b[H\x1b[2J");
      this.#row = 0;
    } else if (name === "too-long-paste") {
      this.#options.write(BELL);
      return null;
    } else if (!this.#edit(name)) return null;
    this.#draw();
    return null;
  }

  #edit(name: string): boolean {
    const edit = EDITS[name];
    if (edit) edit(this.#buffer);
    else if (name === "ctrl-y") {
      if (!this.#buffer.yank()) this.#options.write(BELL);
    } else if (name === "up" || name === "ctrl-p")
      this.#recall(this.#options.history.previous(this.#buffer.text));
    else if (name === "down" || name === "ctrl-n") this.#recall(this.#options.history.next());
    else return false;
    return true;
  }

  #recall(line: string | null): void {
    if (line === null) this.#options.write(BELL);
    else this.#buffer.set(line);
  }

  #enter(): EditorEvent {
    this.#buffer.end();
    this.#draw();
    this.#leave("\r\n");
    return { kind: "line", text: this.#buffer.text };
  }

  /** Leaves the line as it is on the screen, and the cursor below it. */
  #leave(end: string): void {
    this.#buffer.end();
    this.#draw();
    this.#options.write(`\x1b[?2004l${end}`);
    this.#row = 0;
  }

  #searchKey(key: Key): EditorEvent | Promise<EditorEvent> {
    const search = this.#search!;
    if (key.kind === "text") {
      if (!search.type(key.text.replaceAll(/\p{Cc}/gu, " "))) this.#options.write(BELL);
    } else if (key.name === "backspace") search.backspace();
    else if (key.name === "ctrl-r") search.further();
    else {
      this.#search = null;
      if (key.name === "ctrl-c" || key.name === "ctrl-g") {
        this.#draw();
        return null;
      }
      this.#buffer.set(search.match || this.#buffer.text);
      this.#draw();
      return this.key(key);
    }
    this.#draw();
    return null;
  }

  async #complete(): Promise<EditorEvent> {
    const { text, cursor } = this.#buffer;
    const asked = this.#keys;
    const { from, candidates } = await this.#options.complete(text.slice(0, cursor));
    if (this.#keys !== asked) return null;
    const common = commonPrefix(candidates);
    const only = candidates.length === 1 ? (/[/=:]$/.test(common) ? common : `${common} `) : common;
    if (candidates.length === 0) this.#options.write(BELL);
    else if (only.length > cursor - from) {
      if (this.#buffer.replaceBefore(from, only)) this.#draw();
      else this.#options.write(BELL);
    } else if (this.#tabs < 2) this.#options.write(BELL);
    else this.#list(candidates);
    return null;
  }

  #list(candidates: string[]): void {
    const { cursor } = this.#buffer;
    this.#buffer.end();
    this.#draw();
    this.#options.write(`\r\n${inColumns(candidates, this.#columns)}`);
    this.#buffer.cursor = cursor;
    this.#row = 0;
    this.#draw();
  }

  #shown(): { prompt: string; text: string; cursor: number } {
    if (this.#search) {
      const { prompt, match } = this.#search;
      return { prompt, text: match, cursor: match.length };
    }
    return { prompt: this.#options.prompt(), text: this.#buffer.text, cursor: this.#buffer.cursor };
  }

  #cursorPlace(): Place {
    const { prompt, text, cursor } = this.#shown();
    return placeAfter(withoutColours(prompt) + text.slice(0, cursor), this.#columns);
  }

  #draw(): void {
    const { prompt, text } = this.#shown();
    const end = placeAfter(withoutColours(prompt) + text, this.#columns);
    const cursor = this.#cursorPlace();
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : "";
    // In the last column the terminal has not wrapped yet: a character and its removal make it.
    const wrap = end.column === 0 && end.row > 0 ? " \r\x1b[K" : "";
    const back = end.row > cursor.row ? `\x1b[${end.row - cursor.row}A` : "";
    const across = cursor.column > 0 ? `\x1b[${cursor.column}C` : "";
    this.#options.write(`${up}\r\x1b[J${prompt}${text}${wrap}${back}\r${across}`);
    this.#row = cursor.row;
  }
}

const EDITS: Record<string, (buffer: LineBuffer) => void> = {
  left: (buffer) => buffer.left(),
  "ctrl-b": (buffer) => buffer.left(),
  right: (buffer) => buffer.right(),
  "ctrl-f": (buffer) => buffer.right(),
  home: (buffer) => buffer.home(),
  "ctrl-a": (buffer) => buffer.home(),
  end: (buffer) => buffer.end(),
  "ctrl-e": (buffer) => buffer.end(),
  "word-left": (buffer) => buffer.wordLeft(),
  "word-right": (buffer) => buffer.wordRight(),
  backspace: (buffer) => buffer.backspace(),
  delete: (buffer) => buffer.delete(),
  "ctrl-d": (buffer) => buffer.delete(),
  "ctrl-k": (buffer) => buffer.killToEnd(),
  "ctrl-u": (buffer) => buffer.killToStart(),
  "ctrl-w": (buffer) => buffer.killBlankWord(),
  "kill-word-left": (buffer) => buffer.killWordLeft(),
  "kill-word-right": (buffer) => buffer.killWordRight(),
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such
const withoutColours = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, "");

function commonPrefix(texts: string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

const MOST_LISTED = 200;

function inColumns(all: string[], columns: number): string {
  const texts = all.slice(0, MOST_LISTED);
  const width = Math.max(...texts.map(textWidth)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(texts.length / across);
  const lines = Array.from({ length: rows }, (_, row) =>
    texts
      .filter((_text, at) => at % rows === row)
      .map((text) => text + " ".repeat(width - textWidth(text)))
      .join("")
      .trimEnd(),
  );
  const more = all.length > MOST_LISTED ? `… and ${all.length - MOST_LISTED} more\r\n` : "";
  return `${lines.join("\r\n")}\r\n${more}`;
}
