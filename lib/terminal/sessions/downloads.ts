import { randomUUID } from "node:crypto";
import { copyFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../errors.ts";

const MOST_DOWNLOAD_BYTES = 256 * 2 ** 20;
/** Offered and not fetched: the oldest goes. */
const MOST_OFFERED = 4;

export interface OfferedFile {
  id: string;
  name: string;
  path: string;
  size: number;
}

/** Files of the private directory that the person's browser may fetch, each once. */
export class Downloads {
  readonly #folder: string;
  readonly #offered = new Map<string, OfferedFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies it: what the shell does with its own meanwhile changes nothing. @throws AppError `payload_too_large` */
  async offer(name: string, source: string): Promise<OfferedFile> {
    const { size } = await stat(source);
    if (size > MOST_DOWNLOAD_BYTES) {
      throw new AppError(
        "payload_too_large",
        `${name} has ${size} bytes; at most ${MOST_DOWNLOAD_BYTES / 2 ** 20} MB can be downloaded.`,
      );
    }
    const id = randomUUID();
    const file: OfferedFile = { id, name, path: path.join(this.#folder, `download-${id}`), size };
    await copyFile(source, file.path);
    this.#offered.set(id, file);
    const [oldest] = this.#offered.keys();
    if (this.#offered.size > MOST_OFFERED) await rm(this.take(oldest!)!.path, { force: true });
    return file;
  }

  /** Hands it over; whoever takes it removes it. Null where it was not offered, or taken already. */
  take(id: string): OfferedFile | null {
    const file = this.#offered.get(id) ?? null;
    this.#offered.delete(id);
    return file;
  }
}
