import { parseArgs } from "node:util";
import { COMMON_OPTIONS, type Command, type CommandInput, type Options } from "./command.ts";
import { Failure } from "./failure.ts";

type Parsed = Omit<CommandInput, "terminal" | "commands">;

/** Reads what stands behind a command's name. @throws Failure `usage`, which names the option and what it takes. */
export function parseOptions(name: string, command: Command, words: string[]): Parsed {
  const options: Options = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parse(name, words, options);
  for (const [option, value] of Object.entries(values)) refuseUnknownChoice(name, option, options, value);
  if (!values.help) refuseArguments(name, command, positionals);
  const filled = Object.entries(options).map(([option, { type, multiple }]) => [
    option,
    values[option] ?? (type === "boolean" ? false : multiple ? [] : undefined),
  ]);
  return { options: Object.fromEntries(filled), arguments: positionals };
}

interface Words {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>;
  positionals: string[];
}

function parse(name: string, words: string[], options: Options): Words {
  const described = Object.entries(options).map(([option, { type, short, multiple }]) => [
    option,
    { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
  ]);
  try {
    return parseArgs({ args: words, options: Object.fromEntries(described), allowPositionals: true });
  } catch (error) {
    // Of Node's sentences the first says what is wrong.
    const [what] = (error as Error).message.split(/[.\n]/);
    throw usage(name, `${what}.`);
  }
}

function refuseUnknownChoice(name: string, option: string, options: Options, value: unknown): void {
  const choices = options[option]?.choices;
  if (!choices) return;
  for (const given of [value].flat()) {
    if (!choices.includes(String(given)))
      throw usage(name, `--${option} got ${JSON.stringify(given)}: takes ${choices.join(", ")}.`);
  }
}

function refuseArguments(name: string, command: Command, given: readonly string[]): void {
  const missing = command.arguments[given.length];
  if (missing && !missing.optional) throw usage(name, `${missing.name} is missing: ${missing.about}.`);
  if (given.length > command.arguments.length)
    throw usage(name, `${JSON.stringify(given[command.arguments.length])} is one word too many.`);
  for (const [index, word] of given.entries()) {
    const { name: argument, choices } = command.arguments[index]!;
    if (choices && !choices.includes(word))
      throw usage(name, `${argument} got ${JSON.stringify(word)}: takes ${choices.join(", ")}.`);
  }
}

/** What is wrong with the command line, and where it is explained. */
export const usage = (name: string, what: string): Failure =>
  new Failure("usage", `${what} See: kubewitness help ${name}`);
