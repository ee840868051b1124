import { LineRefusal } from "./line-refusal.ts";

export interface Word {
  kind: "word";
  text: string;
  /** Whether a shell would take it for an assignment where a program's name is expected. */
  assigns: boolean;
}

export type Token = Word | { kind: "operator"; text: "|" | "<" | ">" | ">>" };

/** Bytes of UTF-8, so that a line fits a program's arguments and a row of the record. */
const MOST_BYTES = 16 * 1024;

const OTHER_OPERATORS: [RegExp, string][] = [
  [/^&&/, "&& is not taken: write one line after the other"],
  [/^\|\|/, "|| is not taken: write one line after the other"],
  [/^\|&/, "|& is not taken: | passes on the output alone"],
  [/^;/, "; is not taken: write one line after the other"],
  [/^&>/, "&> is not taken: > keeps the output, what goes wrong is shown"],
  [/^&/, "& is not taken: nothing runs in the background"],
  [/^[()]/, "( and ) are not taken: put them in quotes where they belong to a word"],
  [/^<</, "<< is not taken: write to a file, or paste after kubectl apply -f - and end with Ctrl-D"],
  [/^<[(&>]/, "<( <& and <> are not taken: < reads a file of your directory"],
  [/^>[(&|]/, ">( >& and >| are not taken: > writes a file of your directory"],
  [/^`/, "` is not taken: put it in single quotes where it belongs to a word"],
  [
    /^\$/,
    "$ is not taken, as there are no variables here: put it in single quotes where it belongs to a word",
  ],
  [/^[*?[]/, "* ? and [ are not taken, as there are no patterns for files: put them in quotes"],
];

/**
 * Splits a line into words and operators. A word is what a POSIX shell would make of it; every character that would mean something
 * else to a shell is refused where it is not quoted. Throws a {@link LineRefusal}.
 */
export function readTokens(line: string): Token[] {
  if (Buffer.byteLength(line) > MOST_BYTES) throw new LineRefusal(`a line has at most ${MOST_BYTES} bytes`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(line)) throw new LineRefusal("a line has no control characters");
  if (!line.isWellFormed()) throw new LineRefusal("a line is text: this one has half a character");
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    if (line[at] === " " || line[at] === "\t") {
      at++;
      continue;
    }
    const operator = readOperator(line.slice(at));
    if (operator) {
      tokens.push({ kind: "operator", text: operator });
      at += operator.length;
      continue;
    }
    const { word, end } = readWord(line, at);
    tokens.push(word);
    at = end;
  }
  return tokens;
}

function readOperator(rest: string): "|" | "<" | ">" | ">>" | null {
  refuseOthers(rest);
  const [operator] = /^(?:\||>>|<|>)/.exec(rest) ?? [];
  return (operator as "|" | "<" | ">" | ">>" | undefined) ?? null;
}

function refuseOthers(rest: string): void {
  const refused = OTHER_OPERATORS.find(([pattern]) => pattern.test(rest));
  if (refused) throw new LineRefusal(refused[1]);
}

function readWord(line: string, start: number): { word: Word; end: number } {
  if (line[start] === "#")
    throw new LineRefusal("# begins a comment in a shell, and is not taken: put it in quotes");
  if (line[start] === "~") throw new LineRefusal("~ is not taken, as there is no home: put it in quotes");
  let text = "";
  let at = start;
  while (at < line.length && !/[ \t|<>]/.test(line[at]!)) {
    const character = line[at]!;
    if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) throw new LineRefusal("a ' is not closed");
      text += line.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      const quoted = readDoubleQuotes(line, at);
      text += quoted.text;
      at = quoted.end;
    } else if (character === "\\") {
      if (at + 1 === line.length) throw new LineRefusal("a \\ stands at the end: a line does not go on");
      const escaped = String.fromCodePoint(line.codePointAt(at + 1)!);
      text += escaped;
      at += 1 + escaped.length;
    } else {
      refuseOthers(line.slice(at));
      text += character;
      at++;
    }
  }
  const raw = line.slice(start, at);
  if (/^\d+$/.test(raw) && /[<>]/.test(line[at] ?? ""))
    throw new LineRefusal(`${raw}${line[at]} is not taken: > keeps the output, what goes wrong is shown`);
  return { word: { kind: "word", text, assigns: /^[A-Za-z_]\w*\+?=/.test(raw) }, end: at };
}

/** POSIX 2.2.3: within double quotes a backslash escapes only `$`, a backquote, `"` and itself. */
function readDoubleQuotes(line: string, start: number): { text: string; end: number } {
  let text = "";
  for (let at = start + 1; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"') return { text, end: at + 1 };
    if (character === "$" || character === "`")
      throw new LineRefusal(`${character} is not taken in double quotes: put it in single quotes`);
    if (character === "\\" && /["\\$`]/.test(line[at + 1] ?? "")) text += line[++at];
    else text += character;
  }
  throw new LineRefusal('a " is not closed');
}
