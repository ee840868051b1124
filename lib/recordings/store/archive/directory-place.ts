import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { type ArchiveContent, type ArchivePlace, LostData, type Span } from "./archive-place.ts";

/** What is being written; the name of one that a crash left says so. */
const UNFINISHED = ".unfinished";

/** Recordings as files below a folder, in one folder a day; readable by the owner alone. */
export class DirectoryPlace implements ArchivePlace {
  readonly name = "directory";
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async put(name: string, content: ArchiveContent): Promise<void> {
    const file = this.#path(name);
    const folder = path.dirname(file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeUnfinished(file);
    const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
    try {
      await writeWhole(unfinished, content);
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    await syncFolder(folder);
    await syncFolder(this.root);
  }

  async read(name: string, { offset, length }: Span): Promise<Buffer> {
    const file = this.#path(name);
    const handle = await this.#open(file);
    try {
      const data = Buffer.alloc(length);
      for (let read = 0; read < length; ) {
        const { bytesRead } = await handle.read(data, read, length - read, offset + read);
        if (bytesRead === 0) throw new LostData(`${file} ends before byte ${offset + length}`);
        read += bytesRead;
      }
      return data;
    } finally {
      await handle.close();
    }
  }

  async remove(name: string): Promise<void> {
    await stat(this.root);
    const file = this.#path(name);
    await rm(file, { force: true });
    await removeUnfinished(file);
    // The day's folder goes with its last file.
    await rmdir(path.dirname(file)).catch(() => undefined);
  }

  async #open(file: string): Promise<FileHandle> {
    try {
      return await open(file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      // Without the folder itself, a volume that is not mounted would look like one that is empty.
      await stat(this.root);
      throw new LostData(`${file} is gone`, { cause: error });
    }
  }

  #path(name: string): string {
    return path.join(this.root, name);
  }
}

async function writeWhole(file: string, { read, bytes }: ArchiveContent): Promise<void> {
  const handle: FileHandle = await open(file, "wx", 0o600);
  try {
    for await (const part of read()) await writeAll(handle, part);
    await handle.sync();
    const { size } = await handle.stat();
    if (size !== bytes) throw new Error(`${file} has ${size} bytes of ${bytes}`);
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, part: Buffer): Promise<void> {
  for (let written = 0; written < part.length; ) {
    const { bytesWritten } = await handle.write(part, written);
    written += bytesWritten;
  }
}

/** Of this recording: what a process that was killed left. */
async function removeUnfinished(file: string): Promise<void> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(path.basename(file)) && name.endsWith(UNFINISHED));
  for (const name of left) await rm(path.join(folder, name), { force: true });
}

/** The name itself is on the disk only then. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
