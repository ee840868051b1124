import { FileError } from "../files/file-error.ts";
import { type FileNode, resolvePath } from "../files/virtual-file-system.ts";
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

function modeText(node: FileNode): string {
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
  const [, day = "", month = "", , time = ""] = date.toUTCString().split(" ");
  return `${month} ${day.replace(/^0/, " ")} ${time.slice(0, 5)}`;
}

function linkTarget({ node }: Entry): string {
  return node.kind === "symlink" ? ` -> ${node.target}` : "";
}
