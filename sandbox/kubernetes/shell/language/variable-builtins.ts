import { readLine } from "../line-reader.ts";
import { fail, forEach, print } from "./builtin-output.ts";
import type { Interpreter } from "./interpreter.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export async function declare(
  shell: Interpreter,
  args: string[],
  kind: "export" | "readonly",
): Promise<number> {
  const { state } = shell;
  const operands = args.filter((arg) => !arg.startsWith("-"));
  if (operands.length === 0) {
    const names = [...(kind === "export" ? state.exported : state.readOnly)].sort();
    return print(shell, names.map((name) => `${kind} ${name}='${state.get(name) ?? ""}'\n`).join(""));
  }
  for (const operand of operands) {
    const at = operand.indexOf("=");
    const name = at === -1 ? operand : operand.slice(0, at);
    if (!NAME.test(name)) return fail(shell, `${kind}: ${name}: bad variable name`);
    if (at !== -1) state.set(name, operand.slice(at + 1));
    if (kind === "readonly") state.readOnly.add(name);
    else if (args.includes("-n")) state.exported.delete(name);
    else state.exported.add(name);
  }
  return 0;
}

export async function declareLocal(shell: Interpreter, args: string[]): Promise<number> {
  const frame = shell.state.localFrames.at(-1);
  if (frame === undefined) return fail(shell, "local: not in a function");
  for (const arg of args) {
    const at = arg.indexOf("=");
    const name = at === -1 ? arg : arg.slice(0, at);
    if (!NAME.test(name)) return fail(shell, `local: ${name}: bad variable name`);
    if (!frame.has(name)) frame.set(name, shell.state.get(name));
    if (at !== -1) shell.state.set(name, arg.slice(at + 1));
  }
  return 0;
}

export async function unsetBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const functionsOnly = args.includes("-f");
  return forEach(
    args.filter((arg) => !arg.startsWith("-")),
    (name) => (functionsOnly ? shell.state.functions.delete(name) : shell.state.unset(name)),
  );
}

const LONG_OPTIONS: Record<string, string> = {
  errexit: "e",
  nounset: "u",
  xtrace: "x",
  noglob: "f",
  allexport: "a",
  pipefail: "pipefail",
};

export async function setOptions(shell: Interpreter, args: string[]): Promise<number> {
  const { state } = shell;
  if (args.length === 0) {
    const names = [...state.variables.keys()].sort();
    return print(shell, names.map((name) => `${name}='${state.get(name)}'\n`).join(""));
  }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      state.positional = args.slice(at + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      state.positional = args.slice(at);
      return 0;
    }
    const switchOn = arg.startsWith("-");
    const options = arg.slice(1) === "o" ? [LONG_OPTIONS[args[++at] ?? ""] ?? ""] : [...arg.slice(1)];
    for (const option of options) {
      if (option === "") return fail(shell, `set: unknown option ${args[at] ?? ""}`);
      if (option === "o") continue;
      if (switchOn) state.options.add(option);
      else state.options.delete(option);
    }
  }
  return 0;
}

export async function shiftBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const count = Number(args[0] ?? 1);
  if (count > shell.state.positional.length) return fail(shell, "shift: can't shift that many");
  shell.state.positional = shell.state.positional.slice(count);
  return 0;
}

export async function readBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const { state } = shell;
  let raw = false;
  const names: string[] = [];
  for (let at = 0; at < args.length; at++) {
    if (args[at] === "-p")
      await shell.streams.stderr.write(Buffer.from(args[++at] ?? ""), shell.process.signal);
    else if (/^-[nstdu]$/.test(args[at]!) && args[at] !== "-s") at++;
    else if (args[at] === "-r") raw = true;
    else if (!args[at]!.startsWith("-")) names.push(args[at]!);
  }
  const line = await readLine(shell.streams.stdin, shell.process.signal);
  const text = raw ? (line?.text ?? "") : (line?.text ?? "").replace(/\\(.)/g, "$1");
  const targets = names.length === 0 ? ["REPLY"] : names;
  assignFields(shell, targets, text);
  state.lastStatus = 0;
  return line?.terminated === true ? 0 : 1;
}

/** The last name takes all that is left of the line. */
function assignFields(shell: Interpreter, names: string[], text: string): void {
  const separators = shell.state.get("IFS") ?? " \t\n";
  const isBlank = (character: string | undefined) =>
    character !== undefined && " \t\n".includes(character) && separators.includes(character);
  let at = 0;
  const skipBlank = () => {
    while (isBlank(text[at])) at++;
  };
  for (const [index, name] of names.entries()) {
    skipBlank();
    if (index === names.length - 1) {
      let end = text.length;
      while (end > at && isBlank(text[end - 1])) end--;
      shell.state.set(name, text.slice(at, end));
      return;
    }
    const start = at;
    while (at < text.length && !separators.includes(text[at]!)) at++;
    shell.state.set(name, text.slice(start, at));
    skipBlank();
    if (at < text.length && separators.includes(text[at]!)) at++;
  }
}
