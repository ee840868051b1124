/** The expression of `$(( ))` is wrong; the message is ash's. */
export class ArithmeticError extends Error {
  constructor(message = "arithmetic syntax error") {
    super(message);
    this.name = "ArithmeticError";
  }
}

export interface Variables {
  get(name: string): string;
  set(name: string, value: string): void;
}

const TOKEN =
  /\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|<<=|>>=|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])/y;
const BINARY: string[][] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);
const MAX_DEPTH = 200;

/** Evaluates a shell arithmetic expression on 64-bit integers (POSIX, section 2.6.4). */
export function evaluateArithmetic(expression: string, variables: Variables): bigint {
  const evaluator = new Evaluator(tokenize(expression), variables);
  return evaluator.evaluate();
}

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(expression); match !== null; match = TOKEN.exec(expression)) {
    tokens.push(match[1]!);
    end = TOKEN.lastIndex;
  }
  if (expression.slice(end).trim() !== "") throw new ArithmeticError();
  return tokens;
}

class Evaluator {
  readonly #tokens: string[];
  readonly #variables: Variables;
  #position = 0;
  #depth = 0;

  constructor(tokens: string[], variables: Variables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  evaluate(): bigint {
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma();
    if (this.#position < this.#tokens.length) throw new ArithmeticError();
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#take(",")) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    if (++this.#depth > MAX_DEPTH) throw new ArithmeticError("expression recursion level exceeded");
    const name = this.#tokens[this.#position] ?? "";
    const operator = this.#tokens[this.#position + 1] ?? "";
    let value: bigint;
    if (/^[A-Za-z_]/.test(name) && ASSIGNMENTS.has(operator)) {
      this.#position += 2;
      const right = this.#assignment();
      value = operator === "=" ? right : apply(operator.slice(0, -1), this.#variable(name), right);
      this.#variables.set(name, String(value));
    } else value = this.#conditional();
    this.#depth--;
    return value;
  }

  #conditional(): bigint {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#assignment();
    if (!this.#take(":")) throw new ArithmeticError();
    const no = this.#assignment();
    return condition !== 0n ? yes : no;
  }

  #binary(level: number): bigint {
    const operators = BINARY[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) return left;
      left = apply(operator, left, this.#binary(level + 1));
    }
  }

  #unary(): bigint {
    if (++this.#depth > MAX_DEPTH) throw new ArithmeticError("expression recursion level exceeded");
    const value = this.#unaryValue();
    this.#depth--;
    return value;
  }

  #unaryValue(): bigint {
    if (this.#take("-")) return BigInt.asIntN(64, -this.#unary());
    if (this.#take("+")) return this.#unary();
    if (this.#take("!")) return this.#unary() === 0n ? 1n : 0n;
    if (this.#take("~")) return ~this.#unary();
    if (this.#take("++")) return this.#step(1n, true);
    if (this.#take("--")) return this.#step(-1n, true);
    return this.#primary();
  }

  #primary(): bigint {
    if (this.#take("(")) {
      const value = this.#comma();
      if (!this.#take(")")) throw new ArithmeticError();
      return value;
    }
    const token = this.#tokens[this.#position] ?? "";
    if (/^[A-Za-z_]/.test(token)) {
      const following = this.#tokens[this.#position + 1];
      if (following === "++" || following === "--") return this.#step(following === "++" ? 1n : -1n, false);
      this.#position++;
      return this.#variable(token);
    }
    if (!/^\d/.test(token)) throw new ArithmeticError();
    this.#position++;
    return toInteger(token);
  }

  #step(by: bigint, before: boolean): bigint {
    const name = this.#tokens[this.#position] ?? "";
    if (!/^[A-Za-z_]/.test(name)) throw new ArithmeticError();
    this.#position += before ? 1 : 2;
    const old = this.#variable(name);
    this.#variables.set(name, String(old + by));
    return before ? old + by : old;
  }

  #variable(name: string): bigint {
    const text = this.#variables.get(name).trim();
    if (text === "") return 0n;
    const negative = text.startsWith("-");
    const digits = negative ? text.slice(1) : text;
    if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(digits)) throw new ArithmeticError(`${name}: bad number`);
    return negative ? -toInteger(digits) : toInteger(digits);
  }
}

function toInteger(text: string): bigint {
  if (text.length > 20) throw new ArithmeticError("number out of range");
  if (/^0[0-7]+$/.test(text)) return BigInt.asIntN(64, BigInt(`0o${text.slice(1)}`));
  if (/^0\d/.test(text)) throw new ArithmeticError();
  return BigInt.asIntN(64, BigInt(text));
}

function apply(operator: string, left: bigint, right: bigint): bigint {
  if ((operator === "/" || operator === "%") && right === 0n) throw new ArithmeticError("divide by zero");
  const operation = OPERATIONS[operator];
  if (operation === undefined) throw new ArithmeticError();
  const result = operation(left, right);
  return typeof result === "boolean" ? (result ? 1n : 0n) : BigInt.asIntN(64, result);
}

const OPERATIONS: Record<string, (left: bigint, right: bigint) => bigint | boolean> = {
  "||": (left, right) => left !== 0n || right !== 0n,
  "&&": (left, right) => left !== 0n && right !== 0n,
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "&": (left, right) => left & right,
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<=": (left, right) => left <= right,
  ">=": (left, right) => left >= right,
  "<": (left, right) => left < right,
  ">": (left, right) => left > right,
  "<<": (left, right) => left << (right & 63n),
  ">>": (left, right) => left >> (right & 63n),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};
