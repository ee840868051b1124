import { checkField, checkOperator, checkValue, type Refusal } from "./check.ts";
import type { FieldSet, FilterField } from "./fields.ts";
import { type Token, tokenizeFilter } from "./tokenize.ts";
import { FILTER_LIMITS, type FilterNode, type FilterOperator } from "./tree.ts";

/** What is wrong, where (zero-based characters, `end` excluded), and what would be taken there. */
export interface FilterError {
  message: string;
  start: number;
  end: number;
  expected: string[];
}

export type ParsedFilter = { ok: true; filter: FilterNode | null } | { ok: false; error: FilterError };

/**
 * Reads the text form, in the style of Google's AIP-160:
 *
 *     verb = "delete" AND (resource = "secrets" OR cluster = "prod") AND NOT namespace IN (dev, test)
 *
 * NOT (or `-`) binds tightest, then AND, then OR, as in SQL. AIP-160 has OR bind tighter than AND: parentheses say it in
 * both. Keywords and field names are taken in any case. Values with spaces, parentheses, commas or quotes are quoted. Empty text
 * is no condition: `filter` is null. Text beyond FILTER_LIMITS is refused.
 */
export function parseFilter(text: string, fields: FieldSet): ParsedFilter {
  if (text.length > FILTER_LIMITS.characters) {
    const message = `The filter has ${text.length} characters; it may have ${FILTER_LIMITS.characters}.`;
    return { ok: false, error: { message, start: FILTER_LIMITS.characters, end: text.length, expected: [] } };
  }
  const parser = new Parser(text, fields);
  try {
    return { ok: true, filter: parser.parse() };
  } catch (thrown) {
    if (thrown instanceof Unparsable) return { ok: false, error: thrown.error };
    throw thrown;
  }
}

class Unparsable extends Error {
  readonly error: FilterError;
  constructor(error: FilterError) {
    super(error.message);
    this.error = error;
  }
}

const OPERATORS: Record<string, FilterOperator> = {
  "=": "=",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  ":": ":",
  "=^": "=^",
  "=$": "=$",
};
const OFFERED = ["=", "!=", "<", "<=", ">", ">=", ":", "IN"];
const MEANT: Record<string, string> = { "==": "=", "<>": "!=", "&&": "AND", "||": "OR", "!": "NOT" };

class Parser {
  private readonly tokens: Token[];
  private readonly length: number;
  private readonly fields: FieldSet;
  private at = 0;
  private depth = 0;
  private comparisons = 0;

  constructor(text: string, fields: FieldSet) {
    this.tokens = tokenizeFilter(text);
    this.length = text.length;
    this.fields = fields;
  }

  parse(): FilterNode | null {
    if (this.tokens.length === 0) return null;
    const node = this.parseOr();
    const rest = this.peek();
    if (rest?.kind === "close") this.fail(rest, "This ) closes nothing.", ["AND", "OR"]);
    if (rest) this.fail(rest, `Put AND or OR before ${describe(rest)}.`, ["AND", "OR"]);
    return node;
  }

  private parseOr(): FilterNode {
    return this.parseSeries("or", () => this.parseSeries("and", () => this.parseUnary()));
  }

  private parseSeries(kind: "and" | "or", parseNext: () => FilterNode): FilterNode {
    const first = parseNext();
    if (!this.isKeyword(kind)) return first;
    const nodes = [first];
    while (this.takeKeyword(kind)) nodes.push(parseNext());
    return { kind, nodes };
  }

  private parseUnary(): FilterNode {
    if (!this.isKeyword("not") && this.peek()?.kind !== "minus") return this.parsePrimary();
    return this.deeper(this.take(), () => ({ kind: "not", node: this.parseUnary() }));
  }

  private parsePrimary(): FilterNode {
    const next = this.peek();
    if (next?.kind === "field") return this.parseComparison();
    if (next?.kind === "open") return this.deeper(this.take(), (open) => this.parseGroup(open));
    const expected = ["a field", "NOT", "("];
    if (!next) this.failAtEnd("The filter ends too early. It takes a field, NOT or ( here.", expected);
    if (next.problem) this.fail(next, `${next.problem}.`, expected);
    if (next.kind === "string") {
      this.fail(next, `${next.text} is a value: name a field first, as in user:${next.text}.`, expected);
    }
    return this.fail(next, `${describe(next)} cannot stand here. Put a field, NOT or ( here.`, expected);
  }

  private parseGroup(open: Token): FilterNode {
    const node = this.parseOr();
    if (this.peek()?.kind === "close") {
      this.take();
      return node;
    }
    const next = this.peek();
    if (next) this.fail(next, `Put AND, OR or ) before ${describe(next)}.`, ["AND", "OR", ")"]);
    return this.fail(open, "This ( is not closed.", [")"]);
  }

  private parseComparison(): FilterNode {
    const name = this.take();
    const field = this.expectAccepted(name, checkField(this.fields, name.text));
    this.comparisons += 1;
    if (this.comparisons > FILTER_LIMITS.comparisons) {
      this.fail(name, `The filter has more than ${FILTER_LIMITS.comparisons} comparisons.`, []);
    }
    if (this.isKeyword("not") && this.isKeyword("in", 1)) {
      this.take();
      return { kind: "not", node: this.parseIn(field) };
    }
    if (this.isKeyword("in")) return this.parseIn(field);
    return this.parseOperator(field);
  }

  private parseOperator(field: FilterField): FilterNode {
    const expected = OFFERED;
    const next = this.peek();
    if (!next) this.failAtEnd(`Put an operator after ${field.name}: ${expected.join("  ")}.`, expected);
    const op = next.kind === "operator" ? OPERATORS[next.text] : undefined;
    if (!op) {
      const meant = MEANT[next.text];
      const hint = meant
        ? `Write ${meant} for ${next.text}.`
        : `Put an operator after ${field.name}: ${expected.join("  ")}.`;
      this.fail(next, hint, meant ? [meant] : expected);
    }
    const sign = this.take();
    if (op === ":" && this.peek()?.kind === "presence") {
      this.expectTaken(sign, checkOperator(field, "present"));
      this.take();
      return present(field);
    }
    this.expectTaken(sign, checkOperator(field, op));
    const value = this.parseValue(field, op);
    if (value === "" && op === "=") return absent(field);
    if (value === "" && op === "!=") return present(field);
    return { kind: "comparison", field: field.name, op, values: [value] };
  }

  private parseIn(field: FilterField): FilterNode {
    this.expectTaken(this.take(), checkOperator(field, "in"));
    const open = this.peek();
    if (open?.kind !== "open") {
      const message = `Put the values after IN in parentheses: ${field.name} IN (a, b).`;
      if (open) this.fail(open, message, ["("]);
      this.failAtEnd(message, ["("]);
    }
    this.take();
    const values = [this.parseValue(field, "in")];
    while (this.peek()?.kind === "comma") {
      const comma = this.take();
      values.push(this.parseValue(field, "in"));
      if (values.length > FILTER_LIMITS.listValues) {
        this.fail(comma, `The list has more than ${FILTER_LIMITS.listValues} values.`, [")"]);
      }
    }
    const next = this.peek();
    if (!next) this.fail(open, "This ( is not closed.", [",", ")"]);
    if (next.kind !== "close") this.fail(next, `Put , or ) before ${describe(next)}.`, [",", ")"]);
    this.take();
    return isOneOf(field, values);
  }

  private parseValue(field: FilterField, op: FilterOperator): string {
    const expected = [...(field.values ?? ["a value"])];
    const next = this.peek();
    if (!next) this.failAtEnd(`Put a value for ${field.name} here.`, expected);
    if (next.kind === "error") this.fail(next, `Here ${next.problem}.`, expected);
    if (next.kind !== "value" && next.kind !== "string") {
      const hint = next.kind === "presence" ? "* stands after : only" : `${describe(next)} is no value`;
      this.fail(
        next,
        `${hint}. Put a value for ${field.name} here, in quotes if it has spaces or ( ) , in it.`,
        expected,
      );
    }
    this.expectTaken(this.take(), checkValue(field, op, next.value));
    return next.value;
  }

  private deeper(opening: Token, parseInner: (opening: Token) => FilterNode): FilterNode {
    this.depth += 1;
    if (this.depth > FILTER_LIMITS.depth) {
      this.fail(opening, `The filter is nested more than ${FILTER_LIMITS.depth} levels deep.`, []);
    }
    const node = parseInner(opening);
    this.depth -= 1;
    return node;
  }

  private peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  private take(): Token {
    return this.tokens[this.at++] as Token;
  }

  private isKeyword(word: string, ahead = 0): boolean {
    const next = this.peek(ahead);
    return next?.kind === "keyword" && next.text.toLowerCase() === word;
  }

  private takeKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.at += 1;
    return true;
  }

  private expectAccepted<T extends object>(token: Token, checked: T | Refusal): T {
    if ("message" in checked) this.fail(token, checked.message, checked.expected);
    return checked as T;
  }

  private expectTaken(token: Token, refusal: Refusal | null): void {
    if (refusal) this.fail(token, refusal.message, refusal.expected);
  }

  private fail(token: Token, message: string, expected: string[]): never {
    throw new Unparsable({ message, start: token.start, end: token.end, expected });
  }

  private failAtEnd(message: string, expected: string[]): never {
    throw new Unparsable({ message, start: this.length, end: this.length, expected });
  }
}

const present = ({ name }: FilterField): FilterNode => {
  return { kind: "comparison", field: name, op: "present", values: [] };
};

/** Empty text is how files write an absent value: who asks for it asks for that. */
const absent = (field: FilterField): FilterNode => ({ kind: "not", node: present(field) });

function isOneOf(field: FilterField, values: string[]): FilterNode {
  const given = values.filter((value) => value !== "");
  const among: FilterNode = { kind: "comparison", field: field.name, op: "in", values: given };
  if (given.length === values.length) return among;
  return given.length === 0 ? absent(field) : { kind: "or", nodes: [absent(field), among] };
}

function describe(token: Token): string {
  return token.text.length > 24 ? `${token.text.slice(0, 24)}…` : token.text;
}
