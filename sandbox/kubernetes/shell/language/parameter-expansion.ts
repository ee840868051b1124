import { runBounded } from "../bounded-work.ts";
import { escapeRegExp, patternSource } from "./pattern.ts";
import { ShellError, type ShellState } from "./shell-state.ts";
import type { Word, WordPart } from "./syntax.ts";

type ParameterPart = Extract<WordPart, { kind: "parameter" }>;

interface ArgumentExpander {
  text(argument: Word): Promise<string>;
  pattern(argument: Word): Promise<string>;
}

/** The value of `$name` and `${name...}` (POSIX, section 2.6.2, and `/`, `:offset:length` of bash and ash). */
export async function expandParameter(
  part: ParameterPart,
  state: ShellState,
  expand: ArgumentExpander,
): Promise<string> {
  const value = parameterValue(part.name, state);
  const { operator } = part;
  if (operator === "") {
    if (value === undefined && state.options.has("u"))
      throw new ShellError(`${part.name}: parameter not set`);
    return value ?? "";
  }
  if (operator === "length") return String([...(value ?? "")].length);
  const empty = value === undefined || (operator.startsWith(":") && value === "");
  switch (operator) {
    case "-":
    case ":-":
      return empty ? expand.text(part.argument) : value;
    case "+":
    case ":+":
      return empty ? "" : expand.text(part.argument);
    case "=":
    case ":=":
      if (empty) state.set(part.name, await expand.text(part.argument));
      return parameterValue(part.name, state) ?? "";
    case "?":
    case ":?":
      if (empty)
        throw new ShellError(`${part.name}: ${(await expand.text(part.argument)) || "parameter not set"}`);
      return value;
    case ":":
      return substring(value ?? "", await expand.text(part.argument));
    default:
      return editValue(
        value ?? "",
        operator,
        await expand.pattern(part.argument),
        await expand.text(part.argument),
      );
  }
}

function parameterValue(name: string, state: ShellState): string | undefined {
  switch (name) {
    case "?":
      return String(state.lastStatus);
    case "#":
      return String(state.positional.length);
    case "@":
    case "*":
      return state.positional.join((state.get("IFS") ?? " ")[0] ?? "");
    case "$":
      return String(state.pid);
    case "!":
      return state.lastBackgroundPid;
    case "-":
      return [...state.options].filter((option) => option.length === 1).join("");
    case "0":
      return state.scriptName;
    case "RANDOM":
      return String(Math.floor(Math.random() * 32_768));
    case "SECONDS":
    case "LINENO":
      return state.get(name) ?? "0";
    default:
      return /^\d$/.test(name) ? state.positional[Number(name) - 1] : state.get(name);
  }
}

function substring(value: string, argument: string): string {
  const [offsetText = "0", lengthText] = argument.split(":");
  const offset = Number(offsetText.trim() || 0);
  const start = offset < 0 ? Math.max(0, value.length + offset) : offset;
  if (lengthText === undefined) return value.slice(start);
  const length = Number(lengthText.trim() || 0);
  return length < 0 ? value.slice(start, length) : value.slice(start, start + length);
}

function editValue(value: string, operator: string, pattern: string, text: string): string {
  return runBounded(() => {
    if (operator.startsWith("/")) return replace(value, operator === "//", pattern, text);
    const source = patternSource(pattern, { lazy: operator.length === 1 });
    if (operator.startsWith("#")) return value.replace(new RegExp(`^(?:${source})`, "u"), "");
    return removeSuffix(value, pattern, operator === "%%");
  });
}

function removeSuffix(value: string, pattern: string, longest: boolean): string {
  const expression = new RegExp(`^(?:${patternSource(pattern)})$`, "u");
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  for (const start of longest ? starts : starts.reverse()) {
    if (expression.test(value.slice(start))) return value.slice(0, start);
  }
  return value;
}

function replace(value: string, all: boolean, pattern: string, text: string): string {
  const cut = splitReplacement(pattern);
  const replacement = splitReplacement(text).replacement;
  if (cut.pattern === "") return value;
  return value.replace(new RegExp(patternSource(cut.pattern), all ? "gu" : "u"), () => replacement);
}

function splitReplacement(text: string): { pattern: string; replacement: string } {
  const at = /(?<!\\)\//.exec(text)?.index ?? text.length;
  return { pattern: text.slice(0, at).replaceAll("\\/", escapeRegExp("/")), replacement: text.slice(at + 1) };
}
