import type { ClusterAnswerHead } from "../../clusters/calls/cluster-call.ts";
import { FailureReader } from "../answer/failure-message.ts";
import { ResponseRelease } from "../answer/response-release.ts";
import { releasableHeaders, withoutTrailerHeader } from "../answer/upstream-headers.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import { CreatedNameReader } from "../record/created-name.ts";
import type { RequestInfo } from "../request/request-info.ts";
import { withLocation } from "./proxied-location.ts";

export interface AnsweredCall {
  exchange: ClientExchange;
  info: RequestInfo;
  longRunning: boolean;
  /** A proxied program's, as the client may follow it; null where it goes on as it is. */
  location: string | null;
}

/** A cluster's answer on its way to the client, and what the record reads of it as it passes. */
export class ClusterAnswer {
  readonly statusCode: number;
  readonly #streamed: boolean;
  readonly #release: ResponseRelease;
  readonly #failure: FailureReader | null;
  readonly #createdName: CreatedNameReader | null;

  constructor(head: ClusterAnswerHead, { exchange, info, longRunning, location }: AnsweredCall) {
    const { statusCode, statusMessage, contentLength } = head;
    this.statusCode = statusCode;
    this.#streamed = longRunning || isStreamed(info.subresource);
    let headers = withLocation(releasableHeaders(head.rawHeaders), location);
    if (!isChunked(exchange, statusCode, contentLength)) headers = withoutTrailerHeader(headers);
    // The rest of a body that the cluster did not wait for would be read as the next request.
    const closes = !exchange.isComplete;
    const released = { statusCode, statusMessage, headers, contentLength, closes };
    this.#release = new ResponseRelease(exchange, released, !this.#streamed);
    const content = contentOf(head);
    this.#failure = statusCode < 400 ? null : new FailureReader(content);
    this.#createdName = CreatedNameReader.of(info, content);
  }

  get failed(): boolean {
    return this.statusCode >= 400;
  }

  get headSent(): boolean {
    return this.#release.headSent;
  }

  /** The head of what is read piece by piece goes out before there is any. */
  begin(): void {
    if (this.#streamed) this.#release.flushHead();
  }

  /** False: the client is slow; wait until it has drained. */
  write(chunk: Buffer): boolean {
    this.#failure?.write(chunk);
    this.#createdName?.write(chunk);
    return this.#release.write(chunk);
  }

  /** Releases what was kept back. `warning`: for the client, where the head has not gone out yet. */
  finish(trailers: readonly string[], warning: string | null): void {
    // Some clients take trailers for headers.
    this.#release.finish(releasableHeaders(trailers), warning);
  }

  /** What a failure says; null of a success. */
  failureMessage(): string | null {
    return this.#failure?.message() ?? null;
  }

  /** The name that the cluster gave to what was made with `generateName`. */
  createdName(): string | null {
    return this.#createdName?.name() ?? null;
  }
}

/** Subresources whose readers wait for each piece as it comes. */
function isStreamed(subresource: string): boolean {
  return subresource === "log" || subresource === "proxy";
}

function contentOf({ statusCode, headers }: ClusterAnswerHead) {
  return {
    statusCode,
    contentType: headers["content-type"] ?? "",
    contentEncoding: headers["content-encoding"] ?? "",
  };
}

/** Whether the answer goes to the client in chunks, which alone have room for trailers behind them (RFC 9112 §7.1.2). */
function isChunked({ head }: ClientExchange, statusCode: number, contentLength: number | null): boolean {
  const hasBody = head.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
  return hasBody && contentLength === null && head.httpVersion === "1.1";
}
