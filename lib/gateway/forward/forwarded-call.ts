import type { Dispatcher } from "undici";
import type { BodyCapture } from "../../audit/redaction/body-capture.ts";
import { log } from "../../log.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { ForwardInput } from "../call/call.ts";
import type { CallOutcome } from "../call/call-record.ts";
import { answered, NOT_SENT, UNKNOWN } from "../call/fate.ts";
import { liveCallOf } from "../call/live-call-of.ts";
import { END_MESSAGES, type EndReason, type LiveCall } from "../call/live-calls.ts";
import { captureBody, noteBody } from "../record/note-body.ts";
import { unrecorded, withoutAnswer } from "../record/outcome-refusals.ts";
import { LATE_RECORD, recordOutcome, recordStart } from "../record/record.ts";
import { announcesBody, expectsContinue } from "../request/announced-body.ts";
import { isLongRunning, isMutation } from "../request/request-info.ts";
import { streamMessages } from "../request/stream-messages.ts";
import {
  brokeOff,
  clientLeft,
  endedByGateway,
  finished,
  type Outcome,
  unrecordedStream,
} from "./call-outcomes.ts";
import { type AnswerHead, ClusterAnswer } from "./cluster-answer.ts";
import { dispatchOptions, mayRetry, replaceCredential } from "./dispatch-request.ts";
import { type ForwardEvent, ForwardMachine } from "./forward-state.ts";
import { proxiedLocation } from "./proxied-location.ts";
import { explainRefusedImpersonation } from "./refused-impersonation.ts";
import { brokenUpstream, isRefusedCredential, refuseAnswer } from "./upstream-refusals.ts";

/** One ordinary call at its cluster: what undici, the client and the gateway tell of it, in their order. */
export class ForwardedCall implements Dispatcher.DispatchHandler {
  readonly #input: ForwardInput;
  readonly #resolve: (refusal: Refusal | null) => void;
  readonly #longRunning: boolean;
  readonly #live: LiveCall;
  readonly #machine = new ForwardMachine();
  #controller: Dispatcher.DispatchController | null = null;
  #capture: BodyCapture | null = null;
  #answer: ClusterAnswer | null = null;
  #retried = false;
  #dispatchedAt = 0;

  constructor(input: ForwardInput, resolve: (refusal: Refusal | null) => void) {
    this.#input = input;
    this.#resolve = resolve;
    const { info, target } = input.call;
    this.#longRunning = isLongRunning(info, target.query);
    this.#live = liveCallOf(input, {
      longRunning: this.#longRunning,
      end: (reason) => this.#endByGateway(reason),
    });
  }

  start(): void {
    const { gateway, response, broken } = this.#input;
    gateway.liveCalls.add(this.#live);
    broken.addEventListener("abort", this.#onBrokenBody);
    response.on("close", this.#onClientClose);
    response.on("drain", this.#onClientDrain);
    if (response.destroyed) this.#onClientClose();
    else if (broken.aborted) this.#onBrokenBody();
    else this.#dispatch();
  }

  #dispatch(): void {
    const { gateway, record, request, response, call } = this.#input;
    record.fate = NOT_SENT;
    this.#capture = captureBody(request, call.info, gateway.redactor);
    if (call.body === null && expectsContinue(request)) response.writeContinue();
    this.#dispatchedAt = performance.now();
    call.upstream.dispatcher.dispatch(dispatchOptions(request, call, this.#longRunning), this);
  }

  /** There is a connection, on which the request now goes out. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#machine.isOpen) this.#input.record.fate = UNKNOWN;
    else controller.abort(new Error("the call is over"));
  }

  onBodySent(chunk: Buffer): void {
    this.#input.record.bytesIn += chunk.length;
    this.#capture?.write(chunk);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
    statusMessage?: string,
  ): void {
    if (statusCode < 200 || !this.#machine.isOpen) return;
    const { call, gateway, record } = this.#input;
    gateway.metrics.observeUpstream((performance.now() - this.#dispatchedAt) / 1000);
    record.fate = answered(statusCode);
    if (isRefusedCredential(statusCode, call.info) && this.#renewCredential(controller)) return;
    const location = proxiedLocation(headers.location, call);
    const refusal = refuseAnswer(statusCode, call.info, call.upstream, { mayRedirect: location !== null });
    if (refusal === null) this.#beginAnswer({ controller, statusCode, headers, statusMessage, location });
    else this.#answerInstead(refusal, controller);
  }

  #beginAnswer(head: AnswerHead): void {
    const { request, response, call } = this.#input;
    const longRunning = this.#longRunning;
    const answer = new ClusterAnswer(head, { request, response, info: call.info, longRunning });
    this.#answer = answer;
    if (longRunning && !answer.failed) {
      this.#machine.take("stream-began");
      head.controller.pause();
      void this.#recordStart(head.controller, answer);
    } else {
      this.#machine.take("answer-began");
      if (!answer.failed) answer.begin();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#machine.isOpen || this.#answer === null) return;
    this.#input.record.bytesOut += chunk.length;
    if (!this.#answer.write(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const answer = this.#answer;
    if (answer === null) return;
    const explained = this.#explain(answer);
    if (explained !== null) {
      this.#answerInstead(explained, null);
      return;
    }
    const finish = (warning: string | null) => answer.finish(controller.rawTrailers, warning);
    this.#close("cluster-finished", finished(this.#told(), answer), finish);
  }

  /** A refusal of the cluster's that is about the gateway's account, while nothing of it has gone out. */
  #explain(answer: ClusterAnswer): Refusal | null {
    if (answer.statusCode !== 403 || !this.#mayStillAnswer()) return null;
    return explainRefusedImpersonation(answer.failureMessage() ?? "", this.#input.call);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    // No controller: it never got a connection. Another one: an attempt that was given up.
    if (!this.#machine.isOpen || (controller && controller !== this.#controller)) return;
    const { record, request, response, call } = this.#input;
    if (!this.#retried && this.#answer === null && mayRetry(request, call.info, error)) {
      this.#retried = true;
      this.#dispatch();
      return;
    }
    if (response.destroyed) {
      this.#onClientClose();
      return;
    }
    log.warn({ err: error, ...record.logged }, "a call to a cluster broke off");
    if (this.#mayStillAnswer()) this.#answerInstead(brokenUpstream(error, record), null);
    else this.#close("cluster-broke", brokeOff(this.#told()), this.#cutOff);
  }

  /** A plugin's credential can expire before it said: a request without a body, which a 401 did not carry out, is made again with a new one. */
  #renewCredential(controller: Dispatcher.DispatchController): boolean {
    const { record, request, call } = this.#input;
    if (this.#retried || announcesBody(request) || !call.upstream.credentialRefused()) return false;
    this.#retried = true;
    this.#controller = null;
    controller.abort(new Error("the cluster refused the credential"));
    replaceCredential(call).then(
      () => this.#machine.isOpen && this.#dispatch(),
      (error: Error) => this.#answerInstead(brokenUpstream(error, record), null),
    );
    return true;
  }

  readonly #onClientClose = (): void => {
    if (this.#close("client-left", clientLeft(this.#told()), this.#cutOff))
      this.#controller?.abort(new Error("the client left"));
  };

  readonly #onBrokenBody = (): void => {
    this.#answerInstead(this.#input.broken.reason as Refusal, this.#controller);
  };

  readonly #onClientDrain = (): void => {
    this.#controller?.resume();
  };

  #endByGateway(reason: EndReason): void {
    const { record } = this.#input;
    // A change that the cluster has whole is not broken off: it was allowed when it was asked for. A shutdown waited for it already.
    if (this.#isChangeUnderWay()) {
      if (reason !== "draining") return;
      if (this.#mayStillAnswer()) {
        this.#answerInstead(withoutAnswer(record, END_MESSAGES.draining), this.#controller);
        return;
      }
    }
    const answer = this.#answer;
    // A watch that ends properly is taken up again by its client, at another replica; one that lost its access is cut.
    const inGoodOrder = reason === "draining" && this.#machine.hasStartRow && answer !== null;
    const release = inGoodOrder ? () => answer.finish([], null) : this.#cutOff;
    if (this.#close("gateway-ended", endedByGateway(this.#told(), reason), release))
      this.#controller?.abort(new Error(`the gateway ended the call: ${reason}`));
  }

  /** One whose body still comes has not been made, and what passes through a proxy may go on for ever. */
  #isChangeUnderWay(): boolean {
    const { call, request } = this.#input;
    return isMutation(call.info) && request.complete && call.info.subresource !== "proxy";
  }

  async #recordStart(controller: Dispatcher.DispatchController, answer: ClusterAnswer): Promise<void> {
    const { gateway, record, call } = this.#input;
    const { info } = call;
    try {
      const message = streamMessages(info).start;
      await recordStart(gateway, { record, info }, { message, httpStatus: answer.statusCode });
    } catch (error) {
      if (!this.#machine.take("start-unrecorded")) return;
      controller.abort(new Error("the call could not be recorded"));
      this.#stopListening();
      // The journal keeps the start for as long as the disk takes nothing; it is to keep the end beside it.
      recordOutcome(gateway, record, { stage: "end", ...unrecordedStream(answer) }).catch(() => undefined);
      this.#tellUnrecorded(error);
      return;
    }
    if (!this.#machine.take("start-recorded")) return;
    answer.begin();
    controller.resume();
  }

  /** Fixes the outcome, writes its row, then lets go of the client. False: the outcome was known already. */
  #close(event: ForwardEvent, outcome: Outcome, release: (warning: string | null) => void): boolean {
    const stage: CallOutcome["stage"] = this.#machine.hasStartRow ? "end" : "complete";
    if (!this.#machine.take(event)) return false;
    const { gateway, record, response } = this.#input;
    this.#stopListening();
    noteBody(this.#input, this.#capture, this.#answer);
    recordOutcome(gateway, record, { stage, ...outcome })
      .then((recorded) => {
        this.#machine.take("recorded");
        if (!response.destroyed) release(recorded === "late" ? LATE_RECORD : null);
        this.#resolve(null);
      })
      .catch((error: unknown) => {
        this.#machine.take("unrecorded");
        this.#tellUnrecorded(error);
      });
    return true;
  }

  /** Leaves the answer to the handler, which records it. */
  #answerInstead(refusal: Refusal, controller: Dispatcher.DispatchController | null): void {
    if (!this.#machine.take("answered-instead")) return;
    this.#stopListening();
    noteBody(this.#input, this.#capture, this.#answer);
    // Of the cluster's answer nothing goes out.
    this.#input.record.bytesOut = 0;
    controller?.abort(new Error("the answer is not passed on"));
    this.#resolve(refusal);
  }

  #mayStillAnswer(): boolean {
    return !this.#machine.hasStartRow && this.#answer?.headSent !== true;
  }

  /** The cluster's answer is not passed on: the client must not take the call for done and on the record. */
  #tellUnrecorded(error: unknown): void {
    const { record, response, answer } = this.#input;
    log.error({ err: error, callId: record.callId }, "a call could not be recorded");
    if (response.destroyed || this.#answer?.headSent === true) response.destroy();
    else answer(unrecorded(record));
    this.#resolve(null);
  }

  readonly #cutOff = (): void => {
    this.#input.response.destroy();
  };

  #stopListening(): void {
    const { gateway, response, broken } = this.#input;
    gateway.liveCalls.remove(this.#live);
    broken.removeEventListener("abort", this.#onBrokenBody);
    response.off("close", this.#onClientClose);
    response.off("drain", this.#onClientDrain);
  }

  #told() {
    const { call, record, request } = this.#input;
    const { fate } = record;
    return { info: call.info, fate, sentWhole: request.complete, hasStartRow: this.#machine.hasStartRow };
  }
}
