import { createHash, randomBytes } from "node:crypto";
import { chmod, constants, copyFile, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError } from "../../errors.ts";

/**
 * The folder of the sessions' directories. Not in the data folder, which is closed to the users that programs run as; and short, for a
 * Unix socket's path has at most 107 bytes.
 */
export class WorkFolder {
  readonly root: string;
  /** Whether programs run as users other than this process's, which have to reach what they run. */
  readonly #shared: boolean;
  readonly #reachable = new Map<string, Promise<string>>();

  private constructor(root: string, shared: boolean) {
    this.root = root;
    this.#shared = shared;
  }

  /** Opens it empty: what an earlier run left is removed. Throws an AppError `unavailable` where it is somebody else's. */
  static async open(dataFolder: string, shared: boolean): Promise<WorkFolder> {
    const name = createHash("sha256")
      .update(`${process.getuid?.()} ${path.resolve(dataFolder)}`)
      .digest("hex")
      .slice(0, 12);
    const root = path.join(tmpdir(), `kubewitness-shell-${name}`);
    const folder = new WorkFolder(root, shared);
    await folder.#makeParts();
    for (const left of await readdir(folder.#sessions))
      await rm(path.join(folder.#sessions, left), { recursive: true, force: true });
    return folder;
  }

  /** Also again later: what cleans the system's folder for temporary files may have removed them. */
  async #makeParts(): Promise<void> {
    const mode = this.#shared ? 0o711 : 0o700;
    await mkdir(this.root, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      await refuseStrangers(this.root);
    });
    for (const part of [this.#sessions, this.#programs]) await mkdir(part, { recursive: true });
    // The process's umask may have taken from the modes.
    for (const part of [this.root, this.#sessions, this.#programs]) await chmod(part, mode);
  }

  get #sessions(): string {
    return path.join(this.root, "s");
  }

  get #programs(): string {
    return path.join(this.root, "programs");
  }

  /** A directory of a new session; only this process enters it so far. */
  async makeDirectory(): Promise<string> {
    await this.#makeParts();
    const directory = path.join(this.#sessions, randomBytes(9).toString("base64url"));
    await mkdir(directory, { mode: 0o700 });
    return directory;
  }

  /** Where a program can be started from by the users that programs run as: its own place, or a copy here. */
  async reachable(program: string): Promise<string> {
    const held = await this.#reachable.get(program);
    if (held !== undefined && (await stat(held).catch(() => null))) return held;
    const making = this.#makeReachable(program);
    making.catch(() => this.#reachable.delete(program));
    this.#reachable.set(program, making);
    return making;
  }

  async #makeReachable(program: string): Promise<string> {
    if (!this.#shared || (await isOpenToAll(program))) return program;
    const { mtimeMs, size } = await stat(program);
    const hash = createHash("sha256").update(`${program} ${mtimeMs} ${size}`).digest("hex").slice(0, 12);
    const target = path.join(this.#programs, `${path.basename(program)}-${hash}`);
    if ((await stat(target).catch(() => null))?.size === size) return target;
    await this.#makeParts();
    const part = `${target}.${randomBytes(4).toString("hex")}`;
    await copyFile(program, part, constants.COPYFILE_FICLONE);
    await chmod(part, 0o755);
    await rename(part, target);
    return target;
  }

  async close(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Another user could have made a folder of this name to read what is put into it. */
async function refuseStrangers(root: string): Promise<void> {
  const found = await lstat(root);
  const strange = !found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0;
  if (!strange) return;
  throw new AppError(
    "unavailable",
    `The web shell needs the folder ${root}, which is not this user's alone. Remove it, then start again.`,
  );
}

/** Whether any user may run the program: it, and every folder above it. */
async function isOpenToAll(program: string): Promise<boolean> {
  const { mode } = await stat(program);
  if ((mode & 0o005) !== 0o005) return false;
  for (let folder = path.dirname(path.resolve(program)); ; folder = path.dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}
