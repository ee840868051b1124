import { FOR_CALLERS, FOR_STRANGERS } from "../answer/end-connection.ts";
import { encodeAnswer, type OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call, ForwardableCall, ForwardListener } from "../call/call.ts";
import { answeredCall, CallRecord } from "../call/call-record.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import type { Gateway } from "../call/gateway.ts";
import { forwardCall } from "../forward/forward.ts";
import type { RequestHead } from "../request/client-request.ts";
import { readBody } from "../request/read-body.ts";
import { isSession, type RequestInfo } from "../request/request-info.ts";

/** An ordinary request and its response. */
export class HttpCall implements Call {
  readonly request: RequestHead;
  readonly record: CallRecord;
  readonly isUpgrade = false;
  readonly #gateway: Gateway;
  readonly #exchange: ClientExchange;

  constructor(gateway: Gateway, exchange: ClientExchange, clientIp: string | null) {
    this.#gateway = gateway;
    this.#exchange = exchange;
    this.request = exchange.head;
    this.record = new CallRecord({ request: exchange.head, clientIp, redactor: gateway.redactor });
  }

  checkProtocol(info: RequestInfo): Refusal | null {
    return isSession(info) ? new Refusal("BadRequest", "Upgrade request required") : null;
  }

  readBody(maxBytes: number): Promise<Buffer | Refusal> {
    this.#exchange.askForBody();
    return readBody(this.#exchange, maxBytes);
  }

  answer(answer: Refusal | OwnAnswer): void {
    const exchange = this.#exchange;
    if (exchange.isClosed || exchange.isHeadSent) {
      exchange.destroy();
      return;
    }
    const { code, phrase, headers, body } = encodeAnswer(answer, answeredCall(this.record));
    headers.push("Date", new Date().toUTCString());
    exchange.patience = this.record.actor.kind === "anonymous" ? FOR_STRANGERS : FOR_CALLERS;
    // A client that still waits for "100 Continue" may never send its body: its next request would be read as that.
    // Whoever is refused must not keep the connection by sending on, either.
    const closes = !exchange.isComplete;
    exchange.writeHead({
      statusCode: code,
      statusMessage: phrase,
      headers,
      contentLength: body.length,
      closes,
    });
    exchange.end(body);
    if (closes) exchange.dropBody();
  }

  cutOff(): void {
    this.#exchange.destroy();
  }

  forward(call: ForwardableCall, listener: ForwardListener): void {
    const exchange = this.#exchange;
    exchange.patience = FOR_CALLERS;
    forwardCall({ gateway: this.#gateway, record: this.record, exchange, call, client: this }, listener);
  }
}
