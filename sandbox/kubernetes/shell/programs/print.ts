import type { Program } from "../process-context.ts";

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};
const LINES_AT_ONCE = 2_000;

export const echo: Program = async (process) => {
  let args = process.args;
  let lineBreak = true;
  let escapes = false;
  while (/^-[neE]+$/.test(args[0] ?? "")) {
    for (const option of args[0]!.slice(1)) {
      if (option === "n") lineBreak = false;
      else escapes = option === "e";
    }
    args = args.slice(1);
  }
  const text = args.join(" ");
  const stop = escapes ? text.indexOf("\\c") : -1;
  const shown = escapes ? expandEscapes(stop === -1 ? text : text.slice(0, stop)) : text;
  await process.print(shown + (lineBreak && stop === -1 ? "\n" : ""));
  return 0;
};

/** Replaces backslash escapes: `\n`, `\t`, `\0nnn`, `\xhh`. */
export function expandEscapes(text: string): string {
  return text.replace(
    /\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/g,
    (whole, octal?: string, hex?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return ESCAPES[letter ?? ""] ?? whole;
    },
  );
}

const DIRECTIVE = /%(%|([-+ 0#]*)(\*|\d*)(?:\.(\d+))?([sdiuoxXcbqfeEgG]))/g;
const MAX_WIDTH = 10_000;

export const printf: Program = async (process) => {
  const [format, ...args] = process.args;
  if (format === undefined) return process.fail("usage: printf FORMAT [ARG]...");
  const remaining = [...args];
  do {
    const before = remaining.length;
    await process.print(formatOnce(expandEscapes(format), remaining));
    if (remaining.length === before) break;
  } while (remaining.length > 0);
  return 0;
};

function formatOnce(format: string, args: string[]): string {
  return format.replace(
    DIRECTIVE,
    (_whole, all: string, flags = "", width = "", precision?: string, conversion = "") => {
      if (all === "%") return "%";
      const columns = Math.min(MAX_WIDTH, Number(width === "*" ? (args.shift() ?? 0) : width));
      const text = convert(conversion, args.shift() ?? "", precision, flags);
      if (flags.includes("-")) return text.padEnd(columns);
      return text.padStart(columns, flags.includes("0") && conversion !== "s" ? "0" : " ");
    },
  );
}

function convert(conversion: string, arg: string, precision: string | undefined, flags: string): string {
  switch (conversion) {
    case "s":
      return precision === undefined ? arg : arg.slice(0, Number(precision));
    case "b":
      return expandEscapes(arg);
    case "c":
      return arg.slice(0, 1);
    case "q":
      return `'${arg.replaceAll("'", "'\\''")}'`;
    case "x":
      return Math.trunc(toNumber(arg)).toString(16);
    case "X":
      return Math.trunc(toNumber(arg)).toString(16).toUpperCase();
    case "o":
      return Math.trunc(toNumber(arg)).toString(8);
    case "f":
      return toNumber(arg).toFixed(Math.min(100, Number(precision ?? 6)));
    case "e":
    case "E":
      return toNumber(arg).toExponential(Math.min(100, Number(precision ?? 6)));
    case "g":
    case "G":
      return String(toNumber(arg));
    default: {
      const text = String(Math.trunc(toNumber(arg)));
      return flags.includes("+") && !text.startsWith("-") ? `+${text}` : text;
    }
  }
}

function toNumber(text: string): number {
  if (/^['"]/.test(text)) return text.codePointAt(1) ?? 0;
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}

export const yes: Program = async (process) => {
  const line = Buffer.from(`${process.args.join(" ") || "y"}\n`);
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(8192 / line.length) }, () => line));
  for (;;) await process.write(chunk);
};

export const seq: Program = async (process) => {
  const numbers = process.args.map(Number);
  if (numbers.length === 0 || numbers.length > 3 || numbers.some((value) => !Number.isFinite(value))) {
    return process.fail("usage: seq [FIRST [INC]] LAST");
  }
  const last = numbers.at(-1)!;
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const step = numbers.length === 3 ? numbers[1]! : 1;
  if (step === 0) return process.fail("increment must not be 0");
  const digits = Math.max(...process.args.map((arg) => arg.split(".")[1]?.length ?? 0));
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  for (let from = 0; from < count; from += LINES_AT_ONCE) {
    const length = Math.min(LINES_AT_ONCE, count - from);
    const lines = Array.from(
      { length },
      (_, index) => `${(first + (from + index) * step).toFixed(digits)}\n`,
    );
    await process.print(lines.join(""));
  }
  return 0;
};

export const succeed: Program = async () => 0;
export const failAlways: Program = async () => 1;
