import { FileError } from "../files/file-error.ts";
import { baseName, type FileNode } from "../files/virtual-file-system.ts";
import { patternToRegExp } from "../language/pattern.ts";
import type { Program } from "../process-context.ts";
import { sizeOf } from "./list-files.ts";
import { type WalkedEntry, walk } from "./walk-files.ts";

type Test = (entry: WalkedEntry) => boolean;

export const find: Program = async (process) => {
  const at = process.args.findIndex((arg) => /^[-!(]/.test(arg));
  const paths = at === -1 ? process.args : process.args.slice(0, at);
  const expression = parseFindExpression(at === -1 ? [] : process.args.slice(at));
  if (typeof expression === "string") return process.fail(expression);
  let exitCode = 0;
  for (const name of paths.length === 0 ? ["."] : paths) {
    try {
      for (const entry of walk(process.container.files, process.path(name), name)) {
        await process.pause();
        if (entry.depth > expression.maxDepth || entry.depth < expression.minDepth) continue;
        if (!expression.tests.every((test) => test(entry))) continue;
        if (expression.remove) process.container.files.remove(entry.path, { recursive: true });
        else if (expression.command.length === 0) await process.print(entry.name + expression.terminator);
        else
          await process.container.run(
            process,
            expression.command.map((word) => word.replaceAll("{}", entry.name)),
          );
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(`${name}: ${error.message}`);
    }
  }
  return exitCode;
};

interface FindExpression {
  tests: Test[];
  maxDepth: number;
  minDepth: number;
  command: string[];
  terminator: string;
  remove: boolean;
}

function parseFindExpression(args: string[]): FindExpression | string {
  const expression: FindExpression = {
    tests: [],
    maxDepth: Infinity,
    minDepth: 0,
    command: [],
    terminator: "\n",
    remove: false,
  };
  let negated = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "!" || arg === "-not") {
      negated = true;
      continue;
    }
    if (arg === "-print" || arg === "-a" || arg === "-and") continue;
    if (arg === "-print0") expression.terminator = "\0";
    else if (arg === "-delete") expression.remove = true;
    else if (arg === "-exec") {
      const end = args.findIndex((word, index) => index > at && (word === ";" || word === "+"));
      if (end === -1) return "-exec needs ; at its end";
      expression.command = args.slice(at + 1, end);
      at = end;
    } else if (arg === "-maxdepth") expression.maxDepth = Number(args[++at]);
    else if (arg === "-mindepth") expression.minDepth = Number(args[++at]);
    else {
      const test = findTest(arg, args[at + 1] ?? "");
      if (test === undefined) return `unrecognized: ${arg}`;
      if (arg !== "-empty") at++;
      const expected = !negated;
      expression.tests.push((entry) => test(entry) === expected);
      negated = false;
    }
  }
  return expression;
}

const FIND_TYPES: Record<string, FileNode["kind"][]> = {
  f: ["file", "computed"],
  d: ["directory"],
  l: ["symlink"],
  c: ["device"],
};

function findTest(name: string, value: string): Test | undefined {
  switch (name) {
    case "-name":
    case "-iname": {
      const pattern = patternToRegExp(name === "-iname" ? value.toLowerCase() : value);
      return (entry) =>
        pattern.test(name === "-iname" ? baseName(entry.path).toLowerCase() : baseName(entry.path));
    }
    case "-path": {
      const pattern = patternToRegExp(value);
      return (entry) => pattern.test(entry.name);
    }
    case "-type":
      return (entry) => FIND_TYPES[value]?.includes(entry.node.kind) === true;
    case "-empty":
      return ({ node }) => (node.kind === "directory" ? node.entries.size === 0 : sizeOf(node) === 0);
    case "-size": {
      const match = /^([-+]?)(\d+)([ckMG]?)$/.exec(value);
      if (match === null) return undefined;
      const unit = { c: 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[3]!] ?? 512;
      const wanted = Number(match[2]);
      return ({ node }) => {
        const size = Math.ceil(sizeOf(node) / unit);
        return match[1] === "+" ? size > wanted : match[1] === "-" ? size < wanted : size === wanted;
      };
    }
    case "-mtime":
    case "-mmin": {
      const limit = Math.abs(Number(value)) * (name === "-mtime" ? 86_400_000 : 60_000);
      return ({ node }) => {
        const age = Date.now() - node.modified.getTime();
        return value.startsWith("-") ? age < limit : age > limit;
      };
    }
    default:
      return undefined;
  }
}
