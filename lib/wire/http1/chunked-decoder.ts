import { FieldLines } from "./field-lines.ts";
import { HeadError } from "./head-error.ts";
import { CR, LF } from "./octets.ts";

/** Eight hexadecimal digits: a chunk below 4 GiB. */
const MAX_SIZE_DIGITS = 8;
const MAX_TRAILER_BYTES = 16_384;

type Expects = "size" | "size-lf" | "content" | "content-cr" | "content-lf" | "trailers" | "nothing";

/**
 * Reads a chunked body as it comes (RFC 9112 §7.1). No chunk extensions, no blanks, no bare LF: each of them is read in two ways by somebody.
 */
export class ChunkedDecoder {
  readonly #onContent: (bytes: Buffer, start: number, end: number) => void;
  #expects: Expects = "size";
  #size = 0;
  #digits = 0;
  #trailerText = "";
  #trailers: readonly string[] = [];

  /** `onContent` is told of each stretch of content, from `start` to before `end` of the bytes being read. */
  constructor(onContent: (bytes: Buffer, start: number, end: number) => void) {
    this.#onContent = onContent;
  }

  get isEnded(): boolean {
    return this.#expects === "nothing";
  }

  /** Names and values in turn, once the body has ended. */
  get trailers(): readonly string[] {
    return this.#trailers;
  }

  /** Reads `bytes` from `from` on. The index after the last byte of the body, or the length where it goes on. Throws a HeadError. */
  read(bytes: Buffer, from: number): number {
    const length = bytes.length;
    let at = from;
    while (at < length) {
      switch (this.#expects) {
        case "size":
          at = this.#readSize(bytes, at);
          break;
        case "size-lf":
          expectOctet(bytes[at++]!, LF, "a chunk size's CR without LF");
          this.#digits = 0;
          this.#expects = this.#size > 0 ? "content" : "trailers";
          break;
        case "content": {
          const end = Math.min(length, at + this.#size);
          this.#size -= end - at;
          if (this.#size === 0) this.#expects = "content-cr";
          this.#onContent(bytes, at, end);
          at = end;
          break;
        }
        case "content-cr":
          if (bytes[at] === LF) throw bareLf();
          expectOctet(bytes[at++]!, CR, "a chunk that is longer than it says");
          this.#expects = "content-lf";
          break;
        case "content-lf":
          expectOctet(bytes[at++]!, LF, "a chunk's CR without LF");
          this.#expects = "size";
          break;
        case "trailers":
          at = this.#readTrailers(bytes, at);
          break;
        case "nothing":
          return at;
      }
    }
    return at;
  }

  #readSize(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const octet = bytes[at]!;
      const digit = hexDigit(octet);
      if (digit === -1) {
        if (octet === LF && this.#digits > 0) throw bareLf();
        if (octet !== CR || this.#digits === 0)
          throw new HeadError("a chunk size that is no number", "HPE_INVALID_CHUNK_SIZE");
        this.#expects = "size-lf";
        return at + 1;
      }
      if (++this.#digits > MAX_SIZE_DIGITS)
        throw new HeadError("a chunk size that is too large", "HPE_INVALID_CHUNK_SIZE");
      this.#size = this.#size * 16 + digit;
    }
    return bytes.length;
  }

  /** Trailers are collected line by line up to the empty one. */
  #readTrailers(bytes: Buffer, from: number): number {
    if (this.#trailerText === "" && bytes[from] === CR && bytes[from + 1] === LF) {
      this.#expects = "nothing";
      return from + 2;
    }
    const before = this.#trailerText.length;
    const room = MAX_TRAILER_BYTES - before;
    this.#trailerText += bytes.toString("latin1", from, Math.min(bytes.length, from + room));
    const end = endOfTrailers(this.#trailerText, before);
    if (end === -1) {
      if (this.#trailerText.length >= MAX_TRAILER_BYTES)
        throw new HeadError("trailers that are too large", "HPE_HEADER_OVERFLOW");
      return bytes.length;
    }
    const fields = new FieldLines();
    if (fields.read(this.#trailerText, 0) !== end) throw new HeadError("trailers that are no header lines");
    if (fields.contentLength !== null)
      throw new HeadError("a Content-Length as a trailer", "HPE_INVALID_CONTENT_LENGTH");
    if (fields.isChunked)
      throw new HeadError("a Transfer-Encoding as a trailer", "HPE_INVALID_TRANSFER_ENCODING");
    // Node's parser lets them count for the connection, others do not.
    if (fields.namesConnection || fields.upgrade)
      throw new HeadError("a trailer that says something of the connection");
    this.#trailers = fields.raw;
    this.#trailerText = "";
    this.#expects = "nothing";
    return from + end - before;
  }
}

/** The index after the empty line, looked for from where the text was already; -1: it has not come. */
function endOfTrailers(text: string, from: number): number {
  if (text.startsWith("\r\n")) return 2;
  const at = text.indexOf("\r\n\r\n", Math.max(0, from - 3));
  return at === -1 ? -1 : at + 4;
}

function expectOctet(octet: number, expected: number, problem: string): void {
  if (octet !== expected) throw new HeadError(problem, "HPE_STRICT");
}

const bareLf = () => new HeadError("an LF without CR", "HPE_CR_EXPECTED");

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
