import type { IncomingHttpHeaders } from "node:http";
import type { Carried } from "../transports/transport.ts";

/** A request for an API server. */
export interface ClusterRequest {
  method: string;
  /** With the endpoint's base path and the query, as it is sent. */
  path: string;
  /** Names and values in turn, but for Host, Connection and what says how long the body is. */
  headers: readonly string[];
  /**
   * null: there is none. A buffer: all of it. `chunked`: it comes by `write`, of unknown length; a number: it comes by `write`, and has so many bytes.
   */
  body: null | Buffer | "chunked" | number;
  /** Milliseconds until the head of the answer; 0: any time. */
  headTimeoutMs: number;
  /** Of who is to carry it, where several can. */
  carrierTag?: string | null;
  /** On a connection that served no call before: for the second try of what a kept one did not answer. */
  isRetry?: boolean;
}

/** The head of an API server's answer; 1xx are read over. */
export interface ClusterAnswerHead {
  statusCode: number;
  statusMessage: string;
  /** Names and values in turn, as they came, in Latin-1. */
  rawHeaders: readonly string[];
  /** By name in lower case, as node:http has them. */
  headers: IncomingHttpHeaders;
  /** Bytes of its content; null: the end is told by chunks or by closing. 0 where there is none (HEAD, 204, 304). */
  contentLength: number | null;
}

/** Who waits for an answer. Nothing is told after `onEnd` or `onError`, nor after `abort`. */
export interface ClusterCallHandler {
  /** There is a connection, on which the request goes out once this returns: from here on the cluster may have it. `abort` in it keeps it back. */
  onSent(by: Carried | null): void;
  /** What `write` kept has gone out. */
  onDrain(): void;
  onHead(head: ClusterAnswerHead): void;
  /** Content, without the framing; one chunk for all that came at once. It is the handler's from now on. False: as `pause`. */
  onData(chunk: Buffer): boolean;
  /** `trailers`: names and values in turn. */
  onEnd(trailers: readonly string[]): void;
  /**
   * No answer, or no whole one. `code` as Node's sockets have it, or one of ours (call-errors.ts). ECONNRESET or EPIPE: the connection ended,
   * which a kept one may do at the moment it is used again. An AppError where no connection may be made or no credential be had: then nothing was sent.
   */
  onError(error: Error & { code?: string }): void;
}

/** A call under way at an API server. */
export interface ClusterCall {
  /** More of the body. False: it is kept; wait for `onDrain`. Nothing once the call is over. */
  write(chunk: Buffer): boolean;
  /** The body is whole. */
  end(): void;
  /** Nothing more of the answer is told before `resume`, its end neither. */
  pause(): void;
  resume(): void;
  /** Gives the call up; its connection is not used again. */
  abort(): void;
}

/** Calls to one API server on kept connections, one call at a time on each, as many as there are calls. */
export interface ClusterCalls {
  /** Begins a call; the handler is told of everything once this has returned, but for `onSent` where a connection is free. */
  begin(request: ClusterRequest, handler: ClusterCallHandler): ClusterCall;
  /** Closes what is idle; what is under way goes on. */
  close(): Promise<void>;
  /** Cuts all connections: what is under way fails (ECONNABORTED). */
  destroy(): Promise<void>;
}
