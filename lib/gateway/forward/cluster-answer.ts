import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { FailureReader } from "../answer/failure-message.ts";
import { ResponseRelease } from "../answer/response-release.ts";
import {
  contentLengthOf,
  releasableHeaders,
  textOfHeader,
  trailersOf,
  withoutTrailerHeader,
} from "../answer/upstream-headers.ts";
import { CreatedNameReader } from "../record/created-name.ts";
import type { RequestInfo } from "../request/request-info.ts";
import { withLocation } from "./proxied-location.ts";

/** Subresources whose readers wait for each piece as it comes. */
const STREAMED_SUBRESOURCES: ReadonlySet<string> = new Set(["log", "proxy"]);

/** As undici tells it. */
export interface AnswerHead {
  controller: Dispatcher.DispatchController;
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  statusMessage: string | undefined;
  /** A proxied program's, as the client may follow it; null where it goes on as it is. */
  location: string | null;
}

export interface AnsweredCall {
  request: IncomingMessage;
  response: ServerResponse;
  info: RequestInfo;
  longRunning: boolean;
}

/** A cluster's answer on its way to the client, and what the record reads of it as it passes. */
export class ClusterAnswer {
  readonly statusCode: number;
  readonly #streamed: boolean;
  readonly #release: ResponseRelease;
  readonly #failure: FailureReader | null;
  readonly #createdName: CreatedNameReader | null;

  constructor({ controller, statusCode, headers, statusMessage, location }: AnswerHead, call: AnsweredCall) {
    const { request, response, info, longRunning } = call;
    this.statusCode = statusCode;
    this.#streamed = longRunning || STREAMED_SUBRESOURCES.has(info.subresource);
    const contentLength = contentLengthOf(headers);
    const rawHeaders = (controller.rawHeaders ?? []) as (Buffer | string)[];
    let released = withLocation(releasableHeaders(rawHeaders), location);
    if (!isChunked(request, statusCode, contentLength)) released = withoutTrailerHeader(released);
    // The rest of a body that the cluster did not wait for would be read as the next request.
    if (!request.complete) released.push("Connection", "close");
    this.#release = new ResponseRelease(
      response,
      { statusCode, statusMessage, headers: released, contentLength },
      { holdsLatest: !this.#streamed },
    );
    const content = {
      statusCode,
      contentType: textOfHeader(headers["content-type"]),
      contentEncoding: textOfHeader(headers["content-encoding"]),
    };
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

  /** False: the client is slow; wait for the response's `drain`. */
  write(chunk: Buffer): boolean {
    this.#failure?.write(chunk);
    this.#createdName?.write(chunk);
    return this.#release.write(chunk);
  }

  /** Releases what was kept back. `warning`: for the client, where the head has not gone out yet. */
  finish(rawTrailers: unknown, warning: string | null): void {
    this.#release.finish(trailersOf(rawTrailers), warning);
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

/** Whether the answer goes to the client in chunks, which alone have room for trailers behind them (RFC 9112 §7.1.2). */
function isChunked(request: IncomingMessage, statusCode: number, contentLength: number | null): boolean {
  const hasBody = request.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
  return hasBody && contentLength === null && request.httpVersion === "1.1";
}
