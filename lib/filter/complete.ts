import { type FieldSet, type FilterField, findField, operatorsOf } from "./fields.ts";
import { quote, type Token, tokenizeFilter } from "./tokenize.ts";

export interface Completion {
  /** What replaces the range, with the space after it where one belongs. */
  insert: string;
  label: string;
  detail: string;
  kind: "field" | "operator" | "keyword" | "value";
}

export interface Completions {
  /** The characters that a completion replaces, `to` excluded. */
  from: number;
  to: number;
  /** What stands there already, in lower case and without its quotes; empty where nothing is written yet. */
  typed: string;
  options: Completion[];
}

const MOST_OPTIONS = 50;
const OPERATOR_MEANINGS: Record<string, string> = {
  "=": "is",
  "!=": "is not, or is absent",
  "<": "before, less than",
  "<=": "up to",
  ">": "after, more than",
  ">=": "from",
  ":": "contains, in any case",
  in: "is one of",
  present: "has a value",
};
const TIMES = ["now-15m", "now-1h", "now-24h", "today", "yesterday", "today-7d"];
const DURATIONS = ["100ms", "1s", "10s", "1m"];

/** What may stand at the cursor: fields, operators, values or keywords, best match first, at most 50. */
export function completeFilter(text: string, cursor: number, fields: FieldSet): Completions {
  const before = tokenizeFilter(text.slice(0, cursor));
  const word = wordAtCursor(before, cursor);
  const settled = word ? before.slice(0, -1) : before;
  const from = word?.start ?? cursor;
  const typed = (word?.value ?? "").toLowerCase();
  const options = optionsAfter(settled, fields).filter(({ label }) => label.toLowerCase().includes(typed));
  const ranked = options.sort((a, b) => rank(a.label, typed) - rank(b.label, typed));
  return { from, to: endOfWord(text, cursor, word), typed, options: ranked.slice(0, MOST_OPTIONS) };
}

/** The option that the written letters begin and do not finish: what Tab completes. Null where nothing is begun. */
export function begunCompletion({ typed, options }: Completions): number | null {
  if (typed === "" || options.some(({ label }) => label.toLowerCase() === typed)) return null;
  const index = options.findIndex(({ label }) => label.toLowerCase().startsWith(typed));
  return index < 0 ? null : index;
}

/** The token that the cursor stands at the end of, when more letters could belong to it. */
function wordAtCursor(tokens: Token[], cursor: number): Token | undefined {
  const last = tokens.at(-1);
  if (!last || last.end !== cursor) return undefined;
  const unfinished =
    last.kind === "field" || last.kind === "keyword" || last.kind === "value" || last.kind === "error";
  return unfinished ? last : undefined;
}

function endOfWord(text: string, cursor: number, word: Token | undefined): number {
  if (!word) return cursor;
  const whole = tokenizeFilter(text).find((token) => token.start === word.start);
  return whole && whole.kind === word.kind ? whole.end : cursor;
}

function optionsAfter(tokens: Token[], fields: FieldSet): Completion[] {
  const last = tokens.at(-1);
  const field = fieldBefore(tokens, fields);
  if (!last || last.kind === "minus" || isKeyword(last, "AND", "OR")) return fieldsAndNot(fields);
  if (isKeyword(last, "NOT"))
    return [...(tokens.at(-2)?.kind === "field" ? [] : fieldsAndNot(fields)), keyword("IN", "is one of")];
  if (last.kind === "open" && isKeyword(tokens.at(-2), "IN")) return field ? valuesOf(field) : [];
  if (last.kind === "open") return fieldsAndNot(fields);
  if (last.kind === "field") return field ? operatorsFor(field) : [];
  if (last.kind === "operator") return field ? valuesOf(field) : [];
  if (isKeyword(last, "IN")) return [{ insert: "(", label: "(", detail: "the values", kind: "operator" }];
  if (last.kind === "comma") return field ? valuesOf(field) : [];
  return inList(tokens) ? listSeparators() : [keyword("AND", "both"), keyword("OR", "either")];
}

/** The field that the tokens' last comparison is about. */
function fieldBefore(tokens: Token[], fields: FieldSet): FilterField | undefined {
  const name = tokens.findLast((token) => token.kind === "field");
  return name && findField(fields, name.text);
}

function inList(tokens: Token[]): boolean {
  const open = tokens.findLastIndex((token) => token.kind === "open");
  const close = tokens.findLastIndex((token) => token.kind === "close");
  return open > close && isKeyword(tokens[open - 1], "IN");
}

function isKeyword(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === "keyword" && words.includes(token.text.toUpperCase());
}

const keyword = (word: string, detail: string): Completion => ({
  insert: `${word} `,
  label: word,
  detail,
  kind: "keyword",
});

function fieldsAndNot(fields: FieldSet): Completion[] {
  const names = fields.fields.map(
    ({ name, description }): Completion => ({
      insert: `${name} `,
      label: name,
      detail: description,
      kind: "field",
    }),
  );
  return [...names, keyword("NOT", "does not hold")];
}

function operatorsFor(field: FilterField): Completion[] {
  return operatorsOf(field).map((op): Completion => {
    const written = op === "in" ? "IN (" : op === "present" ? ":*" : op;
    const insert = op === "in" || op === ":" ? written : `${written} `;
    return { insert, label: written, detail: OPERATOR_MEANINGS[op] ?? "", kind: "operator" };
  });
}

function listSeparators(): Completion[] {
  return [
    { insert: ", ", label: ",", detail: "another value", kind: "operator" },
    { insert: ") ", label: ")", detail: "end of the list", kind: "operator" },
  ];
}

function valuesOf(field: FilterField): Completion[] {
  const known = field.values ?? (field.type === "time" ? TIMES : field.type === "duration" ? DURATIONS : []);
  return known.map((value): Completion => {
    const bare = /^[\p{L}\p{N}_][\p{L}\p{N}_./@:+-]*$/u.test(value);
    return {
      insert: bare ? `${value} ` : `${quote(value)} `,
      label: value,
      detail: field.label,
      kind: "value",
    };
  });
}

function rank(label: string, typed: string): number {
  const name = label.toLowerCase();
  if (name === typed) return 0;
  return name.startsWith(typed) ? 1 : 2;
}
