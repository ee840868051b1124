const MOST_LINES = 2000;

/** Lines that were run, oldest first, with the place that up and down have reached. */
export class History {
  readonly #lines: string[];
  #at: number;
  #draft = "";

  constructor(lines: string[]) {
    this.#lines = lines.slice(-MOST_LINES);
    this.#at = this.#lines.length;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Keeps a line; false where it is blank or the same as the one before. */
  add(line: string): boolean {
    const isNew = line.trim() !== "" && line !== this.#lines.at(-1);
    if (isNew) this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    this.#at = this.#lines.length;
    return isNew;
  }

  /** The line before; what is typed so far comes back by {@link next}. Null at the oldest. */
  previous(typed: string): string | null {
    if (this.#at === 0) return null;
    if (this.#at === this.#lines.length) this.#draft = typed;
    return this.#lines[--this.#at]!;
  }

  next(): string | null {
    if (this.#at === this.#lines.length) return null;
    this.#at++;
    return this.#at === this.#lines.length ? this.#draft : this.#lines[this.#at]!;
  }

  /** Where the newest line before `before` that contains `text` is. */
  search(text: string, before = this.#lines.length): number | null {
    for (let at = before - 1; at >= 0; at--) if (this.#lines[at]!.includes(text)) return at;
    return null;
  }
}
