import { BLOCK_BYTES } from "../files/file-content.ts";
import type { Program } from "../process-context.ts";
import { modeText, sizeOf } from "./list-files.ts";
import { humanSize, parseOptions } from "./options.ts";
import { walk } from "./walk-files.ts";

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
