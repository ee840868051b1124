import { type FileHandle, open, rm } from "node:fs/promises";
import path from "node:path";
import { log } from "../../log.ts";
import { MOST_UPLOAD_BYTES, type ServerMessage } from "./schema.ts";

/** Received and not yet written: whoever sends without waiting for what has arrived misuses the socket. */
const MOST_WAITING_BYTES = 2 ** 20;

interface Upload {
  id: string;
  name: string;
  path: string;
  size: number;
  received: number;
  written: number;
  /** It could not be kept, and the browser was told. */
  failed: boolean;
}

export interface UploadedFile {
  name: string;
  path: string;
}

/** Takes the file that the shell asked for, piece by piece, one file at a time. */
export class Uploads {
  readonly #folder: string;
  readonly #send: (message: ServerMessage) => void;
  #current: Upload | null = null;
  #file: Promise<FileHandle | null> = Promise.resolve(null);

  constructor(folder: string, send: (message: ServerMessage) => void) {
    this.#folder = folder;
    this.#send = send;
  }

  begin({ id, name, size }: { id: string; name: string; size: number }): void {
    if (size > MOST_UPLOAD_BYTES) {
      const message = `${name} has ${size} bytes; at most ${MOST_UPLOAD_BYTES / 2 ** 20} MB are taken.`;
      this.#send({ type: "uploadRefused", id, message });
      return;
    }
    this.giveUp();
    const file = path.join(this.#folder, `upload-${id}`);
    this.#current = {
      id,
      name: path.basename(name),
      path: file,
      size,
      received: 0,
      written: 0,
      failed: false,
    };
    this.#file = this.#file.then(() => open(file, "w", 0o600));
    this.#file.catch(() => undefined);
  }

  /** False: nobody asked for it, or it comes faster than it is taken. */
  take(data: Uint8Array): boolean {
    const upload = this.#current;
    if (upload === null) return false;
    // What was sent before the browser heard of it.
    if (upload.failed) return true;
    upload.received += data.length;
    if (upload.received > upload.size || upload.received - upload.written > MOST_WAITING_BYTES) return false;
    this.#file = this.#file.then(async (file) => {
      await file?.writeFile(data);
      upload.written += data.length;
      this.#send({ type: "uploaded", id: upload.id, bytes: upload.written });
      return file;
    });
    this.#file.catch((error: unknown) => this.#fail(upload, error));
    return true;
  }

  /** The whole file; null where it is not that, which the browser was told. */
  async end(id: string): Promise<UploadedFile | null> {
    const upload = this.#current;
    if (upload === null || upload.id !== id) return null;
    this.#current = null;
    await this.#close().catch((error: unknown) => this.#fail(upload, error));
    if (!upload.failed && upload.written === upload.size) return { name: upload.name, path: upload.path };
    if (!upload.failed) this.#refuse(upload, "it did not arrive whole");
    await rm(upload.path, { force: true });
    return null;
  }

  #fail(upload: Upload, error: unknown): void {
    if (upload.failed) return;
    upload.failed = true;
    log.warn({ err: error }, "an upload could not be kept");
    this.#refuse(upload, "it could not be kept");
  }

  #refuse({ id, name }: Upload, problem: string): void {
    this.#send({ type: "uploadRefused", id, message: `${name} was not taken: ${problem}. Try again.` });
  }

  giveUp(): void {
    const upload = this.#current;
    this.#current = null;
    if (upload === null) return;
    // Another one may begin under the same name: it is opened when this one is gone.
    this.#file = this.#close()
      .catch(() => undefined)
      .then(() => rm(upload.path, { force: true }))
      .catch((error: unknown) => log.warn({ err: error }, "an upload that was given up could not be removed"))
      .then(() => null);
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = Promise.resolve(null);
    await (await file)?.close();
  }
}
