import type { Patience } from "./end-connection.ts";

/** The head of an answer. */
export interface ResponseHead {
  statusCode: number;
  /** Bytes in Latin-1 that RFC 9112 §4 takes; undefined: the standard phrase. */
  statusMessage: string | undefined;
  /**
   * Names and values in turn, Date and Content-Length among them where they are known; no Connection and no Transfer-Encoding:
   * what becomes of the connection and how the end is told, the response says itself.
   */
  headers: readonly string[];
  /** Bytes of content that Content-Length announces; null: the end is told by chunks, or to HTTP/1.0 by closing. */
  contentLength: number | null;
  /** The connection takes no further request, whatever the client asked for: `Connection: close`. */
  closes: boolean;
}

/** Who is told what becomes of a client's connection while its call is under way. */
export interface ClientListener {
  /** The client has left, or what was written cannot reach it. Told once; not after `end` has been written out. */
  onClientClose(): void;
  /** What `write` kept has gone out. */
  onClientDrain(): void;
}

/** The way back to the client of an ordinary call, whoever holds its connection. */
export interface ClientResponse {
  /** Nothing can be written any more. */
  readonly isClosed: boolean;
  /** Of an answer something has gone out. */
  readonly isHeadSent: boolean;
  /** How long the connection, where it is closed behind the answer, is waited for (RFC 9112 §9.6); a stranger's until it is set. */
  patience: Patience;
  /** One listener at a time; null: nobody is told. It is not told of what was before. */
  listen(listener: ClientListener | null): void;
  /** Kept until the first bytes go, so that both are one write. Once for each answer. */
  writeHead(head: ResponseHead): void;
  /** Sends the head before there is any data. */
  flushHead(): void;
  /**
   * Content, dropped where the answer can have none (HEAD, 204, 304). The chunk is the response's from now on. False: it is kept; wait for
   * `onClientDrain`.
   */
  write(chunk: Buffer): boolean;
  /** Ends the answer, with the last of its content and trailers (names and values in turn; only where the answer is chunked). */
  end(last: Buffer | null, trailers?: readonly string[]): void;
  /** Cuts the connection: the client sees that the answer is not whole. */
  destroy(): void;
}
