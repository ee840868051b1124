import type { BodyCapture } from "../../audit/redaction/body-capture.ts";
import type { ClusterCall, ClusterCallHandler } from "../../clusters/calls/cluster-call.ts";
import type { Carried } from "../../clusters/transports/transport.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { ForwardInput } from "../call/call.ts";
import { NOT_SENT, UNKNOWN } from "../call/fate.ts";
import { captureBody } from "../record/note-body.ts";
import { announcesBody } from "../request/announced-body.ts";
import { clusterRequest, mayRetry } from "./cluster-request.ts";
import { ForwardedBody } from "./forwarded-body.ts";

/** Who is told of an answer, and of a client's body that turned out to be no HTTP. */
export interface ForwardedRequestHandler extends ClusterCallHandler {
  onBrokenBody(refusal: Refusal): void;
}

/** A call's request on its way to its cluster: once, or a second time where that does no harm. */
export class ForwardedRequest {
  readonly #input: ForwardInput;
  readonly #handler: ForwardedRequestHandler;
  readonly #longRunning: boolean;
  /** Of a call that changes something, and has a body. */
  readonly capture: BodyCapture | null = null;
  /** Null where none comes, or was read before. */
  readonly #body: ForwardedBody | null = null;
  #cluster: ClusterCall | null = null;
  #isSent = false;
  #isRetry = false;
  #begunAt = 0;

  constructor(input: ForwardInput, handler: ForwardedRequestHandler, longRunning: boolean) {
    this.#input = input;
    this.#handler = handler;
    this.#longRunning = longRunning;
    const { gateway, exchange, call } = input;
    if (!announcesBody(exchange.head)) return;
    this.capture = captureBody(exchange.head, call.info, gateway.redactor);
    if (call.body === null) this.#body = new ForwardedBody(input, this.capture, handler);
  }

  begin(): void {
    const { record, exchange, call } = this.#input;
    record.fate = NOT_SENT;
    this.#cluster = null;
    this.#isSent = false;
    this.#begunAt = performance.now();
    const how = { longRunning: this.#longRunning, isRetry: this.#isRetry };
    this.#cluster = call.upstream.calls.begin(clusterRequest(exchange.head, call, how), this.#handler);
    // Whether there is a connection at once or only later, the body follows its head.
    if (this.#isSent) this.#body?.begin(this.#cluster);
  }

  /** There is a connection, on which it now goes out. */
  sent(by: Carried | null): void {
    const { record, call } = this.#input;
    record.fate = UNKNOWN;
    record.carried = by;
    if (!this.#isSent && call.body !== null) {
      record.bytesIn += call.body.length;
      this.capture?.write(call.body);
    }
    this.#isSent = true;
    if (this.#cluster !== null) this.#body?.begin(this.#cluster);
  }

  /** Seconds since it was begun. */
  get seconds(): number {
    return (performance.now() - this.#begunAt) / 1000;
  }

  /** The cluster takes more of the body. */
  resumeBody(): void {
    this.#body?.resume();
  }

  /** What still comes of the body goes nowhere. */
  dropBody(): void {
    if (this.#body !== null) this.#input.exchange.dropBody();
  }

  pauseAnswer(): void {
    this.#cluster?.pause();
  }

  resumeAnswer(): void {
    this.#cluster?.resume();
  }

  /** Nothing more comes of it. */
  end(): void {
    this.#cluster = null;
  }

  /** Nothing more of it is heard. */
  giveUp(): void {
    this.#cluster?.abort();
    this.#cluster = null;
  }

  /** Makes it again where a kept connection may have ended at the moment it was used. False: it was made again before, or must not be. */
  tryAgain(error: Error & { code?: string }): boolean {
    const { exchange, call } = this.#input;
    if (this.#isRetry || !mayRetry(exchange.head, call.info, error)) return false;
    this.#isRetry = true;
    this.begin();
    return true;
  }

  /**
   * A plugin's credential can expire before it said: a request without a body, which a 401 did not carry out, is made again with a new one.
   * False: that makes no sense, and was not begun. Rejects where there is none; `isWanted` is asked when there is.
   */
  renewCredential(isWanted: () => boolean): Promise<void> | false {
    const { exchange, call } = this.#input;
    if (this.#isRetry || announcesBody(exchange.head) || !call.upstream.credentialRefused()) return false;
    this.#isRetry = true;
    this.giveUp();
    return this.#beginAnew(isWanted);
  }

  async #beginAnew(isWanted: () => boolean): Promise<void> {
    const { upstream, headers } = this.#input.call;
    const credential = await upstream.authorization();
    // Somebody's group may have that name, too.
    const at = headers.findIndex((text, index) => index % 2 === 0 && text === "Authorization");
    if (at !== -1 && credential !== null) headers[at + 1] = credential;
    if (isWanted()) this.begin();
  }
}
