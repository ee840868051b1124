import { STATUS_CODES } from "node:http";
import { encodeChunk, encodeLastChunk } from "../../wire/http1/chunked-encoder.ts";
import type { ReadRequestHead } from "../../wire/http1/request-head.ts";
import { writeResponseHead } from "../../wire/http1/write-head.ts";
import type { ClientListener, ResponseHead } from "../answer/client-response.ts";
import { FOR_STRANGERS, type Patience } from "../answer/end-connection.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import type { BodyReader } from "../request/client-request.ts";
import type { ClientConnection } from "./client-connection.ts";
import { RequestBody } from "./request-body.ts";

/** Content up to so many bytes is copied behind the head, which costs less than a write of its own. */
const MAX_JOINED_BYTES = 65_536;
/**
 * Chunks from so many bytes on are written together, those of one turn of the event loop: behind a chunk of a full TLS record there is the rest of a
 * line, which alone would take another record.
 */
const MIN_BATCHED_BYTES = 4_096;

/** An ordinary request and its response on a connection that the gateway reads itself. */
export class FrontExchange implements ClientExchange {
  readonly head: ReadRequestHead;
  patience: Patience = FOR_STRANGERS;
  readonly #connection: ClientConnection;
  readonly #body: RequestBody | null;
  #listener: ClientListener | null = null;
  /** As it is written, until there is something to send behind it. */
  #headText: string | null = null;
  #isHeadSent = false;
  #isChunked = false;
  /** Bytes of content that the head announced and that have not been written; null: it announced none. */
  #left: number | null = null;
  /** What the answer has as content goes out. */
  #hasContent = true;
  #keeps: boolean;
  #isOver = false;

  constructor(connection: ClientConnection, head: ReadRequestHead) {
    this.#connection = connection;
    this.head = head;
    this.#keeps = head.keepAlive;
    this.#body = head.body === 0 ? null : new RequestBody(head.body);
  }

  get isComplete(): boolean {
    return this.#body === null || this.#body.isWhole;
  }

  get broken(): Refusal | null {
    return this.#body === null ? null : this.#body.broken;
  }

  get isClosed(): boolean {
    return this.#isOver || !this.#connection.isWritable;
  }

  get isHeadSent(): boolean {
    return this.#isHeadSent;
  }

  /** Who waits to be asked is not read here. */
  askForBody(): void {}

  readBody(reader: BodyReader): void {
    if (this.#body === null) reader.onEnd();
    else {
      this.#body.readBy(reader);
      this.#connection.heedBounds();
    }
  }

  resumeBody(): void {
    this.#body?.resume();
    this.#connection.heedBounds();
  }

  dropBody(): void {
    this.#body?.drop();
    this.#connection.heedBounds();
  }

  listen(listener: ClientListener | null): void {
    this.#listener = listener;
  }

  writeHead({ statusCode, statusMessage, headers, contentLength, closes }: ResponseHead): void {
    // What still comes of a body could be read as a request.
    if (closes || !this.isComplete || this.#connection.isClosing) this.#keeps = false;
    this.#hasContent = this.head.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
    this.#isChunked = this.#hasContent && contentLength === null;
    this.#left = this.#hasContent ? contentLength : null;
    const fields = headers.slice();
    if (this.#isChunked) fields.push("Transfer-Encoding", "chunked");
    this.#connection.pushConnectionFields(fields, this.#keeps);
    this.#headText = writeResponseHead(statusCode, statusMessage ?? STATUS_CODES[statusCode] ?? "", fields);
  }

  flushHead(): void {
    if (this.#headText !== null) this.#send(null);
  }

  write(chunk: Buffer): boolean {
    if (!this.#hasContent || chunk.length === 0) return true;
    if (this.#left !== null) this.#left -= chunk.length;
    if (!this.#isChunked) return this.#send(chunk);
    return chunk.length < MIN_BATCHED_BYTES ? this.#send(encodeChunk(chunk)) : this.#batch(chunk);
  }

  /** Neither copied here nor written at once. */
  #batch(chunk: Buffer): boolean {
    const { socket } = this.#connection;
    this.#connection.writeTogether();
    this.flushHead();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk);
    return socket.write("\r\n", "latin1");
  }

  end(last: Buffer | null, trailers: readonly string[] = []): void {
    if (this.#isOver) return;
    const content = this.#hasContent && last !== null && last.length > 0 ? last : null;
    if (this.#left !== null) this.#left -= content === null ? 0 : content.length;
    if (this.#left !== null && this.#left !== 0) {
      // More or less than it announced would be read as another answer, or waited for.
      this.destroy();
      return;
    }
    const bytes = this.#isChunked ? encodeLastChunk(content, trailers) : content;
    if (bytes !== null || this.#headText !== null) this.#send(bytes);
    this.#isOver = true;
    this.#listener = null;
    this.#connection.exchangeEnded(this, this.#keeps && this.isComplete);
  }

  destroy(): void {
    this.#connection.socket.destroy();
  }

  #send(bytes: Buffer | null): boolean {
    const { socket } = this.#connection;
    const text = this.#headText;
    if (text === null) return bytes === null || socket.write(bytes);
    this.#headText = null;
    this.#isHeadSent = true;
    if (bytes === null) return socket.write(text, "latin1");
    if (bytes.length > MAX_JOINED_BYTES) {
      socket.write(text, "latin1");
      return socket.write(bytes);
    }
    const joined = Buffer.allocUnsafe(text.length + bytes.length);
    joined.write(text, "latin1");
    bytes.copy(joined, text.length);
    return socket.write(joined);
  }

  /** What came of the body, from `from` on; the index after the last byte that is the body's. */
  takeBody(bytes: Buffer, from: number): number {
    const body = this.#body;
    if (body === null || body.isWhole) return from;
    const next = body.take(bytes, from);
    // An answer that has begun cannot say any more what was wrong.
    if (body.broken !== null && this.#isHeadSent) this.destroy();
    return next;
  }

  /** Nothing more of the body can be taken for now. */
  get isBodyFull(): boolean {
    return this.#body?.isFull === true;
  }

  clientDrained(): void {
    this.#listener?.onClientDrain();
  }

  clientLeft(): void {
    this.#isOver = true;
    const listener = this.#listener;
    this.#listener = null;
    listener?.onClientClose();
    this.#body?.breakOff(CLIENT_LEFT);
  }
}

const CLIENT_LEFT = new Refusal("BadRequest", "The client left before its request was complete.");
