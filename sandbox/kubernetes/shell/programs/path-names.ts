import { baseName, parentOf } from "../files/virtual-file-system.ts";
import type { Program } from "../process-context.ts";

export const basename: Program = async (process) => {
  const [path = "", suffix = ""] = process.args;
  const name = path.replace(/\/+$/, "").split("/").at(-1) || (path.startsWith("/") ? "/" : "");
  await process.print(
    `${suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
  return 0;
};

export const dirname: Program = async (process) => {
  for (const path of process.args) {
    const cut = path.replace(/\/+$/, "").lastIndexOf("/");
    await process.print(`${cut > 0 ? path.slice(0, cut) : cut === 0 ? "/" : "."}\n`);
  }
  return 0;
};

/** `realpath` and `readlink [-f]`. */
export const realpath: Program = async (process) => {
  const follow = process.name === "realpath" || process.args.includes("-f");
  let exitCode = 0;
  for (const name of process.args.filter((arg) => !arg.startsWith("-"))) {
    let path = process.path(name);
    const { files } = process.container;
    const node = files.findLink(path);
    if (!follow) {
      if (node.kind === "symlink") await process.print(`${node.target}\n`);
      else exitCode = 1;
      continue;
    }
    for (let at = node, links = 0; at.kind === "symlink" && links < 40; links++) {
      path = at.target.startsWith("/") ? at.target : `${parentOf(path)}/${at.target}`;
      path = process.path(path);
      at = files.findLink(path);
    }
    files.find(path);
    await process.print(`${path === "" ? baseName(name) : path}\n`);
  }
  return exitCode;
};
