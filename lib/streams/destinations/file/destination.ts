import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { FileSecrets, FileSettings } from "./schema.ts";

type Settings = z.infer<typeof FileSettings>;

export const file: DestinationKind<Settings, z.infer<typeof FileSecrets>> = {
  open: ({ settings, tools }) => new FileDestination(settings, tools),
};

/** The file that is written; those that are full have their time in their names. */
const CURRENT = "records.ndjson";
const FULL = /^records-\d{8}T\d{9}Z\.ndjson$/;
const MEGABYTE = 1_000_000;

/** Appends lines to a file, which are on the disk when a batch is taken. A batch that is cut off is written again as a whole. */
class FileDestination implements Destination {
  readonly #settings: Settings;
  readonly #tools: DestinationTools;

  constructor(settings: Settings, tools: DestinationTools) {
    this.#settings = settings;
    this.#tools = tools;
  }

  async send({ records, bytes }: Batch) {
    const folder = await this.#tools.folder();
    const current = path.join(folder, CURRENT);
    const size = await sizeOf(current);
    if (size > 0 && size + bytes > this.#settings.rotateAtMegabytes * MEGABYTE)
      await this.#rotate(folder, current);
    await append(current, records.map(({ text }) => `${text}\n`).join(""));
    return { is: "taken" as const };
  }

  async close(): Promise<void> {}

  async #rotate(folder: string, current: string): Promise<void> {
    const time = new Date(this.#tools.now()).toISOString().replaceAll(/[-:.]/g, "");
    await rename(current, path.join(folder, `records-${time}.ndjson`));
    const full = (await readdir(folder)).filter((name) => FULL.test(name)).sort();
    const old = full.slice(0, Math.max(0, full.length - (this.#settings.keepFiles - 1)));
    for (const name of old) await rm(path.join(folder, name), { force: true });
  }
}

async function sizeOf(name: string): Promise<number> {
  try {
    return (await stat(name)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

async function append(name: string, text: string): Promise<void> {
  const handle = await open(name, "a+", 0o600);
  try {
    // Half a line of a batch that was cut off keeps its own line, and no record is written into it.
    await handle.appendFile((await endsAmidLine(handle)) ? `\n${text}` : text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function endsAmidLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== "\n";
}
