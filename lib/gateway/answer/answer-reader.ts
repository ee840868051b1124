import { constants, gunzipSync } from "node:zlib";

export interface AnswerReaderOptions {
  contentType: string;
  contentEncoding: string;
  /** So many bytes as sent are kept at most. */
  maxBytes: number;
  /** What unpacks to more is not read. */
  maxUnpackedBytes: number;
}

/** Holds on to the beginning of an answer of the cluster's as it passes. */
export class AnswerReader {
  readonly #options: AnswerReaderOptions;
  #chunks: Buffer[] = [];
  #kept = 0;
  #bytes = 0;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
  }

  get contentType(): string {
    return this.#options.contentType;
  }

  /** There was more than is kept. */
  get cut(): boolean {
    return this.#bytes > this.#kept;
  }

  write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = this.#options.maxBytes - this.#kept;
    if (room <= 0) return;
    this.#chunks.push(chunk.subarray(0, room));
    this.#kept += Math.min(chunk.length, room);
  }

  /** The whole answer before `Content-Encoding`; null where there is none, too much of it, or it cannot be unpacked. */
  content(): Buffer | null {
    return this.cut ? null : this.beginning();
  }

  /** As much of it as is kept. */
  beginning(): Buffer | null {
    const { contentEncoding, maxUnpackedBytes } = this.#options;
    if (this.#bytes === 0) return null;
    const body = Buffer.concat(this.#chunks);
    if (contentEncoding === "" || contentEncoding === "identity") return body;
    if (contentEncoding !== "gzip") return null;
    try {
      // What was cut ends in the middle.
      return gunzipSync(body, { maxOutputLength: maxUnpackedBytes, finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      // No gzip, or more than is read.
      return null;
    }
  }
}
