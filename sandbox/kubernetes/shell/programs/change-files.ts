import { FileError } from "../files/file-error.ts";
import { baseName, parentOf, resolvePath, type VirtualFileSystem } from "../files/virtual-file-system.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { type OptionSyntax, type ParsedOptions, parseOptions, parseSize } from "./options.ts";

/** A program that does one thing to each operand; what fails gets a message, and the rest still happens. */
function forEachOperand(
  syntax: OptionSyntax,
  usage: string,
  act: (process: ProcessContext, path: string, options: ParsedOptions, name: string) => void | Promise<void>,
): Program {
  return async (process) => {
    const options = parseOptions(process.args, syntax);
    if (options.error !== null) return process.fail(options.error);
    if (options.operands.length === 0) return process.fail(`usage: ${usage}`);
    let exitCode = 0;
    for (const name of options.operands) {
      try {
        await act(process, process.path(name), options, name);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        exitCode = await process.fail(`${VERBS[process.name] ?? ""}'${name}': ${error.message}`);
      }
    }
    return exitCode;
  };
}

const VERBS: Record<string, string> = { mkdir: "can't create directory ", rm: "can't remove ", touch: "" };

export const mkdir = forEachOperand(
  { flags: "pv", values: "m" },
  "mkdir [-p] DIRECTORY...",
  (process, path, options) => {
    if (options.flags.has("p")) process.container.files.makeDirectories(path);
    else process.container.files.makeDirectory(path);
  },
);

export const rmdir = forEachOperand({ flags: "p" }, "rmdir DIRECTORY...", (process, path) => {
  process.container.files.findDirectory(path);
  process.container.files.remove(path, { recursive: false });
});

export const rm: Program = async (process) => {
  if (process.args.every((arg) => arg.startsWith("-")) && process.args.some((arg) => arg.includes("f")))
    return 0;
  return removeEach(process);
};

const removeEach = forEachOperand(
  { flags: "rRfiv", long: { recursive: "r", force: "f" } },
  "rm [-rf] FILE...",
  (process, path, { flags }) => {
    const recursive = flags.has("r") || flags.has("R");
    const { files } = process.container;
    try {
      if (files.findLink(path).kind === "directory" && !recursive) throw new FileError("EISDIR");
      files.remove(path, { recursive });
    } catch (error) {
      if (error instanceof FileError && error.code === "ENOENT" && flags.has("f")) return;
      throw error;
    }
  },
);

export const touch = forEachOperand(
  { flags: "acm", values: "dtr" },
  "touch FILE...",
  (process, path, options) => {
    const { files } = process.container;
    const node = files.tryFind(path);
    if (node !== undefined) node.modified = new Date();
    else if (!options.flags.has("c")) files.createFile(path);
  },
);

/** chmod takes its mode first; octal and the `+x` form. */
export const chmod: Program = async (process) => {
  const [mode = "", ...names] = process.args.filter((arg) => !/^-[Rvcf]+$/.test(arg));
  if (!/^([0-7]{1,4}|[ugoa]*[-+=][rwx]+)$/.test(mode)) return process.fail(`invalid mode '${mode}'`);
  let exitCode = 0;
  for (const name of names) {
    const node = process.container.files.tryFind(process.path(name));
    if (node === undefined) exitCode = await process.fail(`${name}: No such file or directory`);
    else node.mode = changedMode(node.mode, mode);
  }
  return exitCode;
};

function changedMode(old: number, mode: string): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  const [, who = "", operator, letters = ""] = /^([ugoa]*)([-+=])([rwx]+)$/.exec(mode)!;
  const bits = [..."rwx"].reduce(
    (sum, letter, index) => sum + (letters.includes(letter) ? 4 >> index : 0),
    0,
  );
  const shifts: Record<string, number[]> = { u: [6], g: [3], o: [0], a: [6, 3, 0] };
  const mask = [...(who || "a")]
    .flatMap((letter) => shifts[letter]!)
    .reduce((sum, shift) => sum | (bits << shift), 0);
  if (operator === "+") return old | mask;
  return operator === "-" ? old & ~mask : mask;
}

/** Everything belongs to root here: the names are checked and nothing changes. */
export const chown: Program = async (process) => {
  const names = process.args.filter((arg) => !arg.startsWith("-")).slice(1);
  for (const name of names) process.container.files.find(process.path(name));
  return 0;
};

export const ln: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "sfnv" });
  const [target, name] = options.operands;
  if (options.error !== null || target === undefined)
    return process.fail(options.error ?? "usage: ln -s TARGET LINK");
  if (!options.flags.has("s")) return process.fail("hard links are not available in this sandbox; use ln -s");
  const { files } = process.container;
  const path = destination(files, process.path(name ?? baseName(target)), target);
  if (options.flags.has("f") && files.tryFind(path) !== undefined) files.remove(path, { recursive: false });
  files.link(path, target);
  return 0;
};

export const cp: Program = (process) =>
  transfer(process, (files, from, to, recursive) => copyTree(process, files, from, to, recursive));

export const mv: Program = (process) => transfer(process, async (files, from, to) => files.rename(from, to));

async function transfer(
  process: ProcessContext,
  act: (files: VirtualFileSystem, from: string, to: string, recursive: boolean) => Promise<void>,
): Promise<number> {
  const options = parseOptions(process.args, { flags: "rRafpLPdinvT" });
  if (options.error !== null) return process.fail(options.error);
  const names = [...options.operands];
  const target = names.pop();
  if (target === undefined || names.length === 0)
    return process.fail(`usage: ${process.name} SOURCE... DEST`);
  const { files } = process.container;
  const targetPath = process.path(target);
  if (names.length > 1 && files.tryFind(targetPath)?.kind !== "directory")
    return process.fail(`'${target}' is not a directory`);
  const recursive = ["r", "R", "a"].some((flag) => options.flags.has(flag));
  let exitCode = 0;
  for (const name of names) {
    try {
      await act(files, process.path(name), destination(files, targetPath, name), recursive);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      exitCode = await process.fail(
        `can't ${process.name === "mv" ? "rename" : "copy"} '${name}': ${error.message}`,
      );
    }
  }
  return exitCode;
}

async function copyTree(
  process: ProcessContext,
  files: VirtualFileSystem,
  from: string,
  to: string,
  recursive: boolean,
): Promise<void> {
  await process.pause();
  const node = files.find(from);
  if (node.kind !== "directory") {
    files.copyFile(from, to);
    return;
  }
  if (!recursive) throw new FileError("EISDIR");
  if (`${to}/`.startsWith(`${from}/`)) throw new FileError("EINVAL");
  if (files.tryFind(to) === undefined) files.makeDirectory(to, node.mode);
  for (const name of node.entries.keys())
    await copyTree(process, files, resolvePath(from, name), resolvePath(to, name), true);
}

function destination(files: VirtualFileSystem, target: string, name: string): string {
  return files.tryFind(target)?.kind === "directory" ? resolvePath(target, baseName(name)) : target;
}

const ZEROS = Buffer.alloc(64 * 1024);

export const truncate: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "c", values: "s", long: { size: "s" } });
  const size = parseSize(options.values.get("s") ?? "");
  const name = options.operands[0];
  if (options.error !== null || size === undefined || name === undefined)
    return process.fail("usage: truncate -s SIZE FILE");
  const { files } = process.container;
  const path = process.path(name);
  const before =
    files.tryFind(path) === undefined
      ? Buffer.alloc(0)
      : files.open(path).read(0, Math.min(size, ZEROS.length));
  files.findDirectory(parentOf(path));
  const { content } = files.openForWriting(path, { append: false });
  content.append(before);
  while (content.size < size) {
    await process.pause();
    content.append(
      ZEROS.subarray(0, Math.min(ZEROS.length - (content.size % ZEROS.length), size - content.size)),
    );
  }
  return 0;
};
