import type { ScreenSize } from "../screen/screen-size.ts";
import { ESCAPE_SEQUENCE } from "./escape-sequence.ts";
import { RepeatedLines } from "./repeated-lines.ts";
import type { ReadingScreen, ShownLines } from "./shown-lines.ts";

/** A line without an end is told in pieces. */
const MOST_LINE = 8_192;
/** Lines that a player shows before a segment's own. */
const KEPT_LINES = 50;
/** Escape sequences (ECMA-48) and other control characters but tabs. */
const CONTROLS = new RegExp(`${ESCAPE_SEQUENCE}|(?!\\t)\\p{Cc}`, "gu");

/** The lines of a session without a terminal: what each stream said, up to its line feeds. */
export class PlainLines implements ReadingScreen {
  readonly #size: ScreenSize;
  readonly #told: ShownLines;
  readonly #repeated = new RepeatedLines();
  readonly #rest = { stdout: "", stderr: "" };
  readonly #last: string[] = [];

  constructor(size: ScreenSize, { told }: { told: ShownLines }) {
    this.#size = size;
    this.#told = told;
  }

  write(stream: "stdout" | "stderr", text: string, atMs: number): void {
    const lines = (this.#rest[stream] + text).split("\n");
    this.#rest[stream] = lines.pop()!;
    for (const line of lines) this.#tell(line, atMs);
    while (this.#rest[stream].length > MOST_LINE) {
      this.#tell(this.#rest[stream].slice(0, MOST_LINE), atMs);
      this.#rest[stream] = this.#rest[stream].slice(MOST_LINE);
    }
  }

  resize(): void {}

  size(): ScreenSize {
    return this.#size;
  }

  keyframe(): string {
    return [...this.#last, this.#rest.stdout.replaceAll(CONTROLS, "")].join("\r\n");
  }

  end(atMs: number): void {
    for (const rest of Object.values(this.#rest)) this.#tell(rest, atMs);
  }

  #tell(line: string, atMs: number): void {
    const text = lastState(line).replaceAll(CONTROLS, "").trimEnd();
    this.#last.push(text.slice(0, MOST_LINE));
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    if (text.trim() !== "" && this.#repeated.isNew(text, atMs))
      this.#told.line({ text, atMs, prompt: 0, entered: false });
  }
}

/** Of progress that carriage returns overwrite. */
function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}
