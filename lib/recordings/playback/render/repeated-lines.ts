import { LRUCache } from "lru-cache";

const REMEMBERED = 5_000;
/** A line may be as long as a screen is large: of the longest, fewer are remembered. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** A line that is shown again within this time is found once. */
const REPEATS_FOR_MS = 60_000;
/** Lines of a full-screen program that differ in digits alone: a clock, a counter, a table of processes. */
const MOST_VARIANTS = 50;

const linesWithNumber = () =>
  new LRUCache<string, number>({
    max: REMEMBERED,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_, line) => line.length + 1,
  });

/** Keeps lines that are shown over and over from flooding the search. */
export class RepeatedLines {
  readonly #shownAt = linesWithNumber();
  readonly #variants = linesWithNumber();

  /** Whether a line that scrolls by is new. */
  isNew(line: string, atMs: number): boolean {
    const before = this.#shownAt.get(line);
    if (before !== undefined && atMs - before < REPEATS_FOR_MS) return false;
    this.#shownAt.set(line, atMs);
    return true;
  }

  /** Whether a line of a screen that is looked at as a whole is new. */
  isNewOnScreen(line: string, atMs: number): boolean {
    if (this.#shownAt.get(line) !== undefined) return false;
    this.#shownAt.set(line, atMs);
    const kind = line.replaceAll(/\d+/g, "0");
    const variants = (this.#variants.get(kind) ?? 0) + 1;
    this.#variants.set(kind, variants);
    return variants <= MOST_VARIANTS;
  }
}
