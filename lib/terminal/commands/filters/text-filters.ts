import { RE2JS } from "re2js";
import { LineRefusal } from "../../line/line-refusal.ts";
import { linesOf } from "../lines-of.ts";
import { readCount, readOptions } from "../options.ts";
import type { Filter } from "./filter.ts";

const DEFAULT_LINES = 10;
/** What sort and tail hold at once. */
const MOST_HELD = 16 * 1024 * 1024;

/** Whether a line has the pattern. RE2: no expression takes longer than the line's length times its own. */
function lineTest(pattern: string, fixed: boolean, ignoreCase: boolean): (line: string) => boolean {
  if (fixed || /^[\w\s/:@,=-]*$/.test(pattern)) {
    const text = ignoreCase ? pattern.toLowerCase() : pattern;
    return (line) => (ignoreCase ? line.toLowerCase() : line).includes(text);
  }
  try {
    const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return (line) => compiled.matcher(line).find();
  } catch (error) {
    throw new LineRefusal(
      `grep got ${JSON.stringify(pattern)}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

export const grep: Filter = async (context) => {
  const { given, operands } = readOptions(context.words, "grep", "ivncFE");
  const [pattern, ...names] = operands;
  if (pattern === undefined) throw new LineRefusal("grep needs a pattern");
  const has = lineTest(pattern, given.has("F"), given.has("i"));
  let found = 0;
  let number = 0;
  for await (const line of linesOf(context.read(names))) {
    number++;
    if (has(line) === given.has("v")) continue;
    found++;
    if (!given.has("c")) await context.write(`${given.has("n") ? `${number}:` : ""}${line}\n`);
  }
  if (given.has("c")) await context.write(`${found}\n`);
  return found > 0 ? 0 : 1;
};

export const head: Filter = async (context) => {
  const { valued, operands } = readOptions(shortCount(context.words), "head", "", "n");
  const count = readCount(valued.get("n") ?? `${DEFAULT_LINES}`, "head -n");
  let seen = 0;
  for await (const line of linesOf(context.read(operands))) {
    if (seen++ >= count) break;
    await context.write(`${line}\n`);
  }
  return 0;
};

export const tail: Filter = async (context) => {
  const { valued, operands } = readOptions(shortCount(context.words), "tail", "", "n");
  const count = readCount(valued.get("n") ?? `${DEFAULT_LINES}`, "tail -n");
  const held = new HeldLines("tail");
  for await (const line of linesOf(context.read(operands))) {
    held.add(line);
    if (held.lines.length > count) held.shift();
  }
  for (const line of held.lines) await context.write(`${line}\n`);
  return 0;
};

/** `-5` for `-n 5`. */
const shortCount = (words: string[]) =>
  words.flatMap((word) => (/^-\d+$/.test(word) ? ["-n", word.slice(1)] : [word]));

export const wc: Filter = async (context) => {
  const { given, operands } = readOptions(context.words, "wc", "lwc");
  const counts = { l: 0, w: 0, c: 0 };
  let inWord = false;
  for await (const chunk of context.read(operands)) {
    counts.c += chunk.length;
    for (const byte of chunk) {
      if (byte === 10) counts.l++;
      const blank = byte === 32 || (byte >= 9 && byte <= 13);
      if (!blank && !inWord) counts.w++;
      inWord = !blank;
    }
  }
  const shown = (["l", "w", "c"] as const).filter((letter) => given.size === 0 || given.has(letter));
  await context.write(`${shown.map((letter) => counts[letter]).join(" ")}\n`);
  return 0;
};

export const sort: Filter = async (context) => {
  const { given, operands } = readOptions(context.words, "sort", "rnu");
  const held = new HeldLines("sort");
  for await (const line of linesOf(context.read(operands))) held.add(line);
  const byNumber = (line: string) => Number.parseFloat(line) || 0;
  const sorted = held.lines.sort(
    (a, b) => (given.has("n") && byNumber(a) - byNumber(b)) || compareTexts(a, b),
  );
  if (given.has("r")) sorted.reverse();
  for (const line of given.has("u") ? new Set(sorted) : sorted) await context.write(`${line}\n`);
  return 0;
};

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

class HeldLines {
  readonly lines: string[] = [];
  #bytes = 0;
  readonly #helper: string;

  constructor(helper: string) {
    this.#helper = helper;
  }

  add(line: string): void {
    this.lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes > MOST_HELD)
      throw new LineRefusal(`${this.#helper} takes at most ${MOST_HELD} characters`);
  }

  shift(): void {
    this.#bytes -= this.lines.shift()!.length;
  }
}
