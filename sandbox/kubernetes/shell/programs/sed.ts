import { runBounded } from "../bounded-work.ts";
import { openWriter } from "../files/open-streams.ts";
import { readLineBatches } from "../line-reader.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { forEachInput, type InputFile } from "./input-files.ts";
import { parseOptions } from "./options.ts";
import { PatternError, toRegExp } from "./regular-expressions.ts";

type Address = { kind: "line"; line: number } | { kind: "last" } | { kind: "match"; expression: RegExp };

interface SedCommand {
  from: Address | null;
  to: Address | null;
  negated: boolean;
  active: boolean;
  action:
    | {
        kind: "substitute";
        expression: RegExp;
        replacement: string;
        nth: number;
        global: boolean;
        print: boolean;
      }
    | { kind: "delete" | "print" | "quit" | "number" }
    | { kind: "append" | "insert" | "change"; text: string }
    | { kind: "translate"; table: Map<string, string> };
}

/** `sed` without its hold space and branches: s, d, p, q, a, i, c, y, =, with addresses, ranges and `!`. */
export const sed: Program = async (process) => {
  const options = parseOptions(process.args, {
    flags: "nErisz",
    values: "ef",
    long: { expression: "e", "regexp-extended": "E", "in-place": "i", quiet: "n" },
  });
  if (options.error !== null) return process.fail(options.error);
  const operands = [...options.operands];
  const script = options.values.get("e") ?? operands.shift();
  if (script === undefined) return process.fail("usage: sed [-nEi] SCRIPT [FILE]...");
  const extended = options.flags.has("E") || options.flags.has("r");
  let commands: SedCommand[];
  try {
    commands = parseSedScript(script, extended);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return process.fail(error.message);
  }
  const editor = new Editor(commands, options.flags.has("n"));
  if (!options.flags.has("i"))
    return forEachInput(process, operands, (file) =>
      edit(process, editor, file, (text) => process.print(text)),
    );
  return forEachInput(process, operands, async (file) => {
    let result = "";
    await edit(process, editor, file, async (text) => {
      result += text;
    });
    const writer = openWriter(process.container.files, process.path(file.name), {
      append: false,
      ...process,
    });
    await writer.write(Buffer.from(result), process.signal);
  });
};

async function edit(
  process: ProcessContext,
  editor: Editor,
  file: InputFile,
  print: (text: string) => Promise<void>,
): Promise<void> {
  let held: string | null = null;
  let terminated = true;
  for await (const { lines, lastTerminated } of readLineBatches(() => process.read(file.reader))) {
    const ready: string[] = held === null ? lines : [held, ...lines];
    held = ready.pop() ?? null;
    terminated = lastTerminated;
    const output = runBounded(() => ready.map((line) => editor.edit(line, false)).join(""));
    if (output !== "") await print(output);
    if (editor.done) return;
  }
  if (held === null) return;
  const output = runBounded(() => editor.edit(held, true));
  await print(terminated ? output : output.replace(/\n$/, ""));
}

class Editor {
  readonly #commands: SedCommand[];
  readonly #quiet: boolean;
  #number = 0;
  done = false;

  constructor(commands: SedCommand[], quiet: boolean) {
    this.#commands = commands;
    this.#quiet = quiet;
  }

  edit(input: string, isLast: boolean): string {
    if (this.done) return "";
    this.#number++;
    let line = input;
    let before = "";
    let after = "";
    for (const command of this.#commands) {
      if (this.#selects(command, line, isLast) === command.negated) continue;
      const { action } = command;
      switch (action.kind) {
        case "substitute": {
          const replaced = substitute(line, action);
          if (replaced !== null && action.print) before += `${replaced}\n`;
          line = replaced ?? line;
          break;
        }
        case "delete":
          return before + after;
        case "print":
          before += `${line}\n`;
          break;
        case "number":
          before += `${this.#number}\n`;
          break;
        case "quit":
          this.done = true;
          return before + (this.#quiet ? "" : `${line}\n`) + after;
        case "append":
          after += `${action.text}\n`;
          break;
        case "insert":
          before += `${action.text}\n`;
          break;
        case "change":
          return `${before}${action.text}\n${after}`;
        case "translate":
          line = [...line].map((character) => action.table.get(character) ?? character).join("");
      }
    }
    return before + (this.#quiet ? "" : `${line}\n`) + after;
  }

  #selects(command: SedCommand, line: string, isLast: boolean): boolean {
    if (command.from === null) return true;
    if (command.to === null) return this.#matches(command.from, line, isLast);
    if (!command.active) {
      if (!this.#matches(command.from, line, isLast)) return false;
      command.active = !(command.to.kind === "line" && command.to.line <= this.#number);
      return true;
    }
    if (
      this.#matches(command.to, line, isLast) ||
      (command.to.kind === "line" && command.to.line <= this.#number)
    )
      command.active = false;
    return true;
  }

  #matches(address: Address, line: string, isLast: boolean): boolean {
    if (address.kind === "line") return address.line === this.#number;
    return address.kind === "last" ? isLast : address.expression.test(line);
  }
}

function substitute(
  line: string,
  action: Extract<SedCommand["action"], { kind: "substitute" }>,
): string | null {
  let count = 0;
  let changed = false;
  const result = line.replace(action.expression, (...args) => {
    count++;
    const whole = args[0] as string;
    if (!(action.global ? count >= action.nth : count === action.nth)) return whole;
    changed = true;
    return action.replacement.replace(/\\([\s\S])|&/g, (matched: string, character?: string) => {
      if (matched === "&") return whole;
      if (/\d/.test(character!)) return (args[Number(character)] as string | undefined) ?? "";
      return character === "n" ? "\n" : character === "t" ? "\t" : character!;
    });
  });
  return changed ? result : null;
}

function parseSedScript(script: string, extended: boolean): SedCommand[] {
  const commands: SedCommand[] = [];
  let rest = script.trimStart();
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match;
  };
  const takeUntil = (delimiter: string): string => {
    let text = "";
    for (let at = 0; at < rest.length; at++) {
      if (rest[at] === "\\" && at + 1 < rest.length) {
        text += rest[at + 1] === delimiter ? delimiter : rest.slice(at, at + 2);
        at++;
      } else if (rest[at] === delimiter) {
        rest = rest.slice(at + 1);
        return text;
      } else text += rest[at];
    }
    throw new PatternError(`unterminated '${delimiter}' in '${script}'`);
  };
  const takeAddress = (): Address | null => {
    const line = take(/^\d+/);
    if (line !== null) return { kind: "line", line: Number(line[0]) };
    if (take(/^\$/) !== null) return { kind: "last" };
    if (take(/^\//) === null) return null;
    return { kind: "match", expression: toRegExp(takeUntil("/"), { extended, flags: "" }) };
  };
  const takeAction = (): SedCommand["action"] => {
    const letter = take(/^[sdpqaicy=]/)?.[0];
    switch (letter) {
      case "s": {
        const delimiter = take(/^[^\\\n]/)?.[0] ?? "/";
        const pattern = takeUntil(delimiter);
        const replacement = takeUntil(delimiter);
        const flags = take(/^[gpiI0-9]*/)?.[0] ?? "";
        const expression = toRegExp(pattern, { extended, flags: /i/i.test(flags) ? "gi" : "g" });
        return {
          kind: "substitute",
          expression,
          replacement,
          nth: Number(/\d+/.exec(flags)?.[0] ?? 1),
          global: flags.includes("g"),
          print: flags.includes("p"),
        };
      }
      case "y": {
        const delimiter = take(/^./)?.[0] ?? "/";
        const from = [...takeUntil(delimiter)];
        const to = [...takeUntil(delimiter)];
        return {
          kind: "translate",
          table: new Map(from.map((character, index) => [character, to[index] ?? character])),
        };
      }
      case "a":
      case "i":
      case "c": {
        const kinds = { a: "append", i: "insert", c: "change" } as const;
        return { kind: kinds[letter], text: take(/^\s*(?:\\\n?)?([^\n]*)/)![1]! };
      }
      case "d":
        return { kind: "delete" };
      case "p":
        return { kind: "print" };
      case "q":
        return { kind: "quit" };
      case "=":
        return { kind: "number" };
      default:
        throw new PatternError(`unsupported command ${rest.slice(0, 1)}`);
    }
  };
  while (rest !== "") {
    const from = takeAddress();
    const to = from !== null && take(/^\s*,\s*/) !== null ? takeAddress() : null;
    const negated = take(/^\s*!\s*/) !== null;
    take(/^\s+/);
    commands.push({ from, to, negated, active: false, action: takeAction() });
    if (take(/^[\s;]+/) === null && rest !== "") throw new PatternError(`unknown option in '${script}'`);
  }
  return commands;
}
