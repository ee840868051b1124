import { type Script, ShellSyntaxError, type Word, type WordPart } from "./syntax.ts";
import type { TextCursor } from "./text-cursor.ts";

/** Parses the script of `$( )` at the cursor, up to its closing parenthesis, which it leaves. */
export type NestedScriptParser = (cursor: TextCursor) => Script;

const METACHARACTERS = new Set([" ", "\t", "\n", ";", "&", "|", "<", ">", "(", ")", ""]);
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SPECIAL_PARAMETERS = new Set([
  "?",
  "#",
  "@",
  "*",
  "$",
  "!",
  "-",
  "0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
]);
const OPERATOR = /(:?[-=+?]|##?|%%?|\/\/?|:)/y;

/** One word at the cursor: quoting, parameters, command substitution, arithmetic. Empty where there is none. */
export function parseWord(cursor: TextCursor, nested: NestedScriptParser): Word {
  return parseUntil(cursor, nested, (character) => METACHARACTERS.has(character));
}

/** Text in which only `$`, backquotes and backslash are special: here-documents and double quotes. */
export function parseQuotedText(cursor: TextCursor, nested: NestedScriptParser, end: string): Word {
  const word: Word = [];
  for (;;) {
    if (cursor.atEnd) {
      if (end === "") return word;
      throw new ShellSyntaxError("unterminated quoted string", true);
    }
    if (end !== "" && cursor.take(end)) return word;
    if (cursor.peek() === "\\") {
      cursor.next();
      const escaped = cursor.next();
      const special = ["$", "`", "\\", ...(end === "" ? [] : [end])].includes(escaped);
      if (escaped !== "\n") addText(word, special ? escaped : `\\${escaped}`, true);
    } else if (!parseDollar(cursor, nested, word, true)) addText(word, cursor.next(), true);
  }
}

function parseUntil(
  cursor: TextCursor,
  nested: NestedScriptParser,
  isEnd: (character: string) => boolean,
): Word {
  const word: Word = [];
  while (!cursor.atEnd && !isEnd(cursor.peek())) {
    const character = cursor.peek();
    if (character === "'") parseSingleQuotes(cursor, word);
    else if (character === '"') {
      cursor.next();
      const quoted = parseQuotedText(cursor, nested, '"');
      word.push(...(quoted.length === 0 ? [{ kind: "text", text: "", quoted: true } as const] : quoted));
    } else if (character === "\\") {
      cursor.next();
      if (cursor.atEnd) throw new ShellSyntaxError("unexpected end of file", true);
      const escaped = cursor.next();
      if (escaped !== "\n") addText(word, escaped, true);
    } else if (!parseDollar(cursor, nested, word, false)) addText(word, cursor.next(), false);
  }
  return word;
}

function parseSingleQuotes(cursor: TextCursor, word: Word): void {
  cursor.next();
  const end = cursor.text.indexOf("'", cursor.position);
  if (end === -1) throw new ShellSyntaxError("unterminated quoted string", true);
  word.push({ kind: "text", text: cursor.text.slice(cursor.position, end), quoted: true });
  cursor.position = end + 1;
}

/** An expansion that begins with `$` or a backquote; false where the character stands for itself. */
function parseDollar(cursor: TextCursor, nested: NestedScriptParser, word: Word, quoted: boolean): boolean {
  if (cursor.peek() === "`") {
    word.push({ kind: "command", script: parseBackquotes(cursor, nested), quoted });
    return true;
  }
  if (cursor.peek() !== "$") return false;
  const start = cursor.position;
  cursor.next();
  if (cursor.startsWith("((")) {
    word.push(parseArithmetic(cursor, nested, quoted));
    return true;
  }
  if (cursor.take("(")) {
    const script = nested(cursor);
    if (!cursor.take(")")) throw new ShellSyntaxError('unexpected end of file (expecting ")")', true);
    word.push({ kind: "command", script, quoted });
    return true;
  }
  if (cursor.take("{")) {
    word.push(parseBraces(cursor, nested, quoted));
    return true;
  }
  if (cursor.peek() === "'" && !quoted) {
    word.push({ kind: "text", text: parseAnsiQuotes(cursor), quoted: true });
    return true;
  }
  const name = SPECIAL_PARAMETERS.has(cursor.peek()) ? cursor.next() : cursor.takeMatch(NAME);
  if (name === "") {
    cursor.position = start;
    return false;
  }
  word.push({ kind: "parameter", name, operator: "", argument: [], quoted });
  return true;
}

function parseBackquotes(cursor: TextCursor, nested: NestedScriptParser): Script {
  cursor.next();
  let inner = "";
  while (!cursor.take("`")) {
    if (cursor.atEnd) throw new ShellSyntaxError("unterminated backquote", true);
    const character = cursor.next();
    inner += character === "\\" && ["`", "\\", "$"].includes(cursor.peek()) ? cursor.next() : character;
  }
  const Cursor = cursor.constructor as new (text: string) => TextCursor;
  return nested(new Cursor(inner));
}

function parseArithmetic(cursor: TextCursor, nested: NestedScriptParser, quoted: boolean): WordPart {
  cursor.position += 2;
  const start = cursor.position;
  let depth = 0;
  for (; !cursor.atEnd; cursor.next()) {
    if (cursor.peek() === "(") depth++;
    else if (cursor.peek() === ")" && depth > 0) depth--;
    else if (cursor.startsWith("))")) break;
  }
  if (cursor.atEnd) throw new ShellSyntaxError('unexpected end of file (expecting "))")', true);
  const Cursor = cursor.constructor as new (text: string) => TextCursor;
  const expression = parseQuotedText(new Cursor(cursor.text.slice(start, cursor.position)), nested, "");
  cursor.position += 2;
  return { kind: "arithmetic", expression, quoted };
}

/** `${name}`, `${#name}`, `${name:-word}`, `${name%pattern}`, `${name/old/new}`, `${name:offset:length}`. */
function parseBraces(cursor: TextCursor, nested: NestedScriptParser, quoted: boolean): WordPart {
  const wantsLength = cursor.peek() === "#" && cursor.peek(1) !== "}";
  if (wantsLength) cursor.next();
  const name = SPECIAL_PARAMETERS.has(cursor.peek()) ? cursor.next() : cursor.takeMatch(NAME);
  if (name === "") throw new ShellSyntaxError("bad substitution", cursor.atEnd);
  const operator = wantsLength ? "length" : cursor.takeMatch(OPERATOR);
  let argument: Word = [];
  if (operator !== "" && !wantsLength) {
    argument = parseUntil(cursor, nested, (character) => character === "}");
    if (quoted) argument = argument.map((part) => (part.kind === "text" ? part : { ...part, quoted: true }));
  }
  if (!cursor.take("}")) throw new ShellSyntaxError('unexpected end of file (expecting "}")', cursor.atEnd);
  return { kind: "parameter", name, operator, argument, quoted };
}

const ANSI_ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  "0": "\0",
};

function parseAnsiQuotes(cursor: TextCursor): string {
  cursor.next();
  let text = "";
  while (!cursor.take("'")) {
    if (cursor.atEnd) throw new ShellSyntaxError("unterminated quoted string", true);
    const character = cursor.next();
    if (character !== "\\") text += character;
    else {
      const escaped = cursor.next();
      text += ANSI_ESCAPES[escaped] ?? escaped;
    }
  }
  return text;
}

function addText(word: Word, text: string, quoted: boolean): void {
  const last = word.at(-1);
  if (last?.kind === "text" && last.quoted === quoted) last.text += text;
  else word.push({ kind: "text", text, quoted });
}
