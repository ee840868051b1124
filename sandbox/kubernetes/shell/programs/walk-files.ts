import { type FileNode, resolvePath, type VirtualFileSystem } from "../files/virtual-file-system.ts";

export interface WalkedEntry {
  name: string;
  path: string;
  node: FileNode;
  /** 0 for the path itself. */
  depth: number;
}

/** All nodes below a path with the path itself first. */
export function* walk(
  files: VirtualFileSystem,
  path: string,
  name: string,
  depth = 0,
): Generator<WalkedEntry> {
  const node = files.findLink(path);
  yield { name, path, node, depth };
  if (node.kind !== "directory") return;
  for (const child of [...node.entries.keys()].sort()) {
    yield* walk(files, resolvePath(path, child), `${name.replace(/\/$/, "")}/${child}`, depth + 1);
  }
}
