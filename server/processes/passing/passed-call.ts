import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { endHttpConnection, FOR_CALLERS, FOR_STRANGERS } from "../../../lib/gateway/answer/end-connection.ts";
import { encodeRefusal } from "../../../lib/gateway/answer/refusal.ts";
import { log } from "../../../lib/log.ts";
import { notPassed, wasNotTaken } from "./not-passed.ts";
import { encodeHead, PASSED_HEAD } from "./passed-head.ts";

/** Headers of one connection (RFC 9110 §7.6.1): each side's server writes its own. */
const OF_A_CONNECTION: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** What the gateway process's parser refuses as this one's refused the client's body: a size that is none, and a chunk that is longer than its size. */
const NO_SIZE = "?\r\n";
const NO_CHUNK = "1\r\n12";

/**
 * An ordinary call on its way to a gateway process and back. http-proxy joins the two streams; what it would do to heads (it parses the target, merges headers,
 * drops the body of a chunked DELETE) it does to a head that only passes the real one.
 */
export class PassedCall {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #isChunked: boolean;
  #passing: ClientRequest | null = null;
  #broken: string | null = null;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    const { "transfer-encoding": encoding, "content-length": length } = request.headers;
    this.#isChunked = encoding !== undefined;
    const head = encodeHead(request);
    request.url = "/";
    request.headers = {
      [PASSED_HEAD]: head,
      ...(this.#isChunked && { "transfer-encoding": "chunked" }),
      ...(length !== undefined && { "content-length": length }),
    };
    // A client that is gone shows in "close"; an unheard error would end the process.
    response.on("error", () => response.destroy());
    // http-proxy leaves the other request open when the client is gone.
    response.once("close", () => this.#passing?.destroy());
    const { socket } = request;
    // As the gateway closes its own connections: not while the client's body still comes in.
    socket.destroySoon = () => {
      request.unpipe();
      request.resume();
      endHttpConnection(socket, response.statusCode < 400 ? FOR_CALLERS : FOR_STRANGERS);
    };
  }

  /** Before its head is sent. */
  begin(passing: ClientRequest): void {
    this.#passing = passing;
    if (this.#response.closed) {
      passing.destroy();
      return;
    }
    // http-proxy takes the body from a DELETE and an OPTIONS that has no Content-Length.
    if (this.#isChunked) {
      passing.removeHeader("content-length");
      passing.setHeader("transfer-encoding", "chunked");
    }
    passing.on("continue", () => this.#response.writeContinue());
    // Node keeps it back until there is some of the body, which may wait for "100 Continue".
    passing.flushHeaders();
    if (this.#broken !== null) this.#breakBody(passing, this.#broken);
  }

  answer(answer: IncomingMessage): void {
    const response = this.#response;
    const { statusCode = 502, statusMessage, rawHeaders } = answer;
    // The gateway's has one already.
    response.sendDate = false;
    const headers = this.#endToEnd(rawHeaders, {
      chunked: answer.headers["transfer-encoding"] !== undefined,
    });
    // What is left of the body would be read as the next request.
    if (!this.#request.complete) headers.push("Connection", "close");
    response.writeHead(statusCode, statusMessage, headers);
    response.flushHeaders();
    answer.once("end", () => response.addTrailers(pairs(answer.rawTrailers)));
    // An answer that breaks off must not look whole: the client's connection ends with it.
    pipeline(answer, response, () => undefined);
  }

  /** The body is no HTTP: the gateway process hears that, and says so, where no answer has begun. */
  breakOff(error: Error & { code?: string }): void {
    if (!error.code?.startsWith("HPE_") || this.#response.headersSent || !this.#isChunked) {
      this.#request.socket.destroy();
      return;
    }
    this.#broken = error.code === "HPE_INVALID_CHUNK_SIZE" ? NO_SIZE : NO_CHUNK;
    if (this.#passing) this.#breakBody(this.#passing, this.#broken);
  }

  #breakBody(passing: ClientRequest, bytes: string): void {
    this.#request.unpipe(passing);
    passing.socket?.write(bytes);
  }

  /** It could not be passed, or the gateway process ended under it. */
  fail(error: Error): void {
    const response = this.#response;
    if (response.closed) return;
    if (response.headersSent || !wasNotTaken(error)) {
      log.warn({ err: error }, "a call that came to the console's port broke off");
      // As on the proxy's port, where the connection is gone with the process: what became of the call is on the record.
      response.destroy();
      this.#request.socket.destroy();
      return;
    }
    const { code, phrase, headers, body } = encodeRefusal(notPassed(error), { auditId: null, asText: false });
    response.writeHead(code, phrase, [...headers, "Connection", "close"]).end(body);
  }

  #endToEnd(rawHeaders: readonly string[], { chunked }: { chunked: boolean }): string[] {
    const { method, httpVersion } = this.#request;
    // Without chunks there are no trailers to announce (RFC 9112 §7.1.2), and Node throws.
    const keepsTrailers = chunked && httpVersion !== "1.0" && method !== "HEAD";
    return pairs(rawHeaders)
      .filter(([name]) => !OF_A_CONNECTION.has(name.toLowerCase()))
      .filter(([name]) => keepsTrailers || name.toLowerCase() !== "trailer")
      .flat();
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index]!, flat[2 * index + 1]!]);
}
