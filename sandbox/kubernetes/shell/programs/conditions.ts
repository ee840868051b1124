import type { ProcessContext, Program } from "../process-context.ts";
import { sizeOf } from "./list-files.ts";

/** `test EXPRESSION` and `[ EXPRESSION ]` (POSIX): files, strings, numbers, `!`, `-a`, `-o`, parentheses. */
export const test: Program = async (process) => {
  const args = [...process.args];
  if (process.name === "[" || process.name === "[[") {
    const closing = process.name === "[" ? "]" : "]]";
    if (args.pop() !== closing) return process.fail(`missing ${closing}`, 2);
  }
  if (args.length === 0) return 1;
  const condition = new Condition(process, args);
  const result = condition.evaluate();
  if (typeof result === "string") return process.fail(result, 2);
  return result ? 0 : 1;
};

class Condition {
  readonly #process: ProcessContext;
  readonly #args: string[];
  #position = 0;
  #error: string | null = null;

  constructor(process: ProcessContext, args: string[]) {
    this.#process = process;
    this.#args = args;
  }

  evaluate(): boolean | string {
    const value = this.#or();
    if (this.#error === null && this.#position < this.#args.length)
      return `${this.#args[this.#position]}: unknown operand`;
    return this.#error ?? value;
  }

  #take(word: string): boolean {
    if (this.#args[this.#position] !== word) return false;
    this.#position++;
    return true;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#take("-o") || this.#take("||")) value = this.#and() || value;
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.#take("-a") || this.#take("&&")) value = this.#not() && value;
    return value;
  }

  #not(): boolean {
    const left = this.#args.length - this.#position;
    if (left > 1 && this.#take("!")) return !this.#not();
    return this.#primary();
  }

  #primary(): boolean {
    const [first, second, third] = this.#args.slice(this.#position, this.#position + 3);
    if (first === undefined) {
      this.#error = "argument expected";
      return false;
    }
    if (second !== undefined && third !== undefined) {
      const compared = this.#binary(first, second, third);
      if (compared !== undefined) {
        this.#position += 3;
        return compared;
      }
    }
    if (first === "(" && second !== undefined) {
      this.#position++;
      const value = this.#or();
      if (!this.#take(")")) this.#error = "closing paren expected";
      return value;
    }
    if (second !== undefined && /^-[a-zA-Z]$/.test(first)) {
      this.#position += 2;
      return this.#unary(first, second);
    }
    this.#position++;
    return first !== "";
  }

  #binary(left: string, operator: string, right: string): boolean | undefined {
    if (operator === "=" || operator === "==") return left === right;
    if (operator === "!=") return left !== right;
    if (operator === "<") return left < right;
    if (operator === ">") return left > right;
    const compare = NUMBER_OPERATORS[operator];
    if (compare === undefined) return undefined;
    for (const text of [left, right]) {
      if (!/^\s*[-+]?\d+\s*$/.test(text)) {
        this.#error = `${text}: bad number`;
        return false;
      }
    }
    return compare(Number(left), Number(right));
  }

  #unary(operator: string, operand: string): boolean {
    if (operator === "-z") return operand === "";
    if (operator === "-n") return operand !== "";
    if (operator === "-t") return this.#process.terminal !== null;
    const { files } = this.#process.container;
    if (operator === "-L" || operator === "-h") return this.#isLink(operand);
    const node = operand === "" ? undefined : files.tryFind(this.#process.path(operand));
    if (node === undefined) return false;
    switch (operator) {
      case "-d":
        return node.kind === "directory";
      case "-f":
        return node.kind === "file" || node.kind === "computed";
      case "-c":
        return node.kind === "device";
      case "-s":
        return sizeOf(node) > 0;
      case "-x":
        return node.kind === "directory" || (node.mode & 0o111) !== 0;
      case "-w":
        return (node.mode & 0o222) !== 0;
      case "-e":
      case "-r":
      case "-O":
        return true;
      default:
        return false;
    }
  }

  #isLink(operand: string): boolean {
    try {
      return this.#process.container.files.findLink(this.#process.path(operand)).kind === "symlink";
    } catch {
      return false;
    }
  }
}

const NUMBER_OPERATORS: Record<string, (left: number, right: number) => boolean> = {
  "-eq": (left, right) => left === right,
  "-ne": (left, right) => left !== right,
  "-lt": (left, right) => left < right,
  "-le": (left, right) => left <= right,
  "-gt": (left, right) => left > right,
  "-ge": (left, right) => left >= right,
};
