import { gunzipSync } from "node:zlib";

export interface AnswerReaderOptions {
  contentType: string;
  contentEncoding: string;
  /** An answer of more bytes as sent is not read; nothing of it is kept. */
  maxBytes: number;
  /** The same once it is unpacked. */
  maxUnpackedBytes: number;
}

/** Holds on to a small answer of the cluster's as it passes. */
export class AnswerReader {
  readonly #options: AnswerReaderOptions;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
  }

  get contentType(): string {
    return this.#options.contentType;
  }

  write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBytes) this.#chunks = [];
    else this.#chunks.push(chunk);
  }

  /** The bytes before `Content-Encoding`; null where there are none, too many, or they cannot be unpacked. */
  content(): Buffer | null {
    const { contentEncoding, maxBytes, maxUnpackedBytes } = this.#options;
    if (this.#bytes === 0 || this.#bytes > maxBytes) return null;
    const body = Buffer.concat(this.#chunks);
    if (contentEncoding === "" || contentEncoding === "identity") return body;
    if (contentEncoding !== "gzip") return null;
    try {
      return gunzipSync(body, { maxOutputLength: maxUnpackedBytes });
    } catch {
      // No gzip, or more than is read.
      return null;
    }
  }
}
