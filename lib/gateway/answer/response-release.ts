import type { ClientResponse, ResponseHead } from "./client-response.ts";

/** RFC 9112 §4. A cluster may send other bytes, which no answer may have; the phrase says nothing that the code does not. */
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The head of a cluster's answer, whose headers may still be added to. */
export interface ReleasedHead extends ResponseHead {
  headers: string[];
}

/**
 * Passes a cluster's answer to the client but keeps its end back until the call is on the record: the last chunk where it can
 * be told, always the end of the message. Until the first bytes go out, another answer can still be given.
 */
export class ResponseRelease {
  readonly #response: ClientResponse;
  readonly #head: ReleasedHead;
  /** Keep the latest chunk of an answer of unknown length; not for streams, whose readers wait for it. */
  readonly #holdsLatest: boolean;
  #held: Buffer | null = null;
  #bytes = 0;
  #headSent = false;

  constructor(response: ClientResponse, head: ReleasedHead, holdsLatest: boolean) {
    this.#response = response;
    this.#head = head;
    this.#holdsLatest = holdsLatest;
  }

  get headSent(): boolean {
    return this.#headSent;
  }

  /** Sends the head before there is any data. */
  flushHead(): void {
    this.#sendHead();
    this.#response.flushHead();
  }

  /** False: wait until the response has drained before the next one. */
  write(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    const { contentLength } = this.#head;
    if (contentLength !== null) {
      if (this.#bytes < contentLength) return this.#pass(chunk);
      this.#held = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
      return true;
    }
    if (!this.#holdsLatest) return this.#pass(chunk);
    const previous = this.#held;
    this.#held = chunk;
    return previous === null || this.#pass(previous);
  }

  /**
   * Releases what was kept back. `trailers`: names and values in turn. `warning`: a value of the header Warning, which kubectl
   * prints; where the head has gone out it comes too late.
   */
  finish(trailers: readonly string[], warning: string | null = null): void {
    if (warning !== null && !this.#headSent) this.#head.headers.push("Warning", warning);
    this.#sendHead();
    const held = this.#held;
    this.#held = null;
    this.#response.end(held, trailers);
  }

  #pass(chunk: Buffer): boolean {
    this.#sendHead();
    return this.#response.write(chunk);
  }

  #sendHead(): void {
    if (this.#headSent) return;
    this.#headSent = true;
    const head = this.#head;
    if (head.statusMessage !== undefined && !REASON_PHRASE.test(head.statusMessage)) {
      head.statusMessage = undefined;
    }
    this.#response.writeHead(head);
  }
}
