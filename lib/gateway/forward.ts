import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { BodyCapture } from "../audit/redaction/body-capture.ts";
import { log } from "../log.ts";
import type { ForwardableCall } from "./call.ts";
import type { CallOutcome, CallRecord } from "./call-record.ts";
import { CreatedNameReader, namesObjectInBody } from "./created-name.ts";
import {
  announcesBody,
  captureBody,
  dispatchOptions,
  expectsContinue,
  mayRetry,
} from "./dispatch-request.ts";
import type { Gateway } from "./gateway.ts";
import { endReasonMessage, liveCallOf } from "./live-call-of.ts";
import type { EndReason, LiveCall } from "./live-calls.ts";
import { notRecorded, recordOutcome, recordStart } from "./record.ts";
import type { Refusal } from "./refusal.ts";
import { isLongRunning, isMutation } from "./request-info.ts";
import { ResponseRelease } from "./response-release.ts";
import { StatusMessageReader } from "./status-message.ts";
import { streamMessages } from "./stream-messages.ts";
import { contentLengthOf, releasableHeaders, textOfHeader, trailersOf } from "./upstream-headers.ts";
import { brokenUpstream, isRefusedCredential, refuseAnswer } from "./upstream-refusals.ts";

/** Subresources whose readers wait for each piece as it comes. */
const STREAMED_SUBRESOURCES: ReadonlySet<string> = new Set(["log", "proxy"]);

export interface ForwardInput {
  gateway: Gateway;
  record: CallRecord;
  request: IncomingMessage;
  response: ServerResponse;
  call: ForwardableCall;
  /** Aborted, with a {@link Refusal}, when the client's body turns out to be no HTTP before anything was answered. */
  broken: AbortSignal;
}

/**
 * Takes an ordinary call to its cluster: streams both ways with back-pressure, ends the upstream call when the client leaves,
 * and releases the end of the answer once the call is on the record. Yields a refusal where nothing was answered yet.
 */
export function forwardCall(input: ForwardInput): Promise<Refusal | null> {
  return new Promise((resolve) => new ForwardedCall(input, resolve).start());
}

class ForwardedCall implements Dispatcher.DispatchHandler {
  readonly #input: ForwardInput;
  readonly #resolve: (refusal: Refusal | null) => void;
  readonly #longRunning: boolean;
  readonly #live: LiveCall;
  #controller: Dispatcher.DispatchController | null = null;
  #capture: BodyCapture | null = null;
  #release: ResponseRelease | null = null;
  #statusReader: StatusMessageReader | null = null;
  #createdName: CreatedNameReader | null = null;
  #statusCode: number | null = null;
  /** The start row of a long-running call has been written. */
  #started = false;
  /** The outcome is known; whatever happens from here on changes nothing. */
  #settled = false;
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
    const { request, response, call } = this.#input;
    this.#capture = captureBody(request, call.info);
    if (call.body === null && expectsContinue(request)) response.writeContinue();
    this.#dispatchedAt = performance.now();
    call.upstream.dispatcher.dispatch(dispatchOptions(request, call, this.#longRunning), this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error("the call is over"));
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
    if (statusCode < 200 || this.#settled) return;
    const { call, gateway, request, response } = this.#input;
    const { info } = call;
    gateway.metrics.observeUpstream((performance.now() - this.#dispatchedAt) / 1000);
    if (isRefusedCredential(statusCode, info) && this.#renewCredential(controller)) return;
    const refusal = refuseAnswer(statusCode, info, call.upstream);
    if (refusal !== null) {
      this.#refuse(refusal, controller);
      return;
    }
    this.#statusCode = statusCode;
    const released = releasableHeaders((controller.rawHeaders ?? []) as (Buffer | string)[]);
    // The rest of a body that the cluster did not wait for would be read as the next request.
    if (!request.complete) released.push("Connection", "close");
    const streamed = this.#longRunning || STREAMED_SUBRESOURCES.has(info.subresource);
    this.#release = new ResponseRelease(
      response,
      { statusCode, statusMessage, headers: released, contentLength: contentLengthOf(headers) },
      { holdsLatest: !streamed },
    );
    const contentType = textOfHeader(headers["content-type"]);
    const contentEncoding = textOfHeader(headers["content-encoding"]);
    this.#createdName = CreatedNameReader.of(info, { statusCode, contentType, contentEncoding });
    if (statusCode >= 400) {
      this.#statusReader = new StatusMessageReader(contentType, contentEncoding);
    } else if (this.#longRunning) {
      controller.pause();
      this.#started = true;
      void this.#recordStart(controller, statusCode);
    } else if (streamed) {
      this.#release.flushHead();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled || this.#release === null) return;
    this.#input.record.bytesOut += chunk.length;
    this.#statusReader?.write(chunk);
    this.#createdName?.write(chunk);
    if (!this.#release.write(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const statusCode = this.#statusCode;
    const release = this.#release;
    if (this.#settled || statusCode === null || release === null) return;
    const failed = statusCode >= 400;
    const message = this.#statusReader?.message() ?? (this.#started ? this.#messages().end : null);
    const trailers = trailersOf(controller.rawTrailers);
    const outcome = { message, httpStatus: statusCode };
    this.#settleAndFinish({ result: failed ? "failure" : "success", ...outcome }, release, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    // No controller: it never got a connection. Another one: an attempt that was given up.
    if (this.#settled || (controller && controller !== this.#controller)) return;
    const { record, response } = this.#input;
    const { request, call } = this.#input;
    if (!this.#retried && this.#statusCode === null && mayRetry(request, call.info, error)) {
      this.#retried = true;
      this.#dispatch();
      return;
    }
    if (response.destroyed) {
      this.#onClientClose();
      return;
    }
    log.warn(
      { err: error, callId: record.callId, cluster: record.cluster.name },
      "a call to a cluster broke off",
    );
    if (this.#release?.headSent !== true && !this.#started) {
      this.#refuse(brokenUpstream(error), null);
      return;
    }
    const outcome = { message: "The cluster broke the answer off.", httpStatus: this.#statusCode };
    this.#settleAndDestroy({ result: "failure", ...outcome });
  }

  /** A plugin's credential can expire before it said: a request without a body, which a 401 did not carry out, is made again with a new one. */
  #renewCredential(controller: Dispatcher.DispatchController): boolean {
    const { request, call } = this.#input;
    if (this.#retried || announcesBody(request) || !call.upstream.credentialRefused()) return false;
    this.#retried = true;
    this.#controller = null;
    controller.abort(new Error("the cluster refused the credential"));
    call.upstream.authorization().then(
      (credential) => {
        const at = call.headers.lastIndexOf("Authorization");
        if (at !== -1 && credential !== null) call.headers[at + 1] = credential;
        if (!this.#settled) this.#dispatch();
      },
      (error: Error) => this.#refuse(brokenUpstream(error), null),
    );
    return true;
  }

  readonly #onClientClose = (): void => {
    if (this.#settled) return;
    const followed = this.#started;
    this.#settleAndDestroy({
      result: followed ? "success" : "failure",
      message: followed ? this.#messages().end : "The client left before the answer was complete.",
      httpStatus: this.#statusCode,
    });
    this.#controller?.abort(new Error("the client left"));
  };

  readonly #onBrokenBody = (): void => {
    if (!this.#settled) this.#refuse(this.#input.broken.reason as Refusal, this.#controller);
  };

  readonly #onClientDrain = (): void => {
    this.#controller?.resume();
  };

  #endByGateway(reason: EndReason): void {
    if (this.#settled || this.#isChangeUnderWay()) return;
    const message = endReasonMessage(this.#started ? this.#messages().end : "The call was ended", reason);
    const outcome: Omit<CallOutcome, "stage"> = {
      result: reason === "draining" ? "success" : "failure",
      message,
      httpStatus: this.#statusCode,
    };
    // A watch that ends properly is taken up again by its client, at another replica; one that lost its access is cut.
    if (reason === "draining" && this.#started && this.#release !== null) {
      this.#settleAndFinish(outcome, this.#release, []);
    } else this.#settleAndDestroy(outcome);
    this.#controller?.abort(new Error(`the gateway ended the call: ${reason}`));
  }

  /**
   * A change that the cluster has whole is not broken off: it was allowed when it was asked for. One whose body still comes has
   * not been made, and what passes through a proxy may go on for ever.
   */
  #isChangeUnderWay(): boolean {
    const { call, request } = this.#input;
    return isMutation(call.info) && request.complete && call.info.subresource !== "proxy";
  }

  async #recordStart(controller: Dispatcher.DispatchController, statusCode: number): Promise<void> {
    const { gateway, record, call } = this.#input;
    const outcome = { message: this.#messages().start, httpStatus: statusCode };
    try {
      await recordStart(gateway, { record, info: call.info }, outcome);
    } catch (error) {
      if (this.#settled) return;
      this.#settled = true;
      controller.abort(new Error("the call could not be recorded"));
      this.#failClosed(error);
      return;
    }
    if (this.#settled) return;
    this.#release?.flushHead();
    controller.resume();
  }

  /** Fixes the outcome and writes the closing row. */
  #settle(outcome: Omit<CallOutcome, "stage">): Promise<void> {
    this.#settled = true;
    this.#leave();
    const { gateway, record } = this.#input;
    this.#noteBody();
    return recordOutcome(gateway, record, { stage: this.#started ? "end" : "complete", ...outcome });
  }

  /** What the body tells: itself, and the name that the path of a create lacks. The cluster gives one where `generateName` asks for it. */
  #noteBody(): void {
    const { record, call } = this.#input;
    if (this.#capture === null) return;
    record.body = this.#capture.finish() ?? record.body;
    record.dryRunInBody = this.#capture.dryRun();
    if (!namesObjectInBody(call.info)) return;
    record.objectName = this.#capture.objectName() ?? this.#createdName?.name() ?? null;
  }

  #settleAndFinish(outcome: Omit<CallOutcome, "stage">, release: ResponseRelease, trailers: string[]): void {
    this.#settle(outcome)
      .then(() => {
        if (!this.#input.response.destroyed) release.finish(trailers);
        this.#resolve(null);
      })
      .catch((error: unknown) => this.#failClosed(error));
  }

  #settleAndDestroy(outcome: Omit<CallOutcome, "stage">): void {
    this.#settle(outcome).then(
      () => {
        this.#input.response.destroy();
        this.#resolve(null);
      },
      (error: unknown) => this.#failClosed(error),
    );
  }

  /** Leaves the answer to the handler, which records it. */
  #refuse(refusal: Refusal, controller: Dispatcher.DispatchController | null): void {
    this.#settled = true;
    this.#leave();
    this.#noteBody();
    controller?.abort(new Error("the answer is not passed on"));
    this.#resolve(refusal);
  }

  /** The call went through but is not on the record: the client must not take it for done. */
  #failClosed(error: unknown): void {
    const { record, response } = this.#input;
    log.error({ err: error, callId: record.callId }, "a call could not be recorded");
    this.#leave();
    if (response.destroyed || this.#release?.headSent === true) {
      response.destroy();
      this.#resolve(null);
      return;
    }
    this.#resolve(notRecorded());
  }

  #leave(): void {
    const { gateway, response, broken } = this.#input;
    gateway.liveCalls.remove(this.#live);
    broken.removeEventListener("abort", this.#onBrokenBody);
    response.off("close", this.#onClientClose);
    response.off("drain", this.#onClientDrain);
  }

  #messages(): { start: string; end: string } {
    return streamMessages(this.#input.call.info);
  }
}
