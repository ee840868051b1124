import { ChunkedDecoder } from "../../wire/http1/chunked-decoder.ts";
import { HeadError } from "../../wire/http1/head-error.ts";
import { Refusal } from "../answer/refusal.ts";
import type { BodyReader } from "../request/client-request.ts";

/** So much of a body is kept while nobody reads it, in bytes and in pieces; then its client waits. */
const MAX_KEPT_BYTES = 65_536;
const MAX_KEPT_PIECES = 128;

/** A request's body as its bytes come in: without its framing it goes to a reader, or is kept, up to a bound, until there is one. */
export class RequestBody {
  readonly #chunked: ChunkedDecoder | null;
  /** Bytes that still come of an announced length. */
  #left: number;
  #reader: BodyReader | null = null;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** The reader takes no more for now. */
  #isHeldBack = false;
  #isDropped = false;
  /** All of it has come. */
  isWhole = false;
  /** It is no HTTP, and nothing more of it can be read. */
  broken: Refusal | null = null;

  /** `announced`: bytes, more than none; or the coding. */
  constructor(announced: number | "chunked") {
    this.#left = announced === "chunked" ? 0 : announced;
    this.#chunked =
      announced === "chunked"
        ? new ChunkedDecoder((bytes, start, end) => this.#pass(bytes.subarray(start, end)))
        : null;
  }

  /** What comes now can neither be passed on nor kept: nothing more is to be read of the connection. */
  get isFull(): boolean {
    return this.#isHeldBack || this.#keptBytes > MAX_KEPT_BYTES || this.#kept.length > MAX_KEPT_PIECES;
  }

  /** Takes what came, from `from` on; the index after the last byte that is the body's. */
  take(bytes: Buffer, from: number): number {
    if (this.broken !== null) return bytes.length;
    const next = this.#chunked === null ? this.#takeOfLength(bytes, from) : this.#takeChunks(bytes, from);
    if (this.isWhole) this.#tellEnd();
    return next;
  }

  #takeOfLength(bytes: Buffer, from: number): number {
    const end = Math.min(bytes.length, from + this.#left);
    this.#left -= end - from;
    if (this.#left === 0) this.isWhole = true;
    this.#pass(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    return end;
  }

  #takeChunks(bytes: Buffer, from: number): number {
    const chunked = this.#chunked!;
    try {
      const next = chunked.read(bytes, from);
      this.isWhole = chunked.isEnded;
      return next;
    } catch (error) {
      if (!(error instanceof HeadError)) throw error;
      this.breakOff(new Refusal("BadRequest", `the request is not valid HTTP/1.1 (${error.code})`));
      return bytes.length;
    }
  }

  #pass(content: Buffer): void {
    if (this.#isDropped) return;
    if (this.#reader !== null && !this.#isHeldBack && this.#kept.length === 0) {
      this.#isHeldBack = !this.#reader.onData(content);
      return;
    }
    this.#kept.push(content);
    this.#keptBytes += content.length;
  }

  /** Gives it to a reader from here on. */
  readBy(reader: BodyReader): void {
    this.#reader = reader;
    this.resume();
  }

  /** The reader takes more. */
  resume(): void {
    this.#isHeldBack = false;
    while (this.#reader !== null && !this.#isHeldBack && this.#kept.length > 0) {
      const content = this.#kept.shift()!;
      this.#keptBytes -= content.length;
      this.#isHeldBack = !this.#reader.onData(content);
    }
    this.#tellEnd();
  }

  /** Whatever there is of it, and still comes, is for nobody. */
  drop(): void {
    this.#isDropped = true;
    this.#reader = null;
    this.#isHeldBack = false;
    this.#kept = [];
    this.#keptBytes = 0;
  }

  /** Nothing more of it can come. */
  breakOff(refusal: Refusal): void {
    if (this.isWhole || this.broken !== null) return;
    this.broken = refusal;
    this.#tellEnd();
  }

  /** To each reader once, when it has had all that came. */
  #tellEnd(): void {
    const reader = this.#reader;
    if (reader === null) return;
    if (this.broken !== null) {
      this.drop();
      reader.onBroken(this.broken);
    } else if (this.isWhole && this.#kept.length === 0) {
      this.#reader = null;
      reader.onEnd();
    }
  }
}
