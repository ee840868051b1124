import type { VirtualFileSystem } from "../files/virtual-file-system.ts";
import { resolvePath } from "../files/virtual-file-system.ts";
import { hasPatternCharacters, patternToRegExp } from "./pattern.ts";

const MAX_MATCHES = 10_000;

/** Paths that match a pattern, sorted; empty where there is none. Hidden names need an explicit dot. */
export function expandGlob(files: VirtualFileSystem, directory: string, pattern: string): string[] {
  const absolute = pattern.startsWith("/");
  let found = [absolute ? "/" : ""];
  const parts = pattern.split("/").filter((part) => part !== "");
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    found = found
      .flatMap((prefix) => matchPart(files, directory, prefix, part, isLast))
      .slice(0, MAX_MATCHES);
  }
  return pattern.endsWith("/") ? found.map((path) => `${path}/`) : found;
}

function matchPart(
  files: VirtualFileSystem,
  directory: string,
  prefix: string,
  part: string,
  isLast: boolean,
): string[] {
  const join = (name: string) =>
    prefix === "" || prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`;
  if (!hasPatternCharacters(part)) {
    const path = join(part.replace(/\\(.)/g, "$1"));
    return files.tryFind(resolvePath(directory, path)) === undefined ? [] : [path];
  }
  const node = files.tryFind(resolvePath(directory, prefix === "" ? "." : prefix));
  if (node?.kind !== "directory") return [];
  const expression = patternToRegExp(part);
  return [...node.entries.keys()]
    .filter((name) => (part.startsWith(".") || !name.startsWith(".")) && expression.test(name))
    .filter((name) => isLast || files.tryFind(resolvePath(directory, join(name)))?.kind === "directory")
    .sort()
    .map(join);
}
