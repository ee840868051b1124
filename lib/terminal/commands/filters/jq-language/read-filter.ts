import { LineRefusal } from "../../../line/line-refusal.ts";
import { FUNCTIONS } from "./functions.ts";
import type { JqFilter, Json, Operator } from "./jq-filter.ts";

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.[A-Za-z_]\w*)|([A-Za-z_]\w*)|(\/\/|==|!=|<=|>=|[.[\](){}|,:;<>+?-]))/y;
const DEEPEST = 64;
const IDENTITY: JqFilter = { kind: "identity" };

/** Operators that bind more loosely first. */
const LEVELS: Operator[][] = [["//"], ["or"], ["and"], ["==", "!=", "<=", ">=", "<", ">"], ["+", "-"]];

/** Reads a filter of jq's language, as far as it is taken here. Throws a {@link LineRefusal} that shows where it is not understood. */
export function readFilter(text: string): JqFilter {
  const reader = new FilterReader(tokens(text));
  const filter = reader.pipe();
  reader.end();
  return filter;
}

function tokens(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw new LineRefusal(`jq does not understand ${JSON.stringify(text.slice(at, at + 20))}`);
    found.push(match[0].trim());
    at = TOKEN.lastIndex;
  }
  return found;
}

class FilterReader {
  readonly #tokens: string[];
  #at = 0;
  #depth = 0;

  constructor(all: string[]) {
    this.#tokens = all;
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail();
  }

  pipe(): JqFilter {
    if (++this.#depth > DEEPEST) throw new LineRefusal(`jq takes ${DEEPEST} levels at most`);
    let filter = this.#comma();
    while (this.#take("|")) filter = { kind: "pipe", first: filter, second: this.#comma() };
    this.#depth--;
    return filter;
  }

  #comma(): JqFilter {
    let left = this.#operators(0);
    while (this.#take(",")) left = { kind: "comma", left, right: this.#operators(0) };
    return left;
  }

  #operators(level: number): JqFilter {
    const operators = LEVELS[level];
    if (!operators) return this.#postfix();
    let left = this.#operators(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (!operator) return left;
      left = { kind: "operator", operator, left, right: this.#operators(level + 1) };
    }
  }

  #postfix(): JqFilter {
    let filter = this.#term();
    for (;;) {
      const next = this.#tokens[this.#at];
      if (next === "[") filter = this.#brackets(filter);
      else if (next && /^\.\w/.test(next)) filter = this.#named(filter);
      else if (next === "." && this.#tokens[this.#at + 1]?.startsWith('"')) filter = this.#quoted(filter);
      else return filter;
    }
  }

  #term(): JqFilter {
    const token = this.#tokens[this.#at] ?? this.#fail();
    if (/^\.\w/.test(token)) return this.#named(IDENTITY);
    if (token === "." && this.#tokens[this.#at + 1]?.startsWith('"')) return this.#quoted(IDENTITY);
    this.#at++;
    if (token === ".") return IDENTITY;
    if (token.startsWith('"') || /^-?\d/.test(token)) return { kind: "literal", value: parseLiteral(token) };
    if (token === "(") return this.#until(")");
    if (token === "[")
      return this.#take("]") ? { kind: "array", of: null } : { kind: "array", of: this.#until("]") };
    if (token === "{") return this.#object();
    if (token === "true" || token === "false" || token === "null")
      return { kind: "literal", value: JSON.parse(token) };
    if (/^[A-Za-z_]/.test(token)) return this.#call(token);
    this.#at--;
    return this.#fail();
  }

  #until(end: string): JqFilter {
    const filter = this.pipe();
    this.#expect(end);
    return filter;
  }

  #named(of: JqFilter): JqFilter {
    return this.#key(of, { kind: "literal", value: this.#tokens[this.#at++]!.slice(1) });
  }

  #quoted(of: JqFilter): JqFilter {
    this.#at++;
    return this.#key(of, { kind: "literal", value: parseLiteral(this.#tokens[this.#at++]!) });
  }

  #key(of: JqFilter, key: JqFilter): JqFilter {
    return { kind: "key", of, key, optional: this.#take("?") };
  }

  #brackets(of: JqFilter): JqFilter {
    this.#expect("[");
    if (this.#take("]")) return { kind: "each", of, optional: this.#take("?") };
    if (this.#take(":")) return { kind: "slice", of, from: null, to: this.#number("]") };
    const key = this.pipe();
    if (this.#take(":")) {
      if (key.kind !== "literal" || typeof key.value !== "number") return this.#fail();
      const to = this.#take("]") ? null : this.#number("]");
      return { kind: "slice", of, from: key.value, to };
    }
    this.#expect("]");
    return this.#key(of, key);
  }

  #number(end: string): number {
    const value = Number(this.#tokens[this.#at++]);
    if (!Number.isInteger(value)) return this.#fail();
    this.#expect(end);
    return value;
  }

  #object(): JqFilter {
    const entries: { key: JqFilter; value: JqFilter }[] = [];
    while (!this.#take("}")) {
      if (entries.length > 0) this.#expect(",");
      const token = this.#tokens[this.#at++] ?? this.#fail();
      if (!/^["A-Za-z_]/.test(token)) return this.#fail();
      const name = token.startsWith('"') ? parseLiteral(token) : token;
      const key: JqFilter = { kind: "literal", value: name };
      const value: JqFilter = this.#take(":")
        ? this.#operators(0)
        : { kind: "key", of: IDENTITY, key, optional: false };
      entries.push({ key, value });
    }
    return { kind: "object", entries };
  }

  #call(name: string): JqFilter {
    const takes = FUNCTIONS.get(name);
    if (takes === undefined)
      throw new LineRefusal(`jq has no ${name} here: it takes ${[...FUNCTIONS.keys()].join(", ")}`);
    if (takes) this.#expect("(");
    return { kind: "call", name, argument: takes ? this.#until(")") : null };
  }

  #take(token: string): boolean {
    const is = this.#tokens[this.#at] === token;
    if (is) this.#at++;
    return is;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#fail(token);
  }

  #fail(expected?: string): never {
    const found = this.#tokens[this.#at];
    const where =
      found === undefined ? "its end" : JSON.stringify(this.#tokens.slice(this.#at, this.#at + 4).join(" "));
    throw new LineRefusal(`jq does not understand ${where}${expected ? `: ${expected} is missing` : ""}`);
  }
}

function parseLiteral(token: string): Json {
  try {
    return JSON.parse(token) as Json;
  } catch {
    throw new LineRefusal(`jq does not understand ${token}`);
  }
}
