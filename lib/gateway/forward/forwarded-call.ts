import type { Recorded } from "../../audit/pipeline/recorder.ts";
import type { ClusterAnswerHead } from "../../clusters/calls/cluster-call.ts";
import type { Carried } from "../../clusters/transports/transport.ts";
import { log } from "../../log.ts";
import type { ClientListener } from "../answer/client-response.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { ForwardInput, ForwardListener } from "../call/call.ts";
import type { CallOutcome } from "../call/call-record.ts";
import { answered } from "../call/fate.ts";
import { liveCallOf } from "../call/live-call-of.ts";
import { END_MESSAGES, type EndReason, type HeldCall } from "../call/live-calls.ts";
import { noteBody } from "../record/note-body.ts";
import { unrecorded, withoutAnswer } from "../record/outcome-refusals.ts";
import { LATE_RECORD, recordOutcome, recordStart } from "../record/record.ts";
import { isLongRunning } from "../request/request-info.ts";
import { streamMessages } from "../request/stream-messages.ts";
import {
  brokeOff,
  clientLeft,
  endedByGateway,
  finished,
  isChangeUnderWay,
  type Outcome,
  unrecordedStream,
} from "./call-outcomes.ts";
import { ClusterAnswer } from "./cluster-answer.ts";
import { type ForwardEvent, ForwardMachine } from "./forward-state.ts";
import { ForwardedRequest, type ForwardedRequestHandler } from "./forwarded-request.ts";
import { proxiedLocation } from "./proxied-location.ts";
import { explainRefusedImpersonation } from "./refused-impersonation.ts";
import { brokenUpstream, isRefusedCredential, loggedFailure, refuseAnswer } from "./upstream-refusals.ts";

const NO_TRAILERS: readonly string[] = [];

/** One ordinary call at its cluster: what the cluster, the client and the gateway tell of it, in their order. */
export class ForwardedCall implements ForwardedRequestHandler, ClientListener {
  readonly #input: ForwardInput;
  readonly #listener: ForwardListener;
  readonly #longRunning: boolean;
  /** Among the calls under way. */
  #held: HeldCall | null = null;
  readonly #machine = new ForwardMachine();
  readonly #request: ForwardedRequest;
  #answer: ClusterAnswer | null = null;

  constructor(input: ForwardInput, listener: ForwardListener) {
    this.#input = input;
    this.#listener = listener;
    const { info, target } = input.call;
    this.#longRunning = isLongRunning(info, target.query);
    this.#request = new ForwardedRequest(input, this, this.#longRunning);
  }

  start(): void {
    const { gateway, exchange } = this.#input;
    const end = (reason: EndReason) => this.#endByGateway(reason);
    this.#held = gateway.liveCalls.add(liveCallOf(this.#input, { longRunning: this.#longRunning, end }));
    exchange.listen(this);
    try {
      if (exchange.isClosed) this.onClientClose();
      else if (exchange.broken !== null) this.#answerInstead(exchange.broken);
      else this.#request.begin();
    } catch (error) {
      this.#fail(error);
    }
  }

  onSent(by: Carried | null): void {
    this.#request.sent(by);
  }

  onDrain(): void {
    this.#request.resumeBody();
  }

  onHead(head: ClusterAnswerHead): void {
    if (!this.#machine.isOpen) return;
    try {
      this.#takeHead(head);
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeHead(head: ClusterAnswerHead): void {
    const { call, gateway, record } = this.#input;
    const { statusCode } = head;
    gateway.metrics.observeUpstream(this.#request.seconds);
    record.fate = answered(statusCode);
    if (isRefusedCredential(statusCode, call.info) && this.#renewCredential()) return;
    const location = proxiedLocation(head.rawHeaders, call);
    const refusal = refuseAnswer(statusCode, call.info, call.upstream, { mayRedirect: location !== null });
    if (refusal === null) this.#beginAnswer(head, location);
    else this.#answerInstead(refusal);
  }

  #beginAnswer(head: ClusterAnswerHead, location: string | null): void {
    const { exchange, call } = this.#input;
    const longRunning = this.#longRunning;
    const answer = new ClusterAnswer(head, { exchange, info: call.info, longRunning, location });
    this.#answer = answer;
    if (longRunning && !answer.failed) {
      this.#machine.take("stream-began");
      this.#request.pauseAnswer();
      void this.#recordStart(answer);
    } else {
      this.#machine.take("answer-began");
      if (!answer.failed) answer.begin();
    }
  }

  onData(chunk: Buffer): boolean {
    if (!this.#machine.isOpen || this.#answer === null) return true;
    this.#input.record.bytesOut += chunk.length;
    try {
      return this.#answer.write(chunk);
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  onEnd(trailers: readonly string[]): void {
    const answer = this.#answer;
    this.#request.end();
    if (answer === null) return;
    try {
      const explained = this.#explain(answer);
      if (explained !== null) this.#answerInstead(explained);
      else this.#close("cluster-finished", finished(this.#told(), answer), trailers);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A refusal of the cluster's that is about the gateway's account, while nothing of it has gone out. */
  #explain(answer: ClusterAnswer): Refusal | null {
    if (answer.statusCode !== 403 || !this.#mayStillAnswer()) return null;
    return explainRefusedImpersonation(answer.failureMessage() ?? "", this.#input.call);
  }

  onError(error: Error & { code?: string }): void {
    this.#request.end();
    if (!this.#machine.isOpen) return;
    try {
      if (this.#answer !== null || !this.#request.tryAgain(error)) this.#breakOff(error);
    } catch (defect) {
      this.#fail(defect);
    }
  }

  #breakOff(error: Error): void {
    const { record, exchange } = this.#input;
    if (exchange.isClosed) {
      this.onClientClose();
      return;
    }
    log.warn({ ...loggedFailure(error), ...record.logged }, "a call to a cluster broke off");
    if (this.#mayStillAnswer()) this.#answerInstead(brokenUpstream(error, record));
    else this.#close("cluster-broke", brokeOff(this.#told()), null);
  }

  #renewCredential(): boolean {
    const renewing = this.#request.renewCredential(() => this.#machine.isOpen);
    if (renewing === false) return false;
    renewing.catch((error: Error) => this.#answerInstead(brokenUpstream(error, this.#input.record)));
    return true;
  }

  onClientClose(): void {
    if (this.#close("client-left", clientLeft(this.#told()), null)) this.#request.giveUp();
  }

  onClientDrain(): void {
    this.#request.resumeAnswer();
  }

  onBrokenBody(refusal: Refusal): void {
    if (this.#input.exchange.isClosed || !this.#mayStillAnswer()) this.onClientClose();
    else this.#answerInstead(refusal);
  }

  #endByGateway(reason: EndReason): void {
    // A change that the cluster has whole is not broken off: it was allowed when it was asked for. A shutdown waited for it already.
    if (isChangeUnderWay(this.#told())) {
      if (reason !== "draining") return;
      if (this.#mayStillAnswer()) {
        this.#answerInstead(withoutAnswer(this.#input.record, END_MESSAGES.draining));
        return;
      }
    }
    // A watch that ends properly is taken up again by its client, at another replica; one that lost its access is cut.
    const inGoodOrder = reason === "draining" && this.#machine.hasStartRow && this.#answer !== null;
    const trailers = inGoodOrder ? NO_TRAILERS : null;
    if (this.#close("gateway-ended", endedByGateway(this.#told(), reason), trailers)) this.#request.giveUp();
  }

  async #recordStart(answer: ClusterAnswer): Promise<void> {
    const { gateway, record, call } = this.#input;
    try {
      const message = streamMessages(call.info).start;
      await recordStart(gateway, record, { message, httpStatus: answer.statusCode });
    } catch (error) {
      if (!this.#machine.take("start-unrecorded")) return;
      this.#request.giveUp();
      this.#stopListening();
      // The journal keeps the start for as long as the disk takes nothing; it is to keep the end beside it.
      recordOutcome(gateway, record, { stage: "end", ...unrecordedStream(answer) }, () => undefined);
      this.#tellUnrecorded(error);
      return;
    }
    if (!this.#machine.take("start-recorded")) return;
    answer.begin();
    this.#request.resumeAnswer();
  }

  /** Fixes the outcome, writes its row, then lets go of the client: with the end of the answer, or null: cut off. False: the outcome was known already. */
  #close(event: ForwardEvent, outcome: Outcome, trailers: readonly string[] | null): boolean {
    const stage: CallOutcome["stage"] = this.#machine.hasStartRow ? "end" : "complete";
    if (!this.#machine.take(event)) return false;
    const { gateway, record } = this.#input;
    this.#stopListening();
    try {
      noteBody(this.#input, this.#request.capture, this.#answer);
      recordOutcome(gateway, record, { stage, ...outcome }, (result) => this.#release(result, trailers));
    } catch (error) {
      this.#tellUnrecorded(error);
    }
    return true;
  }

  #release(result: Recorded | Error, trailers: readonly string[] | null): void {
    if (result instanceof Error) {
      this.#tellUnrecorded(result);
      return;
    }
    const { exchange, record } = this.#input;
    this.#machine.take("recorded");
    try {
      if (trailers === null) exchange.destroy();
      else if (!exchange.isClosed) this.#answer!.finish(trailers, result === "late" ? LATE_RECORD : null);
    } catch (error) {
      log.error({ err: error, ...record.logged }, "the end of an answer could not be released");
      exchange.destroy();
    }
    this.#listener.onForwarded(null);
  }

  /** Leaves the answer to the handler, which records it. */
  #answerInstead(refusal: Refusal): void {
    if (!this.#machine.take("answered-instead")) return;
    this.#stopListening();
    noteBody(this.#input, this.#request.capture, this.#answer);
    // Of the cluster's answer nothing goes out.
    this.#input.record.bytesOut = 0;
    this.#request.giveUp();
    this.#listener.onForwarded(refusal);
  }

  /** A defect of the gateway's must end no other call. */
  #fail(error: unknown): void {
    this.#request.giveUp();
    if (this.#machine.take("answered-instead")) {
      this.#stopListening();
      this.#listener.onForwardFailed(error);
      return;
    }
    log.error({ err: error, ...this.#input.record.logged }, "a call failed by a defect of the gateway");
    this.#close("cluster-broke", brokeOff(this.#told()), null);
  }

  #mayStillAnswer(): boolean {
    return !this.#machine.hasStartRow && this.#answer?.headSent !== true;
  }

  /** The cluster's answer is not passed on: the client must not take the call for done and on the record. */
  #tellUnrecorded(error: unknown): void {
    const { record, exchange, client } = this.#input;
    this.#machine.take("unrecorded");
    log.error({ err: error, callId: record.callId }, "a call could not be recorded");
    if (exchange.isClosed || this.#answer?.headSent === true) exchange.destroy();
    else client.answer(unrecorded(record));
    this.#listener.onForwarded(null);
  }

  #stopListening(): void {
    const { gateway, exchange } = this.#input;
    if (this.#held !== null) gateway.liveCalls.remove(this.#held);
    exchange.listen(null);
    this.#request.dropBody();
  }

  #told() {
    const { call, record, exchange } = this.#input;
    const { hasStartRow } = this.#machine;
    return { info: call.info, fate: record.fate, sentWhole: exchange.isComplete, hasStartRow };
  }
}
