import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { endConnection, FOR_STRANGERS } from "../answer/end-connection.ts";
import { encodeAnswer, type OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import { writeResponseHead } from "../answer/response-head.ts";
import type { Call, ForwardableCall, ForwardListener } from "../call/call.ts";
import { answeredCall, CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import type { RequestInfo } from "../request/request-info.ts";
import { forwardUpgrade } from "../session/forward-upgrade.ts";
import { readUpgrade } from "../session/upgrade-request.ts";

/** A request to change protocols: there is no response object, only the connection. */
export class UpgradeCall implements Call {
  readonly request: IncomingMessage;
  readonly record: CallRecord;
  readonly isUpgrade = true;
  readonly #gateway: Gateway;
  readonly #socket: Duplex;
  readonly #head: Buffer;

  constructor(
    gateway: Gateway,
    request: IncomingMessage,
    connection: { socket: Duplex; head: Buffer },
    clientIp: string | null,
  ) {
    this.#gateway = gateway;
    this.request = request;
    this.#socket = connection.socket;
    this.#head = connection.head;
    this.record = new CallRecord({ request, clientIp, redactor: gateway.redactor });
    // Errors end in "close", which is what counts; unheard they would end the process.
    this.#socket.on("error", () => this.#socket.destroy());
  }

  checkProtocol(info: RequestInfo): Refusal | null {
    const protocol = readUpgrade(this.request, info);
    return protocol instanceof Refusal ? protocol : null;
  }

  /** An upgrade has none. */
  async readBody(): Promise<Buffer> {
    return Buffer.alloc(0);
  }

  answer(answer: Refusal | OwnAnswer): void {
    if (this.#socket.destroyed || !this.#socket.writable) {
      this.#socket.destroy();
      return;
    }
    const { code, phrase, headers, body } = encodeAnswer(answer, answeredCall(this.record));
    writeResponseHead(this.#socket, code, phrase, [...headers, "Connection", "close"]);
    // Nothing else passes on this connection (CVE-2018-1002105).
    endConnection(this.#socket, body, FOR_STRANGERS);
  }

  cutOff(): void {
    this.#socket.destroy();
  }

  forward(call: ForwardableCall, listener: ForwardListener): void {
    forwardUpgrade({
      gateway: this.#gateway,
      record: this.record,
      request: this.request,
      socket: this.#socket,
      head: this.#head,
      call,
      answer: (refusal) => this.answer(refusal),
    }).then(
      (refusal) => listener.onForwarded(refusal),
      (error: unknown) => listener.onForwardFailed(error),
    );
  }
}
