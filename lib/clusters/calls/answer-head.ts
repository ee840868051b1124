import type { IncomingHttpHeaders } from "node:http";
import type { ReadResponseHead } from "../../wire/http1/response-head.ts";
import type { ClusterAnswerHead } from "./cluster-call.ts";

/** An answer's head, whose headers become an object only where somebody asks for it. */
export class AnswerHead implements ClusterAnswerHead {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly rawHeaders: readonly string[];
  readonly contentLength: number | null;
  readonly #head: ReadResponseHead;

  constructor(head: ReadResponseHead) {
    this.statusCode = head.statusCode;
    this.statusMessage = head.statusMessage;
    this.rawHeaders = head.rawHeaders;
    this.contentLength = typeof head.body === "number" ? head.body : null;
    this.#head = head;
  }

  get headers(): IncomingHttpHeaders {
    return this.#head.headers;
  }
}
