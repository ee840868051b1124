import { readLineBatches } from "../line-reader.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { TextTooLargeError } from "../process-context.ts";
import { forEachInput } from "./input-files.ts";
import { parseOptions } from "./options.ts";
import { expandEscapes } from "./print.ts";

const MAX_SORT_BYTES = 16 * 1024 * 1024;

async function readAllLines(
  process: ProcessContext,
  names: string[],
): Promise<{ lines: string[]; exitCode: number }> {
  const all: string[] = [];
  let bytes = 0;
  const exitCode = await forEachInput(process, names, async ({ reader }) => {
    for await (const { lines } of readLineBatches(() => process.read(reader))) {
      for (const line of lines) {
        bytes += line.length + 16;
        all.push(line);
      }
      if (bytes > MAX_SORT_BYTES) throw new TextTooLargeError();
    }
  });
  return { lines: all, exitCode };
}

export const sort: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "rnuhbfdscV", values: "kto" });
  if (options.error !== null) return process.fail(options.error);
  const { lines, exitCode } = await readAllLines(process, options.operands);
  const { flags, values } = options;
  const spec = /^(\d+)(?:\.\d+)?([nrhf]*)(?:,(\d+)(?:\.\d+)?([nrhf]*))?/.exec(values.get("k") ?? "");
  const letters = `${spec?.[2] ?? ""}${spec?.[4] ?? ""}`;
  const numeric = flags.has("n") || flags.has("h") || /[nh]/.test(letters);
  const key = keyOf(spec === null ? null : Number(spec[1]), Number(spec?.[3] ?? Infinity), values.get("t"));
  const number = (text: string) => numberOf(text, flags.has("h") || letters.includes("h"));
  const fold = flags.has("f") || letters.includes("f");
  const compare = (a: string, b: string) => {
    const [left, right] = fold ? [key(a).toLowerCase(), key(b).toLowerCase()] : [key(a), key(b)];
    const difference = numeric ? number(left) - number(right) : 0;
    return difference || (left < right ? -1 : left > right ? 1 : 0);
  };
  lines.sort(compare);
  if (flags.has("r") || letters.includes("r")) lines.reverse();
  const shown = flags.has("u")
    ? lines.filter((line, index) => index === 0 || compare(lines[index - 1]!, line) !== 0)
    : lines;
  await printLines(process, shown);
  return exitCode;
};

function keyOf(from: number | null, to: number, separator: string | undefined): (line: string) => string {
  if (from === null) return (line) => line;
  return (line) => {
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    return fields.slice(from - 1, to).join(separator ?? " ");
  };
}

function numberOf(text: string, human: boolean): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)([KMGT]?)/i.exec(text);
  if (match === null) return 0;
  const scale = human ? 1024 ** " KMGT".indexOf(match[2]!.toUpperCase() || " ") : 1;
  return Number(match[1]) * scale;
}

async function printLines(process: ProcessContext, lines: string[]): Promise<void> {
  for (let at = 0; at < lines.length; at += 5000) {
    await process.print(
      lines
        .slice(at, at + 5000)
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
}

export const uniq: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "cdui" });
  if (options.error !== null) return process.fail(options.error);
  const { flags } = options;
  const { lines, exitCode } = await readAllLines(process, options.operands.slice(0, 1));
  const groups: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const same =
      last !== undefined &&
      (flags.has("i") ? last.line.toLowerCase() === line.toLowerCase() : last.line === line);
    if (same) last.count++;
    else groups.push({ line, count: 1 });
  }
  const wanted = groups.filter(
    ({ count }) => (!flags.has("d") || count > 1) && (!flags.has("u") || count === 1),
  );
  await printLines(
    process,
    wanted.map(({ line, count }) => (flags.has("c") ? `${String(count).padStart(7)} ${line}` : line)),
  );
  return exitCode;
};

export const cut: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "sn", values: "dfcb" });
  if (options.error !== null) return process.fail(options.error);
  const list = options.values.get("f") ?? options.values.get("c") ?? options.values.get("b");
  const ranges = parseRanges(list ?? "");
  if (ranges === null) return process.fail("usage: cut -d CHAR -f LIST | -c LIST [FILE]...");
  const byField = options.values.has("f");
  const delimiter = options.values.get("d") ?? "\t";
  const wanted = (number: number) => ranges.some(([from, to]) => number >= from && number <= to);
  return forEachInput(process, options.operands, async ({ reader }) => {
    for await (const { lines } of readLineBatches(() => process.read(reader))) {
      const results = lines.flatMap((line) => {
        if (byField && !line.includes(delimiter)) return options.flags.has("s") ? [] : [line];
        const parts = byField ? line.split(delimiter) : [...line];
        return [parts.filter((_, index) => wanted(index + 1)).join(byField ? delimiter : "")];
      });
      await printLines(process, results);
    }
  });
};

function parseRanges(list: string): [number, number][] | null {
  const ranges = list.split(",").map((part): [number, number] | null => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || part === "" || part === "-") return null;
    const from = match[1] === "" ? 1 : Number(match[1]);
    return [from, match[2] === "" ? from : match[3] === "" ? Infinity : Number(match[3])];
  });
  return ranges.includes(null) ? null : (ranges as [number, number][]);
}

export const tr: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "dscC" });
  const [first, second] = options.operands;
  if (options.error !== null || first === undefined)
    return process.fail(options.error ?? "usage: tr [-dsc] SET1 [SET2]");
  const from = expandSet(first);
  const to = expandSet(second ?? "");
  const complement = options.flags.has("c") || options.flags.has("C");
  const members = new Set(from);
  const inSet = (character: string) => members.has(character) !== complement;
  const table = new Map(from.map((character, index) => [character, to[Math.min(index, to.length - 1)]]));
  const squeezed = new Set(options.flags.has("s") ? (to.length > 0 ? to : from) : []);
  let last = "";
  for (let chunk = await process.read(); chunk !== null; chunk = await process.read()) {
    let output = "";
    for (const character of chunk.toString("utf8")) {
      if (inSet(character) && options.flags.has("d")) continue;
      const mapped =
        inSet(character) && to.length > 0
          ? complement
            ? to.at(-1)!
            : (table.get(character) ?? character)
          : character;
      if (
        mapped === last &&
        (squeezed.has(mapped) || (complement && options.flags.has("s") && inSet(character)))
      )
        continue;
      output += mapped;
      last = mapped;
    }
    await process.print(output);
  }
  return 0;
};

const SETS: Record<string, string> = {
  lower: "a-z",
  upper: "A-Z",
  digit: "0-9",
  alpha: "A-Za-z",
  alnum: "A-Za-z0-9",
  space: " \t\n\r\f\v",
  punct: "!-/:-@[-`{-~",
};

function expandSet(set: string): string[] {
  const text = [...expandEscapes(set.replace(/\[:(\w+):\]/g, (whole, name: string) => SETS[name] ?? whole))];
  const result: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const from = text[at]!.codePointAt(0)!;
    const to = text[at + 1] === "-" ? text[at + 2]?.codePointAt(0) : undefined;
    if (to === undefined || to < from) result.push(text[at]!);
    else {
      for (let code = from; code <= Math.min(to, from + 1000); code++)
        result.push(String.fromCodePoint(code));
      at += 2;
    }
  }
  return result;
}
