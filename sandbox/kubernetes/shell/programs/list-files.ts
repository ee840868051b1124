import { BLOCK_BYTES } from "../files/file-content.ts";
import { FileError } from "../files/file-error.ts";
import {
  baseName,
  type FileNode,
  resolvePath,
  type VirtualFileSystem,
} from "../files/virtual-file-system.ts";
import { patternToRegExp } from "../language/pattern.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { humanSize, parseOptions } from "./options.ts";

interface Entry {
  name: string;
  path: string;
  node: FileNode;
}

/** Size in bytes; for /proc files 0, as Linux tells. */
export function sizeOf(node: FileNode): number {
  if (node.kind === "file") return node.content.size;
  return node.kind === "directory" ? 4096 : node.kind === "symlink" ? node.target.length : 0;
}

const COLOURS: Partial<Record<FileNode["kind"], string>> = {
  directory: "\x1b[1;34m",
  symlink: "\x1b[1;36m",
  device: "\x1b[1;33m",
};

export const ls: Program = async (process) => {
  const options = parseOptions(process.args, {
    flags: "laA1hRdtrSFinogxCLsk",
    long: { all: "a", color: "X" },
    values: "X",
  });
  if (options.error !== null) return process.fail(options.error);
  const { files } = process.container;
  const names = options.operands.length === 0 ? ["."] : options.operands;
  const plain: Entry[] = [];
  const directories: Entry[] = [];
  let exitCode = 0;
  for (const name of names) {
    const path = process.path(name);
    try {
      const link = files.findLink(path);
      const node = options.flags.has("l") || options.flags.has("d") ? link : files.find(path);
      const entry = { name, path, node };
      if (node.kind === "directory" && !options.flags.has("d")) directories.push(entry);
      else plain.push(entry);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(`${name}: ${error.message}`);
    }
  }
  if (plain.length > 0) await process.print(render(process, plain, options.flags));
  const withTitles = names.length > 1 || options.flags.has("R");
  for (let at = 0; at < directories.length; at++) {
    const { name, path, node } = directories[at]!;
    if (node.kind !== "directory") continue;
    const entries = entriesOf(path, node, options.flags);
    const title = withTitles ? `${plain.length > 0 || at > 0 ? "\n" : ""}${name}:\n` : "";
    const blocks = options.flags.has("l")
      ? `total ${entries.reduce((sum, entry) => sum + Math.ceil(sizeOf(entry.node) / 4096) * 4, 0)}\n`
      : "";
    await process.print(title + blocks + render(process, entries, options.flags));
    if (!options.flags.has("R")) continue;
    const below = entries.filter((entry) => entry.node.kind === "directory" && !/^\.\.?$/.test(entry.name));
    directories.splice(
      at + 1,
      0,
      ...below.map((entry) => ({ ...entry, name: `${name.replace(/\/$/, "")}/${entry.name}` })),
    );
  }
  return exitCode;
};

function entriesOf(
  path: string,
  node: Extract<FileNode, { kind: "directory" }>,
  flags: ReadonlySet<string>,
): Entry[] {
  const entries = [...node.entries].map(([name, child]) => ({
    name,
    path: resolvePath(path, name),
    node: child,
  }));
  const visible = entries.filter((entry) => flags.has("a") || flags.has("A") || !entry.name.startsWith("."));
  visible.sort((a, b) => {
    if (flags.has("t")) return b.node.modified.getTime() - a.node.modified.getTime();
    if (flags.has("S")) return sizeOf(b.node) - sizeOf(a.node);
    return a.name < b.name ? -1 : 1;
  });
  if (flags.has("r")) visible.reverse();
  return flags.has("a") ? [{ name: ".", path, node }, { name: "..", path, node }, ...visible] : visible;
}

function render(process: ProcessContext, entries: Entry[], flags: ReadonlySet<string>): string {
  const toTerminal = process.terminal !== null && process.stdout === process.terminal.writer;
  const shown = (entry: Entry) => {
    const colour = toTerminal ? COLOURS[entry.node.kind] : undefined;
    const name = colour === undefined ? entry.name : `${colour}${entry.name}\x1b[0m`;
    return flags.has("F") && entry.node.kind === "directory" ? `${name}/` : name;
  };
  if (flags.has("l"))
    return entries.map((entry) => `${longLine(entry, flags)} ${shown(entry)}${linkTarget(entry)}\n`).join("");
  if (!toTerminal || flags.has("1")) return entries.map((entry) => `${shown(entry)}\n`).join("");
  return columns(entries, shown, process.terminal!.size.width);
}

function columns(entries: Entry[], shown: (entry: Entry) => string, width: number): string {
  if (entries.length === 0) return "";
  const longest = Math.max(...entries.map((entry) => entry.name.length)) + 2;
  const perLine = Math.max(1, Math.floor((width || 80) / longest));
  const lines = Math.ceil(entries.length / perLine);
  let text = "";
  for (let line = 0; line < lines; line++) {
    const cells = entries.filter((_, index) => index % lines === line);
    text += `${cells.map((entry, index) => shown(entry) + (index < cells.length - 1 ? " ".repeat(longest - entry.name.length) : "")).join("")}\n`;
  }
  return text;
}

const KIND_LETTERS: Record<FileNode["kind"], string> = {
  directory: "d",
  file: "-",
  symlink: "l",
  device: "c",
  computed: "-",
};

export function modeText(node: FileNode): string {
  const bits = [..."rwxrwxrwx"]
    .map((letter, index) => (node.mode & (0o400 >> index) ? letter : "-"))
    .join("");
  return KIND_LETTERS[node.kind] + (node.mode & 0o1000 ? `${bits.slice(0, -1)}t` : bits);
}

function longLine({ node }: Entry, flags: ReadonlySet<string>): string {
  const size = flags.has("h") ? humanSize(sizeOf(node)) : String(sizeOf(node));
  const links = node.kind === "directory" ? 2 : 1;
  return `${modeText(node)} ${String(links).padStart(4)} root     root     ${size.padStart(9)} ${dateText(node.modified)}`;
}

function dateText(date: Date): string {
  const [, , day, month, , time] = /^((\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d))/
    .exec(date.toUTCString())!
    .slice(1);
  const parts = date.toUTCString().split(" ");
  return `${month ?? parts[2]} ${(day ?? parts[1])!.replace(/^0/, " ")} ${time ?? parts[4]!.slice(0, 5)}`;
}

function linkTarget({ node }: Entry): string {
  return node.kind === "symlink" ? ` -> ${node.target}` : "";
}

/** All nodes below a path with the path itself first. */
function* walk(
  files: VirtualFileSystem,
  path: string,
  name: string,
  depth = 0,
): Generator<Entry & { depth: number }> {
  const node = files.findLink(path);
  yield { name, path, node, depth };
  if (node.kind !== "directory") return;
  for (const child of [...node.entries.keys()].sort()) {
    yield* walk(files, resolvePath(path, child), `${name.replace(/\/$/, "")}/${child}`, depth + 1);
  }
}

type Test = (entry: Entry & { depth: number }) => boolean;

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

export const du: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "shkamcx", values: "d" });
  if (options.error !== null) return process.fail(options.error);
  const { files } = process.container;
  const show = (bytes: number) =>
    options.flags.has("h") ? humanSize(bytes) : String(Math.ceil(bytes / 1024));
  for (const name of options.operands.length === 0 ? ["."] : options.operands) {
    const totals = new Map<string, number>();
    for (const entry of walk(files, process.path(name), name)) {
      await process.pause();
      const size = Math.ceil(sizeOf(entry.node) / 4096) * 4096;
      const directory =
        entry.node.kind === "directory" ? entry.name : entry.name.slice(0, entry.name.lastIndexOf("/"));
      for (
        let path = directory;
        path.length >= name.length;
        path = path.slice(0, Math.max(0, path.lastIndexOf("/")))
      ) {
        totals.set(path, (totals.get(path) ?? 0) + size);
        if (path === name || path === "") break;
      }
    }
    if (!totals.has(name)) totals.set(name, sizeOf(files.find(process.path(name))));
    const lines = [...totals].filter(([path]) => !options.flags.has("s") || path === name).reverse();
    await process.print(lines.map(([path, bytes]) => `${show(bytes)}\t${path}\n`).join(""));
  }
  return 0;
};

export const stat: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "Lf", values: "c" });
  if (options.error !== null) return process.fail(options.error);
  for (const name of options.operands) {
    const node = process.container.files.findLink(process.path(name));
    const mode = (node.mode & 0o7777).toString(8);
    const format = options.values.get("c");
    if (format !== undefined) {
      const values: Record<string, string> = {
        s: String(sizeOf(node)),
        n: name,
        a: mode,
        A: modeText(node),
        U: "root",
        G: "root",
        u: "0",
        g: "0",
        i: String(node.inode),
        Y: String(Math.floor(node.modified.getTime() / 1000)),
        F: node.kind,
      };
      await process.print(
        `${format.replace(/%(\w)/g, (whole, letter: string) => values[letter] ?? whole)}\n`,
      );
      continue;
    }
    const modified = node.modified.toISOString().replace("T", " ").replace("Z", "000000 +0000");
    await process.print(
      `  File: ${name}\n  Size: ${sizeOf(node)}\tBlocks: ${Math.ceil(sizeOf(node) / 512)}\tIO Block: ${BLOCK_BYTES}\t${node.kind}\n` +
        `Device: 1bh/27d\tInode: ${node.inode}\tLinks: 1\nAccess: (${mode.padStart(4, "0")}/${modeText(node)})  Uid: (    0/    root)   Gid: (    0/    root)\nModify: ${modified}\n`,
    );
  }
  return 0;
};
