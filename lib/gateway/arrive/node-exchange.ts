import type { IncomingMessage, ServerResponse } from "node:http";
import type { ClientListener, ResponseHead } from "../answer/client-response.ts";
import { endHttpConnection, FOR_STRANGERS, type Patience } from "../answer/end-connection.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import { announcesBody, expectsContinue } from "../request/announced-body.ts";
import type { BodyReader } from "../request/client-request.ts";
import { type ParserError, refusalOf } from "./client-error.ts";

/** An ordinary request and its response on a connection that node:http reads. */
export class NodeExchange implements ClientExchange {
  readonly head: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #announcesBody: boolean;
  broken: Refusal | null = null;
  patience: Patience = FOR_STRANGERS;
  #listener: ClientListener | null = null;
  #reader: BodyReader | null = null;
  #isBodyRead = false;
  #wasAskedFor = false;
  /** What comes behind the request is no HTTP. */
  #isLast = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.head = request;
    this.#response = response;
    this.#announcesBody = announcesBody(request);
    // A client that is gone shows in "close"; an unheard error would end the process.
    response.on("error", () => response.destroy());
    response.on("close", () => this.#onClose());
    response.on("drain", () => this.#listener?.onClientDrain());
    // What Node calls after a connection's last answer: by itself it would close also while the client's body still comes in.
    const { socket } = request;
    socket.destroySoon = () => endHttpConnection(socket, this.patience);
  }

  get isComplete(): boolean {
    // Node says so of a request without a body only once it has handed it over.
    return this.head.complete || !this.#announcesBody;
  }

  get isClosed(): boolean {
    return this.#response.destroyed;
  }

  get isHeadSent(): boolean {
    return this.#response.headersSent;
  }

  askForBody(): void {
    if (this.#wasAskedFor || !expectsContinue(this.head)) return;
    this.#wasAskedFor = true;
    this.#response.writeContinue();
  }

  readBody(reader: BodyReader): void {
    const { head } = this;
    if (this.broken !== null) reader.onBroken(this.broken);
    else if (head.readableEnded || !this.#announcesBody) reader.onEnd();
    else if (head.destroyed) reader.onBroken(CLIENT_LEFT);
    else {
      this.#reader = reader;
      this.#heed();
      head.resume();
    }
  }

  resumeBody(): void {
    this.head.resume();
  }

  dropBody(): void {
    this.#reader = null;
    this.head.resume();
  }

  listen(listener: ClientListener | null): void {
    this.#listener = listener;
  }

  writeHead({ statusCode, statusMessage, headers, closes }: ResponseHead): void {
    const response = this.#response;
    const fields = closes || this.#isLast ? [...headers, "Connection", "close"] : (headers as string[]);
    // A second Date would be the gateway's.
    response.sendDate = false;
    if (statusMessage === undefined) response.writeHead(statusCode, fields);
    else response.writeHead(statusCode, statusMessage, fields);
  }

  flushHead(): void {
    this.#response.flushHeaders();
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk);
  }

  end(last: Buffer | null, trailers: readonly string[] = []): void {
    if (trailers.length > 0) this.#response.addTrailers(pairs(trailers));
    if (last === null) this.#response.end();
    else this.#response.end(last);
  }

  destroy(): void {
    this.#response.destroy();
  }

  /** The connection failed under the call, as Node's parser tells it. A body that is no HTTP is answered as that where no answer has begun. */
  breakOff(error: ParserError): void {
    const { socket } = this.head;
    const isNoHttp = error.code?.startsWith("HPE_") === true && error.code !== CUT_SHORT;
    if (isNoHttp && this.#response.writableEnded) {
      // The answer is given, and still arrives.
      endHttpConnection(socket, this.patience);
    } else if (!isNoHttp || this.isHeadSent) {
      socket.destroy();
    } else if (this.isComplete) {
      this.#isLast = true;
    } else if (this.broken === null) {
      this.broken = refusalOf(error);
      this.#tellBroken(this.broken);
    }
  }

  /** Passes on what the request's stream says. */
  #heed(): void {
    if (this.#isBodyRead) return;
    this.#isBodyRead = true;
    const { head } = this;
    head.on("data", (chunk: Buffer) => {
      if (this.#reader?.onData(chunk) === false) head.pause();
    });
    head.on("end", () => {
      const reader = this.#reader;
      this.#reader = null;
      reader?.onEnd();
    });
    // Node's word for a client that left; "close" follows.
    head.on("error", () => undefined);
    head.on("close", () => this.#tellBroken(CLIENT_LEFT));
  }

  #tellBroken(refusal: Refusal): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.onBroken(refusal);
  }

  #onClose(): void {
    const listener = this.#listener;
    this.#listener = null;
    if (!this.#response.writableFinished) listener?.onClientClose();
  }
}

/** The client closed its side within the body. */
const CUT_SHORT = "HPE_INVALID_EOF_STATE";
const CLIENT_LEFT = new Refusal("BadRequest", "The client left before its request was complete.");

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i]!, flat[i + 1]!]);
  return result;
}
