import { ChunkedDecoder } from "../../wire/http1/chunked-decoder.ts";
import { HeadCollector } from "../../wire/http1/head-collector.ts";
import { HeadError } from "../../wire/http1/head-error.ts";
import { type ReadResponseHead, readResponseHead } from "../../wire/http1/response-head.ts";
import { callError } from "./call-errors.ts";

/** Interim answers (1xx) to one request: there is none that would need more than two. */
const MAX_INTERIM = 16;
const NO_TRAILERS: readonly string[] = [];

type Expects = "head" | "content" | "chunks" | "close" | "nothing";

/**
 * Reads an API server's answers off one connection, one after the other. What a piece held is found here until the next one is read: content is
 * copied, without its framing, as the pieces of all connections come in the same buffer.
 */
export class AnswerReader {
  /** The head, where it ended in this piece. */
  head: ReadResponseHead | null = null;
  /** The content that this piece held. */
  content: Buffer | null = null;
  /** The answer is whole. */
  isEnded = false;
  /** More came than the answer. */
  hasMore = false;
  /** The API server lets the connection be used again. */
  keepsConnection = false;
  trailers: readonly string[] = NO_TRAILERS;
  readonly #request = { method: "" };
  #expects: Expects = "nothing";
  #collector: HeadCollector<ReadResponseHead> | null = null;
  #interim = 0;
  /** Of a content of known length. */
  #left = 0;
  #decoder: ChunkedDecoder | null = null;
  /** How much of `content` is filled while it is. */
  #filled = 0;

  /** The answer that comes is the one to a request with this method. */
  begin(method: string): void {
    this.#request.method = method;
    this.#expects = "head";
    this.#collector = null;
    this.#interim = 0;
    this.#decoder = null;
    this.head = null;
    this.content = null;
    this.isEnded = false;
    this.hasMore = false;
    this.keepsConnection = false;
    this.trailers = NO_TRAILERS;
  }

  /** Reads a piece of an answer that has not ended. @throws with a code of call-errors.ts where it is none. */
  read(bytes: Buffer): void {
    this.head = null;
    this.content = null;
    try {
      if (this.#expects === "head") this.#readHead(bytes);
      else this.#readContent(bytes, 0);
    } catch (error) {
      if (!(error instanceof HeadError)) throw error;
      if (error.code === "HPE_HEADER_OVERFLOW")
        throw callError(
          "ERR_ANSWER_HEAD_TOO_LARGE",
          "the head of the API server's answer is too large",
          error,
        );
      const message = `the API server's answer is no HTTP/1.1: ${error.message}`;
      throw callError("ERR_ANSWER_INVALID", message, error);
    }
  }

  /** The API server has closed the connection. True: by that the answer is whole. */
  close(): boolean {
    this.head = null;
    this.content = null;
    if (this.#expects !== "close") return false;
    this.#end(0, 0);
    return true;
  }

  #readHead(piece: Buffer): void {
    let bytes = piece;
    let from = 0;
    for (;;) {
      const head =
        this.#collector === null ? readResponseHead(bytes, from, this.#request) : this.#collector.push(bytes);
      if (head === null) {
        if (this.#collector === null) this.#hold(from === 0 ? bytes : bytes.subarray(from));
        return;
      }
      if (this.#collector !== null) {
        bytes = this.#collector.bytes;
        this.#collector = null;
      }
      if (head.statusCode >= 200) {
        this.#begin(head, bytes);
        return;
      }
      if (head.statusCode === 101)
        throw callError("ERR_ANSWER_INVALID", "the API server switched protocols, which nobody asked for");
      if (++this.#interim > MAX_INTERIM)
        throw callError("ERR_ANSWER_INVALID", `the API server sent more than ${MAX_INTERIM} interim answers`);
      from = head.end;
      if (from === bytes.length) return;
    }
  }

  #hold(piece: Buffer): void {
    this.#collector = new HeadCollector((bytes, from) => readResponseHead(bytes, from, this.#request));
    this.#collector.push(piece);
  }

  #begin(head: ReadResponseHead, bytes: Buffer): void {
    this.head = head;
    this.keepsConnection = head.keepAlive;
    const { body } = head;
    if (body === "chunked") {
      this.#expects = "chunks";
      this.#decoder = new ChunkedDecoder(this.#keep);
    } else if (body === "until-close") {
      this.#expects = "close";
    } else {
      this.#expects = "content";
      this.#left = body;
    }
    if (body === 0 || head.end < bytes.length) this.#readContent(bytes, head.end);
  }

  #readContent(bytes: Buffer, from: number): void {
    if (this.#expects === "content") {
      const end = Math.min(bytes.length, from + this.#left);
      this.#left -= end - from;
      if (end > from) this.content = copyOf(bytes, from, end);
      if (this.#left === 0) this.#end(end, bytes.length);
    } else if (this.#expects === "chunks") {
      this.#readChunks(bytes, from);
    } else if (this.#expects === "close") {
      this.content = copyOf(bytes, from, bytes.length);
    } else {
      this.hasMore = true;
    }
  }

  #readChunks(bytes: Buffer, from: number): void {
    const decoder = this.#decoder!;
    this.#filled = 0;
    const end = decoder.read(bytes, from);
    if (this.content !== null && this.#filled < this.content.length)
      this.content = this.content.subarray(0, this.#filled);
    if (!decoder.isEnded) return;
    this.trailers = decoder.trailers;
    this.#decoder = null;
    this.#end(end, bytes.length);
  }

  /** All chunks of a piece become one, for which there is room where the first one begins. */
  readonly #keep = (bytes: Buffer, start: number, end: number): void => {
    this.content ??= Buffer.allocUnsafe(bytes.length - start);
    bytes.copy(this.content, this.#filled, start, end);
    this.#filled += end - start;
  };

  #end(end: number, length: number): void {
    this.#expects = "nothing";
    this.isEnded = true;
    this.hasMore = end < length;
  }
}

function copyOf(bytes: Buffer, from: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - from);
  bytes.copy(copy, 0, from, end);
  return copy;
}
