import type { History } from "./history.ts";

const LONGEST_QUERY = 256;

/** Ctrl-R: the newest line that contains what is typed; again Ctrl-R: one before it. */
export class HistorySearch {
  query = "";
  match = "";
  failed = false;
  #at: number;
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
    this.#at = history.lines.length;
  }

  /** False where the query would be too long: then it stays as it is. */
  type(text: string): boolean {
    if (this.query.length + text.length > LONGEST_QUERY) return false;
    this.query += text;
    this.#find(Math.min(this.#at + 1, this.#history.lines.length));
    return true;
  }

  backspace(): void {
    this.query = [...this.query].slice(0, -1).join("");
    this.#find(this.#history.lines.length);
  }

  further(): void {
    this.#find(this.#at);
  }

  get prompt(): string {
    return `(${this.failed ? "nothing more" : "search"} "${this.query}") `;
  }

  #find(before: number): void {
    const at = this.query === "" ? null : this.#history.search(this.query, before);
    this.failed = at === null && this.query !== "";
    if (at === null) return;
    this.#at = at;
    this.match = this.#history.lines[at]!;
  }
}
