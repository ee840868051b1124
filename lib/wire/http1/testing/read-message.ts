import type { IncomingHttpHeaders } from "node:http";

/** What a reader makes of a message. */
export interface SeenMessage {
  rawHeaders: readonly string[];
  headers: IncomingHttpHeaders;
  body: Buffer;
  trailers: readonly string[];
  /** The body has come to its end. */
  isWhole: boolean;
  keepAlive: boolean;
}

export interface SeenRequest extends SeenMessage {
  method: string;
  url: string;
}

export interface SeenAnswer extends SeenMessage {
  statusCode: number;
  statusMessage: string;
}
