import type { ByteReader, ByteWriter } from "../byte-pipe.ts";
import { BLOCK_BYTES, type FileContent, type StoredContent } from "./file-content.ts";

/** Reads a file from its beginning; sees what is appended meanwhile. */
export class FileReader implements ByteReader {
  readonly #content: FileContent;
  #offset = 0;
  #pushedBack: Buffer[] = [];

  constructor(content: FileContent) {
    this.#content = content;
  }

  async read(): Promise<Buffer | null> {
    const pushedBack = this.#pushedBack.pop();
    if (pushedBack !== undefined) return pushedBack;
    const chunk = this.#content.read(this.#offset, BLOCK_BYTES);
    this.#offset += chunk.length;
    return chunk.length === 0 ? null : chunk;
  }

  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#pushedBack.push(bytes);
  }
}

/** Appends to a file. */
export class FileWriter implements ByteWriter {
  readonly #content: StoredContent;
  readonly #touched: () => void;

  constructor(content: StoredContent, touched: () => void) {
    this.#content = content;
    this.#touched = touched;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#content.append(bytes);
    this.#touched();
  }
}

/** Bytes that were there from the start: here-documents, /dev/null. */
export class FixedReader implements ByteReader {
  #chunks: Buffer[];

  constructor(bytes: Buffer) {
    this.#chunks = bytes.length === 0 ? [] : [bytes];
  }

  async read(): Promise<Buffer | null> {
    return this.#chunks.pop() ?? null;
  }

  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
  }
}

/** Endless bytes: /dev/zero and /dev/urandom. */
export class EndlessReader implements ByteReader {
  readonly #make: () => Buffer;
  #pushedBack: Buffer[] = [];

  constructor(make: () => Buffer) {
    this.#make = make;
  }

  async read(): Promise<Buffer | null> {
    return this.#pushedBack.pop() ?? this.#make();
  }

  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#pushedBack.push(bytes);
  }
}

/** /dev/null. */
export const discardingWriter: ByteWriter = { write: async () => undefined };
