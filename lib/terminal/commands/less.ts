import { LineRefusal } from "../line/line-refusal.ts";
import type { Command, CommandContext, CommandTerminal } from "./command.ts";
import { inputOf } from "./input-of.ts";
import { linesOf } from "./lines-of.ts";
import { readOptions } from "./options.ts";

const MOST_CHARACTERS = 16 * 1024 * 1024;
/** Each takes memory of the gateway's own process, also an empty one. */
const MOST_LINES = 1_000_000;
const LONGEST_QUERY = 256;

export const less: Command = {
  usage: "less [FILE…]",
  about: "page by page: space b j k g G, /text n to search, q to leave",
  async run(context) {
    const { operands } = readOptions(context.words, "less", "RSFXN");
    const lines = await readAll(context, operands);
    if (context.terminal) await page(lines, context, context.terminal);
    else for (const line of lines) await context.write(`${line}\n`);
    return 0;
  },
};

async function readAll(context: CommandContext, names: string[]): Promise<string[]> {
  const lines: string[] = [];
  let characters = 0;
  for await (const line of linesOf(inputOf(context, names, "less"))) {
    lines.push(shown(line));
    characters += line.length;
    if (characters > MOST_CHARACTERS)
      throw new LineRefusal(`less takes at most ${MOST_CHARACTERS} characters: use grep or head`);
    if (lines.length > MOST_LINES)
      throw new LineRefusal(`less takes at most ${MOST_LINES} lines: use grep or head`);
    if (context.signal.aborted) break;
  }
  return lines;
}

/** Without codes for the terminal, which would spoil the page. */
const shown = (line: string) =>
  line.replaceAll("\t", "        ").replaceAll(/\p{Cc}\[[\d;]*[A-Za-z]|\p{Cc}/gu, "");

interface View {
  top: number;
  query: string;
  /** What is typed after `/`; null while nothing is searched for. */
  typing: string | null;
}

async function page(lines: string[], context: CommandContext, terminal: CommandTerminal): Promise<void> {
  const view: View = { top: 0, query: "", typing: null };
  await context.write("\x1b[?1049h");
  await draw(lines, view, context, terminal);
  for await (const data of terminal.keys()) {
    let left = false;
    for (const key of keysOf(data)) left ||= !applyKey(key, lines, view, terminal.size().rows - 1);
    if (left || context.signal.aborted) break;
    await draw(lines, view, context, terminal);
  }
  await context.write("\x1b[?1049l");
}

const keysOf = (data: Uint8Array) =>
  Buffer.from(data)
    .toString("utf8")
    .match(/\p{Cc}\[[\d;]*[A-Za-z~]|\p{Cc}O[A-Z]|[\s\S]/gu) ?? [];

const MOVES: Record<string, (view: View, rows: number, last: number) => number> = {
  " ": ({ top }, rows) => top + rows,
  f: ({ top }, rows) => top + rows,
  "\x1b[6~": ({ top }, rows) => top + rows,
  b: ({ top }, rows) => top - rows,
  "\x1b[5~": ({ top }, rows) => top - rows,
  j: ({ top }) => top + 1,
  "\r": ({ top }) => top + 1,
  "\x1b[B": ({ top }) => top + 1,
  "\x1bOB": ({ top }) => top + 1,
  k: ({ top }) => top - 1,
  "\x1b[A": ({ top }) => top - 1,
  "\x1bOA": ({ top }) => top - 1,
  g: () => 0,
  G: (_view, _rows, last) => last,
};

/** False where the person leaves. */
function applyKey(key: string, lines: string[], view: View, rows: number): boolean {
  const last = Math.max(0, lines.length - rows);
  if (view.typing !== null) {
    if (key === "\r") {
      view.query = view.typing || view.query;
      view.typing = null;
      find(lines, view, 0);
    } else if (key === "\x7f") view.typing = view.typing.slice(0, -1);
    else if (key === "\x03") view.typing = null;
    else if (!/\p{Cc}/u.test(key) && view.typing.length < LONGEST_QUERY) view.typing += key;
    return true;
  }
  if (key === "q" || key === "Q" || key === "\x03") return false;
  if (key === "/") view.typing = "";
  else if (key === "n") find(lines, view, 1);
  else view.top = Math.min(last, Math.max(0, MOVES[key]?.(view, rows, last) ?? view.top));
  return true;
}

function find(lines: string[], view: View, skip: number): void {
  if (view.query === "") return;
  for (let at = view.top + skip; at < lines.length; at++) {
    if (!lines[at]!.includes(view.query)) continue;
    view.top = at;
    return;
  }
}

async function draw(
  lines: string[],
  view: View,
  context: CommandContext,
  terminal: CommandTerminal,
): Promise<void> {
  const { columns, rows } = terminal.size();
  const visible = lines
    .slice(view.top, view.top + rows - 1)
    .map((line) => [...line].slice(0, columns).join(""));
  while (visible.length < rows - 1) visible.push("~");
  const percent = Math.min(100, Math.round(((view.top + rows - 1) / Math.max(1, lines.length)) * 100));
  const status =
    view.typing === null
      ? `\x1b[7m ${percent}% of ${lines.length} lines, q to leave \x1b[0m`
      : `/${view.typing}`;
  await context.write(`\x1b[H${visible.map((line) => `${line}\x1b[K\r\n`).join("")}${status}\x1b[K`);
}
