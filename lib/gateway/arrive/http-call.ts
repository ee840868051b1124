import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { endHttpConnection, FOR_CALLERS, FOR_STRANGERS, type Patience } from "../answer/end-connection.ts";
import { encodeAnswer, type OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call, ForwardableCall } from "../call/call.ts";
import { answeredCall, CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import { forwardCall } from "../forward/forward.ts";
import { announcesBody, expectsContinue } from "../request/announced-body.ts";
import { readBody } from "../request/read-body.ts";
import { isSession, type RequestInfo } from "../request/request-info.ts";
import { type ParserError, refusalOf } from "./client-error.ts";

/** An ordinary request and its response. */
export class HttpCall implements Call {
  readonly request: IncomingMessage;
  readonly record: CallRecord;
  readonly isUpgrade = false;
  readonly #gateway: Gateway;
  readonly #response: ServerResponse;
  /** Aborted, with a refusal, when the body turns out to be no HTTP. */
  readonly #broken = new AbortController();

  constructor(gateway: Gateway, request: IncomingMessage, response: ServerResponse, clientIp: string | null) {
    this.#gateway = gateway;
    this.request = request;
    this.#response = response;
    // A client that is gone shows in "close"; an unheard error would end the process.
    response.on("error", () => response.destroy());
    // What Node calls after a connection's last answer: by itself it would close also while the client's body still comes in.
    const { socket } = request;
    socket.destroySoon = () => endHttpConnection(socket, this.#patience());
    this.record = new CallRecord({ request, clientIp, redactor: gateway.redactor });
  }

  checkProtocol(info: RequestInfo): Refusal | null {
    return isSession(info) ? new Refusal("BadRequest", "Upgrade request required") : null;
  }

  async readBody(maxBytes: number): Promise<Buffer | Refusal> {
    if (expectsContinue(this.request)) this.#response.writeContinue();
    const { signal } = this.#broken;
    const broken = once(signal, "abort").then(() => signal.reason as Refusal);
    return Promise.race([broken, readBody(this.request, maxBytes)]);
  }

  answer(answer: Refusal | OwnAnswer): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) {
      response.destroy();
      return;
    }
    const { code, phrase, headers, body } = encodeAnswer(answer, answeredCall(this.record));
    // A client that still waits for "100 Continue" may never send its body: its next request would be read as that.
    // Whoever is refused must not keep the connection by sending on, either.
    const comes = !this.request.complete && announcesBody(this.request);
    if (comes || this.#broken.signal.aborted) headers.push("Connection", "close");
    response.writeHead(code, phrase, headers);
    response.end(body);
    if (comes) this.request.resume();
  }

  #patience(): Patience {
    return this.record.actor.kind === "anonymous" ? FOR_STRANGERS : FOR_CALLERS;
  }

  /** The connection failed under the call. A body that is no HTTP is answered and recorded as that, where no answer has begun. */
  breakOff(error: ParserError): void {
    if (error.code?.startsWith("HPE_") && !this.#response.headersSent) this.#broken.abort(refusalOf(error));
    else this.request.socket.destroy();
  }

  forward(call: ForwardableCall): Promise<Refusal | null> {
    return forwardCall({
      gateway: this.#gateway,
      record: this.record,
      request: this.request,
      response: this.#response,
      call,
      broken: this.#broken.signal,
      answer: (refusal) => this.answer(refusal),
    });
  }
}
