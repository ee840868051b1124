import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, rm, unlink } from "node:fs/promises";
import path from "node:path";
import { LineRefusal } from "../line/line-refusal.ts";

/** An entry of the private directory. */
export interface PrivateFile {
  name: string;
  bytes: number;
  modified: Date;
  isFolder: boolean;
}

const MOST_FILES = 2000;
const DEEPEST = 32;
/** What a file or folder counts at least: a pod's archive may have empty ones without number. */
const SMALLEST_BYTES = 1024;

/**
 * The private directory of a session as this process sees it. A program could have put a symbolic link there, and this process may be
 * root: nothing is opened through a link, not even as a part of a name.
 */
export class PrivateFiles {
  readonly #directory: string;
  readonly #owner: number | null;
  readonly maxBytes: number;

  constructor({ directory, owner, maxBytes }: { directory: string; owner: number | null; maxBytes: number }) {
    this.#directory = directory;
    this.#owner = owner;
    this.maxBytes = maxBytes;
  }

  /** What is in the directory, by name. */
  async list(): Promise<PrivateFile[]> {
    const names = (await readdir(this.#directory)).sort();
    const found = await Promise.all(
      names.map(async (name) => {
        const entry = await lstat(path.join(this.#directory, name)).catch(() => null);
        return entry && { name, bytes: entry.size, modified: entry.mtime, isFolder: entry.isDirectory() };
      }),
    );
    return found.filter((entry) => entry !== null);
  }

  /** Opens a regular file to read; whoever gets it closes it. Throws a {@link LineRefusal} where there is none. */
  async openToRead(name: string): Promise<FileHandle> {
    const file = await this.#open(name, constants.O_RDONLY | constants.O_NONBLOCK, "there is no");
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new LineRefusal(`${name} is no file`);
  }

  /** Opens a file to write, new or emptied, or to add to. */
  async openToWrite(name: string, append: boolean): Promise<FileHandle> {
    const { files } = await this.size();
    if (files >= MOST_FILES)
      throw new LineRefusal(`your directory has ${MOST_FILES} files: remove some first`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK;
    const file = await this.#open(
      name,
      flags | (append ? constants.O_APPEND : constants.O_TRUNC),
      "cannot write",
    );
    if (!(await file.stat()).isFile()) {
      await file.close();
      throw new LineRefusal(`${name} is no file`);
    }
    if (this.#owner !== null) await file.chown(this.#owner, this.#owner);
    return file;
  }

  /** Checks that a program may open `name`: a file or folder without links in its path. */
  async check(name: string): Promise<void> {
    const file = await this.#open(name, constants.O_RDONLY | constants.O_NONBLOCK, "there is no");
    await file.close();
  }

  /** Checks that a program may write to `name`: what there is of its path has no link. */
  async checkTarget(name: string): Promise<void> {
    let place = this.#directory;
    for (const part of name.split("/")) {
      place = path.join(place, part);
      const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
        throw error;
      });
      if (found?.isSymbolicLink()) throw new LineRefusal(`cannot write ${name} (ELOOP)`);
    }
  }

  async remove(name: string): Promise<void> {
    await lstat(path.join(this.#directory, path.basename(name))).catch(() => {
      throw new LineRefusal(`there is no ${name}`);
    });
    if (name.includes("/")) throw new LineRefusal("rm takes names of your directory itself: see ls");
    // Of a link the link itself is removed.
    await rm(path.join(this.#directory, name), { recursive: true, force: true });
  }

  /** Moves a file of this process into the directory. */
  async place(from: string, name: string): Promise<void> {
    const target = await this.openToWrite(name, false);
    try {
      const source = await open(from);
      try {
        const { size } = await source.stat();
        if (size > (await this.room())) throw new LineRefusal(fullWords(this.maxBytes));
        for await (const chunk of source.createReadStream({ autoClose: false }))
          await target.writeFile(chunk);
      } finally {
        await source.close();
      }
    } finally {
      await target.close();
      await unlink(from).catch(() => undefined);
    }
  }

  /** Where a file is, for platforms without /proc. */
  pathOf(name: string): string {
    return path.join(this.#directory, name);
  }

  /** Bytes that the directory still takes. */
  async room(): Promise<number> {
    return Math.max(0, this.maxBytes - (await this.size()).bytes);
  }

  /** What is in it, folders included. */
  async size(): Promise<{ bytes: number; files: number }> {
    return measure(this.#directory, 0);
  }

  /** `openat` for each part of the name, with O_NOFOLLOW, by way of /proc/self/fd. */
  async #open(name: string, flags: number, refusal: string): Promise<FileHandle> {
    const parts = name.split("/");
    const last = parts.pop()!;
    let folder = await open(
      this.#directory,
      constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
    );
    try {
      for (const part of parts) {
        const next = await open(
          within(folder, part, this.#directory),
          constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
        );
        await folder.close();
        folder = next;
      }
      return await open(
        within(folder, last, path.join(this.#directory, ...parts)),
        flags | constants.O_NOFOLLOW,
        0o600,
      );
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "EACCES", "ENXIO", "ENAMETOOLONG"].includes(code ?? ""))
        throw error;
      throw new LineRefusal(`${refusal} ${name}${code === "ENOENT" ? "" : ` (${code})`}`);
    } finally {
      await folder.close();
    }
  }
}

/** The words for a directory that takes no more. */
export const fullWords = (maxBytes: number): string =>
  `your directory is full: it takes ${Math.floor(maxBytes / 2 ** 20)} MiB, remove files with rm`;

const within = (folder: FileHandle, name: string, fallback: string) =>
  process.platform === "linux" ? `/proc/self/fd/${folder.fd}/${name}` : path.join(fallback, name);

async function measure(folder: string, depth: number): Promise<{ bytes: number; files: number }> {
  const total = { bytes: 0, files: 0 };
  if (depth > DEEPEST) return { bytes: Number.POSITIVE_INFINITY, files: 0 };
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const file = path.join(folder, entry.name);
    const within = entry.isDirectory() ? await measure(file, depth + 1) : { bytes: 0, files: 0 };
    const found = await lstat(file).catch(() => null);
    total.bytes += within.bytes + Math.max(SMALLEST_BYTES, found?.size ?? 0);
    total.files += within.files + 1;
  }
  return total;
}
