type TokenKind =
  | "field"
  | "operator"
  | "keyword"
  | "value"
  | "string"
  | "open"
  | "close"
  | "comma"
  /** `-` before a term: NOT. */
  | "minus"
  /** `*` after `:`. */
  | "presence"
  /** What belongs to no token; `problem` says why. */
  | "error";

export interface Token {
  kind: TokenKind;
  /** As written. */
  text: string;
  start: number;
  end: number;
  /** The text that a string or value stands for. */
  value: string;
  problem?: string;
}

const KEYWORDS = new Set(["AND", "OR", "NOT", "IN"]);
const OPERATOR = /(?:!=|<=|>=|==|=\^|=\$|<>|&&|\|\||[=<>:!])/y;
const WORD = /[\p{L}_][\p{L}\p{N}_.]*/uy;
const VALUE = /[^\s(),"'=<>!][^\s(),"']*/y;
/** What word processors and chats make of straight quotation marks. */
const TYPOGRAPHIC_QUOTE = /[“”„‟‘’‚‛«»]/y;
const SPACE = /\s+/y;

/** What the next word is: a value after an operator or inside an IN list, otherwise a field or keyword. */
interface Place {
  value: boolean;
  list: boolean;
  listMayOpen: boolean;
}

/** Splits a filter's text into tokens, white space left out. Never fails: what is not understood is an `error` token. */
export function tokenizeFilter(text: string): Token[] {
  const tokens: Token[] = [];
  const place: Place = { value: false, list: false, listMayOpen: false };
  let at = 0;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space) {
      at += space.length;
      continue;
    }
    const token = readToken(text, at, place);
    tokens.push(token);
    move(place, token);
    at = token.end;
  }
  return tokens;
}

function readToken(text: string, at: number, place: Place): Token {
  const character = text[at] as string;
  if (character === "(") return token("open", text, at, 1);
  if (character === ")") return token("close", text, at, 1);
  if (character === ",") return token("comma", text, at, 1);
  if (character === '"' || character === "'") return readString(text, at, character);
  if (match(TYPOGRAPHIC_QUOTE, text, at)) {
    const problem = `${character} is a typographic quotation mark: write a straight one, " or '`;
    return { ...token("error", text, at, 1), problem };
  }
  if (place.value || place.list) {
    if (character === "*" && /^\*(?:\s|\)|$)/.test(text.slice(at, at + 2)))
      return token("presence", text, at, 1);
    const value = match(VALUE, text, at);
    if (value) return token("value", text, at, value.length);
  }
  if (character === "-") return token("minus", text, at, 1);
  const operator = match(OPERATOR, text, at);
  if (operator) return token("operator", text, at, operator.length);
  const word = match(WORD, text, at);
  if (word) return token(KEYWORDS.has(word.toUpperCase()) ? "keyword" : "field", text, at, word.length);
  const other = match(VALUE, text, at) ?? character;
  return { ...token("error", text, at, other.length), problem: `${quote(other)} is not the name of a field` };
}

function move(place: Place, last: Token): void {
  const opensList = place.listMayOpen && last.kind === "open";
  place.list = opensList || (place.list && last.kind !== "close");
  place.listMayOpen = last.kind === "keyword" && last.text.toUpperCase() === "IN";
  place.value = last.kind === "operator";
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

function readString(text: string, start: number, closing: string): Token {
  let value = "";
  let at = start + 1;
  while (at < text.length && text[at] !== closing) {
    if (text[at] === "\\" && at + 1 < text.length) {
      at += 1;
      value += ESCAPES[text[at] as string] ?? text[at];
    } else {
      value += text[at];
    }
    at += 1;
  }
  if (at >= text.length) {
    return {
      ...token("error", text, start, text.length - start),
      problem: `the text has no closing ${closing}`,
      value,
    };
  }
  return { ...token("string", text, start, at + 1 - start), value };
}

function token(kind: TokenKind, text: string, start: number, length: number): Token {
  const written = text.slice(start, start + length);
  return { kind, text: written, start, end: start + length, value: written };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A value as the text form writes it. */
export function quote(value: string): string {
  const escaped = value.replace(/[\\"\n\t\r]/g, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return character === "\r" ? "\\r" : `\\${character}`;
  });
  return `"${escaped}"`;
}
