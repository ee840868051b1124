import {
  type FileContent,
  GeneratedContent,
  StorageQuota,
  StoredContent,
  TextContent,
} from "./file-content.ts";
import { FileError } from "./file-error.ts";

export type DeviceName = "null" | "zero" | "random" | "full" | "stdin" | "stdout" | "stderr" | "tty";

export type FileNode = NodeAttributes &
  (
    | { kind: "directory"; entries: Map<string, FileNode> }
    | { kind: "file"; content: FileContent; program?: string }
    | { kind: "symlink"; target: string }
    | { kind: "device"; device: DeviceName }
    | { kind: "computed"; render: () => string }
  );

export type DirectoryNode = Extract<FileNode, { kind: "directory" }>;

interface NodeAttributes {
  inode: number;
  /** Permission bits. */
  mode: number;
  modified: Date;
}

const MAX_NODES = 50_000;
const MAX_PATH = 4096;
const MAX_NAME = 255;
const MAX_LINKS = 40;
const KEPT_BYTES = 64 * 1024 * 1024;

/** A container's files, in memory: at most 50,000 of them and 64 MiB of content. */
export class VirtualFileSystem {
  readonly quota = new StorageQuota(KEPT_BYTES);
  #nextInode = 2;
  #nodes = 1;
  readonly root: DirectoryNode = {
    kind: "directory",
    entries: new Map(),
    inode: 1,
    mode: 0o755,
    modified: new Date(),
  };

  /** The node at an absolute path, through symbolic links. Throws FileError. */
  find(path: string): FileNode {
    return this.#walk(path, true);
  }

  /** The node at an absolute path; a symbolic link itself where the path ends in one. */
  findLink(path: string): FileNode {
    return this.#walk(path, false);
  }

  /** As `find`, or undefined where there is nothing. */
  tryFind(path: string): FileNode | undefined {
    try {
      return this.find(path);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  findDirectory(path: string): DirectoryNode {
    const node = this.find(path);
    if (node.kind !== "directory") throw new FileError("ENOTDIR");
    return node;
  }

  /** The content of a file, to read. */
  open(path: string): FileContent {
    const node = this.find(path);
    if (node.kind === "directory") throw new FileError("EISDIR");
    return contentOf(node);
  }

  /** The content of a file to append to, made or emptied as asked. Throws FileError. */
  openForWriting(path: string, input: { append: boolean }): { node: FileNode; content: StoredContent } {
    const existing = this.tryFind(path);
    const node = existing ?? this.createFile(this.#linkTarget(path));
    if (node.kind === "directory") throw new FileError("EISDIR");
    if (node.kind !== "file" || node.program !== undefined) throw new FileError("EACCES");
    if (!input.append) this.#replaceContent(node, new StoredContent(this.quota));
    else if (!(node.content instanceof StoredContent)) throw new FileError("EROFS");
    node.modified = new Date();
    return { node, content: node.content as StoredContent };
  }

  createFile(path: string, mode = 0o644): Extract<FileNode, { kind: "file" }> {
    const node: FileNode = {
      kind: "file",
      content: new StoredContent(this.quota),
      ...this.#attributes(mode),
    };
    this.add(path, node);
    return node;
  }

  makeDirectory(path: string, mode = 0o755): DirectoryNode {
    const node: DirectoryNode = { kind: "directory", entries: new Map(), ...this.#attributes(mode) };
    this.add(path, node);
    return node;
  }

  /** Makes a directory and what is missing above it. */
  makeDirectories(path: string): void {
    let current = "";
    for (const name of splitPath(path)) {
      current += `/${name}`;
      if (this.tryFind(current) === undefined) this.makeDirectory(current);
      else this.findDirectory(current);
    }
  }

  link(path: string, target: string): void {
    this.add(path, { kind: "symlink", target, ...this.#attributes(0o777) });
  }

  /** A file with given content, for seeding; directories above are made. */
  put(
    path: string,
    content: string | FileContent | (() => string),
    input: { mode?: number; program?: string } = {},
  ): void {
    this.makeDirectories(parentOf(path));
    const attributes = this.#attributes(input.mode ?? 0o644);
    if (typeof content === "function") {
      this.add(path, { kind: "computed", render: content, ...attributes, mode: 0o444 });
    } else if (typeof content !== "string") {
      this.add(path, { kind: "file", content, program: input.program, ...attributes });
    } else {
      const stored = new StoredContent(this.quota);
      stored.append(Buffer.from(content));
      this.add(path, { kind: "file", content: stored, program: input.program, ...attributes });
    }
  }

  putDevice(path: string, device: DeviceName): void {
    this.makeDirectories(parentOf(path));
    this.add(path, { kind: "device", device, ...this.#attributes(0o666) });
  }

  /** Adds a node under a name that is free. */
  add(path: string, node: FileNode): void {
    const { directory, name } = this.#parent(path);
    if (name === "" || name === "." || name === ".." || directory.entries.has(name))
      throw new FileError("EEXIST");
    if (name.length > MAX_NAME) throw new FileError("ENAMETOOLONG");
    if (this.#nodes >= MAX_NODES) throw new FileError("ENOSPC");
    this.#nodes++;
    directory.entries.set(name, node);
    directory.modified = new Date();
  }

  /** Removes a file, a link, or (with `recursive`) a directory with all that is in it. */
  remove(path: string, input: { recursive: boolean }): void {
    const node = this.findLink(path);
    if (node.kind === "computed" || node.kind === "device") throw new FileError("EACCES");
    if (node.kind === "directory" && node.entries.size > 0 && !input.recursive)
      throw new FileError("ENOTEMPTY");
    if (node === this.root) throw new FileError("EBUSY");
    const { directory, name } = this.#parent(path);
    directory.entries.delete(name);
    directory.modified = new Date();
    this.#forget(node);
  }

  /** Moves a node; what is in the way is replaced, a directory only where it is empty. */
  rename(from: string, to: string): void {
    const node = this.findLink(from);
    if (to === from) return;
    if (`${to}/`.startsWith(`${from}/`)) throw new FileError("EINVAL");
    const target = this.#parent(to);
    if (target.directory.entries.has(target.name)) this.remove(to, { recursive: false });
    const source = this.#parent(from);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, node);
  }

  /** A copy of a file's content: generated content is shared, stored content duplicated. */
  copyFile(from: string, to: string): void {
    const source = this.find(from);
    if (source.kind === "file" && source.content instanceof GeneratedContent) {
      const node = this.tryFind(to) ?? this.createFile(to);
      if (node.kind !== "file" || node.program !== undefined) throw new FileError("EACCES");
      this.#replaceContent(node, source.content);
      return;
    }
    const content = contentOf(source);
    const target = this.openForWriting(to, { append: false });
    for (let offset = 0; offset < content.size; ) {
      const piece = content.read(offset, 64 * 1024);
      target.content.append(piece);
      offset += piece.length;
    }
    target.node.mode = source.mode;
  }

  #replaceContent(node: Extract<FileNode, { kind: "file" }>, content: FileContent): void {
    if (node.content instanceof StoredContent) node.content.clear();
    node.content = content;
    node.modified = new Date();
  }

  #attributes(mode: number): NodeAttributes {
    return { inode: this.#nextInode++, mode, modified: new Date() };
  }

  #forget(node: FileNode): void {
    this.#nodes--;
    if (node.kind === "file" && node.content instanceof StoredContent) node.content.clear();
    if (node.kind === "directory") for (const entry of node.entries.values()) this.#forget(entry);
  }

  #parent(path: string): { directory: DirectoryNode; name: string } {
    const parts = splitPath(path);
    const name = parts.pop() ?? "";
    return { directory: this.findDirectory(`/${parts.join("/")}`), name };
  }

  /** Where a path leads through dangling links, so that writing creates the target. */
  #linkTarget(path: string): string {
    let current = path;
    for (let links = 0; links < MAX_LINKS; links++) {
      const { directory, name } = this.#parent(current);
      const node = directory.entries.get(name);
      if (node?.kind !== "symlink") return current;
      current = resolvePath(parentOf(current), node.target);
    }
    throw new FileError("ELOOP");
  }

  #walk(path: string, followLast: boolean): FileNode {
    if (path.length > MAX_PATH) throw new FileError("ENAMETOOLONG");
    let links = 0;
    let todo = splitPath(path);
    let trail: FileNode[] = [this.root];
    let names: string[] = [];
    while (todo.length > 0) {
      const name = todo.shift()!;
      const directory = trail.at(-1)!;
      if (directory.kind !== "directory") throw new FileError("ENOTDIR");
      const node = directory.entries.get(name);
      if (node === undefined) throw new FileError("ENOENT");
      if (node.kind !== "symlink" || (todo.length === 0 && !followLast)) {
        trail.push(node);
        names.push(name);
        continue;
      }
      if (++links > MAX_LINKS) throw new FileError("ELOOP");
      todo = [...splitPath(resolvePath(`/${names.join("/")}`, node.target)), ...todo];
      trail = [this.root];
      names = [];
    }
    return trail.at(-1)!;
  }
}

function contentOf(node: FileNode): FileContent {
  if (node.kind === "file") return node.content;
  if (node.kind === "computed") return new TextContent(node.render());
  throw new FileError("EINVAL");
}

/** Names of an absolute path, with `.` and `..` resolved by the text alone. */
function splitPath(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

/** An absolute, clean path; `path` may be relative to `directory`. */
export function resolvePath(directory: string, path: string): string {
  return `/${splitPath(path.startsWith("/") ? path : `${directory}/${path}`).join("/")}`;
}

export function parentOf(path: string): string {
  return `/${splitPath(path).slice(0, -1).join("/")}`;
}

export function baseName(path: string): string {
  return splitPath(path).at(-1) ?? "/";
}
