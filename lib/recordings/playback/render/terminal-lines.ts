import type { IBuffer } from "@xterm/headless";
import type { ScreenSize } from "../screen/screen-size.ts";
import { TerminalScreen } from "../screen/terminal-screen.ts";
import { Prompts } from "./prompts.ts";
import { RepeatedLines } from "./repeated-lines.ts";
import type { ReadingScreen, ShownLines } from "./shown-lines.ts";
import type { WorkBudget } from "./work-budget.ts";

/** So much is given to the terminal between two looks at what it costs. */
const PIECE = 4_096;
const MOST_COMMAND = 65_536;
/** A full-screen program that rests so long shows what somebody can read. */
const RESTS_FOR_MS = 300;
/** How a shell says that it reads a line. */
const READS_LINE = "\x1b[?2004h";
const ALTERNATE_SCREEN = new Set([47, 1047, 1049]);

/**
 * The lines of a session with a terminal: each as it stood when a line feed finished it; of full-screen programs what is there when they rest, and of
 * a screen that is erased what was on it.
 */
export class TerminalLines implements ReadingScreen {
  readonly #screen: TerminalScreen;
  readonly #budget: WorkBudget;
  readonly #told: ShownLines;
  readonly #prompts = new Prompts();
  readonly #repeated = new RepeatedLines();
  #atMs = 0;
  /** Of a line that is longer than the screen: rows at the top that were told. */
  #toldRows = 0;
  #inLongLine = false;
  /** The beginning of a command that is longer than the screen. */
  #longCommand = "";

  constructor(size: ScreenSize, { told, budget }: { told: ShownLines; budget: WorkBudget }) {
    this.#screen = new TerminalScreen(size);
    this.#told = told;
    this.#budget = budget;
    const { terminal } = this.#screen;
    terminal.onLineFeed(() => this.#lineFeed());
    this.#screen.beforeScroll((isWrapped) => this.#beforeScroll(isWrapped));
    terminal.parser.registerCsiHandler({ final: "J" }, ([part]) => this.#before(this.#erasesScreen(part)));
    terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, (modes) =>
      this.#before(modes.some((mode) => ALTERNATE_SCREEN.has(Number(mode)))),
    );
  }

  write(_stream: "stdout" | "stderr", text: string, atMs: number): void {
    const buffer = this.#buffer();
    if (buffer.type === "alternate" && atMs - this.#atMs > RESTS_FOR_MS) this.#tellScreen();
    this.#atMs = atMs;
    for (let at = 0; at < text.length; at += PIECE) {
      this.#screen.write(text.slice(at, at + PIECE));
      this.#budget.spend();
    }
    this.#stop(text);
  }

  resize(size: ScreenSize): void {
    this.#screen.resize(size);
  }

  size(): ScreenSize {
    return { columns: this.#screen.terminal.cols, rows: this.#screen.terminal.rows };
  }

  keyframe(options: { anyway: boolean }): string | null {
    return this.#screen.keyframe(options);
  }

  end(): void {
    this.#tellScreen();
    this.#screen.dispose();
  }

  #buffer(): IBuffer {
    return this.#screen.terminal.buffer.active;
  }

  /** The output stops here, for a moment at least. */
  #stop(text: string): void {
    const buffer = this.#buffer();
    if (buffer.type === "alternate" || buffer.cursorX === 0) return;
    const before = this.#logicalLine(buffer.cursorY, { upToCursor: true });
    this.#prompts.stop(before, { reads: text.includes(READS_LINE) });
  }

  #lineFeed(): void {
    const buffer = this.#buffer();
    const from = this.#toldRows;
    this.#toldRows = 0;
    this.#inLongLine = false;
    if (buffer.type === "alternate" || buffer.cursorY === 0) return;
    const begun = this.#longCommand;
    this.#longCommand = "";
    const text = begun + this.#logicalLine(buffer.cursorY - 1, { from }).trimEnd();
    const prompt = this.#prompts.take(text);
    const isNew = this.#repeated.isNew(text, this.#atMs);
    if (text !== "" && (prompt > 0 || isNew))
      this.#told.line({ text, atMs: this.#atMs, prompt, entered: true });
  }

  /** A line that goes on and on is told a screen at a time, before it is gone. */
  #beforeScroll(isWrapped: boolean): void {
    const { rows } = this.#screen.terminal;
    if (this.#buffer().type === "alternate") return;
    if (isWrapped && this.#toldRows === 0 && this.#rowsAreOneLine(rows)) {
      this.#tellPiece(this.#rowTexts(0, rows - 1).join(""));
      this.#toldRows = rows;
      this.#inLongLine = true;
    }
    this.#toldRows = Math.max(0, this.#toldRows - 1);
  }

  /** A command is told as a whole, or a secret in it could be cut in two. */
  #tellPiece(text: string): void {
    const isCommand = this.#longCommand !== "" || (!this.#inLongLine && this.#prompts.promptOf(text) > 0);
    if (isCommand && this.#longCommand.length < MOST_COMMAND) this.#longCommand += text;
    else if (!isCommand) this.#told.line({ text, atMs: this.#atMs, prompt: 0, entered: false });
  }

  #rowsAreOneLine(rows: number): boolean {
    for (let row = 1; row < rows; row += 1) if (!this.#isWrapped(row)) return false;
    return true;
  }

  /** Whether ED, with this parameter, leaves nothing; shells erase what is below the cursor with each key. */
  #erasesScreen(part: number | number[] | undefined): boolean {
    const { cursorX, cursorY } = this.#buffer();
    return part === 2 || part === 3 || (!part && cursorX === 0 && cursorY === 0);
  }

  /** What is on the screen is about to go: false, as the terminal handles that. */
  #before(goes: boolean): false {
    if (goes) this.#tellScreen();
    return false;
  }

  /** What is on the screen, without what was told before. */
  #tellScreen(): void {
    const { rows } = this.#screen.terminal;
    for (let row = this.#toldRows; row < rows; row += 1) {
      const goesOn = row + 1 < rows && this.#isWrapped(row + 1);
      // Of a line that began above the screen all was told, but for one that goes on still.
      const isRest = this.#firstRow(row, 0) === 0 && this.#isWrapped(0) && !this.#inLongLine;
      if (goesOn || isRest) continue;
      const text = this.#logicalLine(row, { from: this.#toldRows }).trimEnd();
      if (text.trim() === "" || !this.#repeated.isNewOnScreen(text, this.#atMs)) continue;
      const prompt = this.#buffer().type === "normal" ? this.#prompts.promptOf(text) : 0;
      this.#told.line({ text, atMs: this.#atMs, prompt, entered: false });
    }
  }

  #firstRow(row: number, from: number): number {
    let first = row;
    while (first > from && this.#isWrapped(first)) first -= 1;
    return first;
  }

  /** The line that ends with this row, and may have begun rows before it. */
  #logicalLine(
    row: number,
    { from = 0, upToCursor = false }: { from?: number; upToCursor?: boolean },
  ): string {
    const parts = this.#rowTexts(this.#firstRow(row, from), row - 1);
    const last = this.#buffer().getLine(row);
    const end = upToCursor ? this.#buffer().cursorX : undefined;
    return [...parts, last?.translateToString(!upToCursor, 0, end) ?? ""].join("");
  }

  #rowTexts(first: number, last: number): string[] {
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
      this.#buffer()
        .getLine(first + index)!
        .translateToString(false),
    );
  }

  #isWrapped(row: number): boolean {
    return this.#buffer().getLine(row)?.isWrapped ?? false;
  }
}
