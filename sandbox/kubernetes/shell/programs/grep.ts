import { runBounded } from "../bounded-work.ts";
import { escapeRegExp } from "../language/pattern.ts";
import { readLineBatches } from "../line-reader.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { forEachInput, type InputFile } from "./input-files.ts";
import { type ParsedOptions, parseOptions } from "./options.ts";
import { PatternError, toRegExp } from "./regular-expressions.ts";

export const grep: Program = async (process) => {
  const options = parseOptions(process.args, {
    flags: "ivcnlLqEFGowxhHrRsaX",
    values: "emABC",
    long: {
      "ignore-case": "i",
      count: "c",
      recursive: "r",
      color: "X",
      "line-number": "n",
      "invert-match": "v",
    },
  });
  if (options.error !== null) return process.fail(options.error, 2);
  const operands = [...options.operands];
  const pattern = options.values.get("e") ?? operands.shift();
  if (pattern === undefined) return process.fail("usage: grep [-ivcnlqEFowxr] PATTERN [FILE]...", 2);
  const expression = compile(process.name, pattern, options);
  if (typeof expression === "string") return process.fail(expression, 2);
  const recursive = options.flags.has("r") || options.flags.has("R");
  const names = recursive
    ? (operands.length === 0 ? ["."] : operands).flatMap((name) => filesBelow(process, name))
    : operands;
  const search = new Search(
    process,
    expression,
    options,
    (names.length > 1 || recursive || options.flags.has("H")) && !options.flags.has("h"),
  );
  const failed = await forEachInput(process, names, (file) => search.searchFile(file));
  if (search.found && options.flags.has("q")) return 0;
  if (failed !== 0) return 2;
  return search.found ? 0 : 1;
};

function compile(program: string, pattern: string, { flags }: ParsedOptions): RegExp | string {
  try {
    const alternatives = pattern.split("\n").map((part) => {
      if (flags.has("F") || program === "fgrep") return escapeRegExp(part);
      return toRegExp(part, { extended: flags.has("E") || program === "egrep", flags: "" }).source;
    });
    let source = alternatives.map((part) => `(?:${part === "(?:)" ? "" : part})`).join("|");
    if (flags.has("w")) source = `\\b(?:${source})\\b`;
    if (flags.has("x")) source = `^(?:${source})$`;
    return new RegExp(source, `g${flags.has("i") ? "i" : ""}`);
  } catch (error) {
    return error instanceof PatternError ? error.message : `bad regex '${pattern}'`;
  }
}

function filesBelow(process: ProcessContext, name: string): string[] {
  const node = process.container.files.tryFind(process.path(name));
  if (node?.kind !== "directory") return [name];
  const base = name === "." ? "" : `${name.replace(/\/$/, "")}/`;
  return [...node.entries].flatMap(([child, childNode]) => {
    if (childNode.kind === "directory") return filesBelow(process, base + child);
    return childNode.kind === "file" && childNode.program === undefined ? [base + child] : [];
  });
}

class Search {
  found = false;
  readonly #process: ProcessContext;
  readonly #expression: RegExp;
  readonly #options: ParsedOptions;
  readonly #withNames: boolean;

  constructor(process: ProcessContext, expression: RegExp, options: ParsedOptions, withNames: boolean) {
    this.#process = process;
    this.#expression = expression;
    this.#options = options;
    this.#withNames = withNames;
  }

  async searchFile({ name, reader }: InputFile): Promise<void> {
    const { flags, values } = this.#options;
    if (name !== "-" && this.#process.container.files.tryFind(this.#process.path(name))?.kind === "directory")
      return;
    const limit = Number(values.get("m") ?? Infinity);
    const before = Number(values.get("B") ?? values.get("C") ?? 0);
    const after = Number(values.get("A") ?? values.get("C") ?? 0);
    let number = 0;
    let matches = 0;
    let afterLeft = 0;
    let previous: { number: number; line: string }[] = [];
    const show = (line: string, at: number, separator: string) =>
      `${this.#prefix(name, at, separator)}${line}\n`;
    for await (const { lines } of readLineBatches(() => this.#process.read(reader))) {
      const results = runBounded(() => lines.map((line) => this.#match(line)));
      let output = "";
      for (const [index, parts] of results.entries()) {
        number++;
        const line = lines[index]!;
        if ((parts !== null) === flags.has("v")) {
          if (afterLeft-- > 0) output += show(line, number, "-");
          else if (before > 0) previous = [...previous, { number, line }].slice(-before);
          continue;
        }
        if (matches >= limit) break;
        matches++;
        this.found = true;
        if (flags.has("q")) return;
        if (flags.has("l") || flags.has("c") || flags.has("L")) continue;
        for (const kept of previous) output += show(kept.line, kept.number, "-");
        previous = [];
        afterLeft = after;
        if (flags.has("o")) for (const part of parts ?? []) output += show(part, number, ":");
        else output += show(line, number, ":");
      }
      if (output !== "") await this.#process.print(output);
      if (matches >= limit || (flags.has("l") && matches > 0)) break;
    }
    if (flags.has("c")) await this.#process.print(`${this.#withNames ? `${name}:` : ""}${matches}\n`);
    if ((flags.has("l") && matches > 0) || (flags.has("L") && matches === 0))
      await this.#process.print(`${name}\n`);
  }

  #match(line: string): string[] | null {
    this.#expression.lastIndex = 0;
    if (!this.#expression.test(line)) return null;
    return this.#options.flags.has("o")
      ? (line.match(this.#expression) ?? []).filter((part) => part !== "")
      : [];
  }

  #prefix(name: string, number: number, separator: string): string {
    return (
      (this.#withNames ? name + separator : "") +
      (this.#options.flags.has("n") ? `${number}${separator}` : "")
    );
  }
}
