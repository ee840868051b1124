import type { ServerResponse } from "node:http";

export interface ResponseHead {
  statusCode: number;
  statusMessage: string | undefined;
  /** Names and values in turn. */
  headers: string[];
  /** As announced; null where the end is told by chunking or by closing. */
  contentLength: number | null;
}

/** RFC 9112 §4. A cluster may send other bytes, which Node takes in no answer; the phrase says nothing that the code does not. */
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Passes a cluster's answer to the client but keeps its end back until the call is on the record: the last chunk where it can
 * be told, always the end of the message. Until the first bytes go out, another answer can still be given.
 */
export class ResponseRelease {
  readonly #response: ServerResponse;
  readonly #head: ResponseHead;
  /** Keep the latest chunk of an answer of unknown length; not for streams, whose readers wait for it. */
  readonly #holdsLatest: boolean;
  #held: Buffer | null = null;
  #bytes = 0;
  #headSent = false;

  constructor(response: ServerResponse, head: ResponseHead, { holdsLatest }: { holdsLatest: boolean }) {
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
    this.#response.flushHeaders();
  }

  /** False: wait for the response's `drain` before the next one. */
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
    if (trailers.length > 0) this.#response.addTrailers(pairs(trailers));
    if (this.#held === null) this.#response.end();
    else this.#response.end(this.#held);
    this.#held = null;
  }

  #pass(chunk: Buffer): boolean {
    this.#sendHead();
    return this.#response.write(chunk);
  }

  #sendHead(): void {
    if (this.#headSent) return;
    this.#headSent = true;
    const { statusCode, statusMessage, headers } = this.#head;
    // The cluster's own Date goes on; a second one would be the gateway's.
    this.#response.sendDate = false;
    if (statusMessage === undefined || !REASON_PHRASE.test(statusMessage))
      this.#response.writeHead(statusCode, headers);
    else this.#response.writeHead(statusCode, statusMessage, headers);
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i]!, flat[i + 1]!]);
  return result;
}
