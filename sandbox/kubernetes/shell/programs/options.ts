/** Options of a command line, as getopt(3) reads them. */
export interface ParsedOptions {
  flags: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
  operands: string[];
  /** What is wrong with the command line; null where nothing is. */
  error: string | null;
}

export interface OptionSyntax {
  /** Letters that stand alone. */
  flags?: string;
  /** Letters that take a value. */
  values?: string;
  /** Long names for letters, such as `lines: "n"`. */
  long?: Record<string, string>;
  /** Options end at the first operand, as for programs that run programs. */
  stopAtOperand?: boolean;
}

export function parseOptions(args: string[], syntax: OptionSyntax): ParsedOptions {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  const done = (error: string | null = null): ParsedOptions => ({ flags, values, operands, error });
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      operands.push(...args.slice(at + 1));
      return done();
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (syntax.stopAtOperand === true) {
        operands.push(...args.slice(at));
        return done();
      }
      operands.push(arg);
      continue;
    }
    if (arg.startsWith("--")) {
      const [name = "", value] = splitOnce(arg.slice(2), "=");
      const letter = syntax.long?.[name];
      if (letter === undefined) return done(`unrecognized option: ${name}`);
      if (!(syntax.values ?? "").includes(letter)) flags.add(letter);
      else values.set(letter, value ?? args[++at] ?? "");
      continue;
    }
    for (let index = 1; index < arg.length; index++) {
      const letter = arg[index]!;
      if ((syntax.flags ?? "").includes(letter)) flags.add(letter);
      else if ((syntax.values ?? "").includes(letter)) {
        const attached = arg.slice(index + 1);
        const value = attached === "" ? args[++at] : attached;
        if (value === undefined) return done(`option requires an argument: ${letter}`);
        values.set(letter, value);
        break;
      } else return done(`unrecognized option: ${letter}`);
    }
  }
  return done();
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A size such as `512`, `64k`, `1M`, `2G`; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})([bckKmMgGtT]?)(?:i?B)?$/.exec(text);
  if (match === null) return undefined;
  const units: Record<string, number> = {
    "": 1,
    c: 1,
    b: 512,
    k: 1024,
    m: 1024 ** 2,
    g: 1024 ** 3,
    t: 1024 ** 4,
  };
  const size = Number(match[1]) * units[match[2]!.toLowerCase()]!;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** A size in the units of `ls -h` and `df -h`: `4.0K`, `1.0G`. */
export function humanSize(bytes: number): string {
  let value = bytes;
  for (const unit of ["", "K", "M", "G", "T"]) {
    if (value < 1024) return unit === "" ? String(value) : `${value.toFixed(1)}${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)}P`;
}
