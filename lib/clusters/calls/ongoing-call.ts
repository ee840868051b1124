import type { ReadResponseHead } from "../../wire/http1/response-head.ts";
import type { Carried } from "../transports/transport.ts";
import { AnswerHead } from "./answer-head.ts";
import type { AnswerReader } from "./answer-reader.ts";
import type { ClusterCall, ClusterCallHandler, ClusterRequest } from "./cluster-call.ts";
import { BodyFraming, headOf, joined, mayJoin } from "./request-body.ts";

/** The connection that a call goes by. */
export interface CallLine {
  write(bytes: Buffer | string): boolean;
  pause(): void;
  resume(): void;
  /** Gives it up: nothing more is told of it. */
  destroy(): void;
  /** The call on it is over. */
  release(): void;
}

/** Who carries a call, where several can. */
export interface Carriage {
  by: Carried;
  /** Tries another one, since this one gave no connection. False: there is none to try. */
  next(error: Error): boolean;
  ended(): void;
}

/** A call on its way: what its handler does with it, and what its connection tells of it. */
export class OngoingCall implements ClusterCall {
  readonly request: ClusterRequest;
  carriage: Carriage | null = null;
  isOver = false;
  isPaused = false;
  /** The head of its answer has come. */
  isAnswered = false;
  /** When something of it went out last, by `performance.now()`. */
  sentAt = 0;
  readonly #handler: ClusterCallHandler;
  readonly #body: BodyFraming | null;
  #line: CallLine | null = null;
  #isSent = false;
  /** The head, while it waits for the beginning of the body. */
  #head: string | null = null;
  /** What was written before there was a connection. */
  #early: Buffer[] | null = null;
  #needsDrain = false;
  /** What came while nothing was to be told. */
  #untold: Buffer[] | null = null;
  /** Its end, which was not to be told yet. */
  #untoldEnd: readonly string[] | null = null;

  constructor(request: ClusterRequest, handler: ClusterCallHandler) {
    this.request = request;
    this.#handler = handler;
    const { body } = request;
    this.#body = body === "chunked" || typeof body === "number" ? new BodyFraming(body) : null;
  }

  /** All of it has been handed to the connection. */
  get isWhole(): boolean {
    return this.#body === null || this.#body.isEnded;
  }

  /** Nothing comes of its answer though the API server has all that there is to have. */
  isLate(now: number): boolean {
    const limit = this.request.headTimeoutMs;
    if (limit === 0 || this.isAnswered || !this.#isSent) return false;
    return (this.isWhole || this.#needsDrain) && now - this.sentAt > limit;
  }

  /** It is to go by this connection, once that is open. */
  awaitLine(line: CallLine): void {
    this.#line = line;
  }

  /** Goes out on a connection that is open; who goes by it is told first. */
  send(line: CallLine, host: string): void {
    this.#line = line;
    let head: string;
    try {
      head = headOf(this.request, host);
    } catch (error) {
      this.#giveUp(error as Error);
      return;
    }
    this.#handler.onSent(this.carriage?.by ?? null);
    if (this.isOver) return;
    this.#isSent = true;
    this.sentAt = performance.now();
    if (this.isPaused) line.pause();
    const { body } = this.request;
    if (body === null || (Buffer.isBuffer(body) && body.length === 0)) {
      line.write(head);
      return;
    }
    this.#head = head;
    if (Buffer.isBuffer(body)) this.#put(body);
    else this.#sendBeginning();
  }

  /** The beginning of a body is often there already, or comes in this turn: it goes out with the head. */
  #sendBeginning(): void {
    const early = this.#early;
    this.#early = null;
    if (early === null) {
      process.nextTick(putHead, this);
      return;
    }
    // Who wrote it waits to hear that it has gone out.
    if (this.#put(early.length === 1 ? early[0]! : Buffer.concat(early))) process.nextTick(tellDrained, this);
  }

  putHead(): void {
    const head = this.#head;
    this.#head = null;
    if (head !== null && !this.isOver) this.#line!.write(head);
  }

  write(chunk: Buffer): boolean {
    if (this.isOver) return true;
    return this.#framed((body) => body.write(chunk));
  }

  end(): void {
    if (!this.isOver) this.#framed((body) => body.end());
  }

  #framed(frame: (body: BodyFraming) => Buffer | null): boolean {
    let bytes: Buffer | null;
    try {
      bytes = frame(this.#body!);
    } catch (error) {
      this.#giveUp(error as Error);
      return true;
    }
    if (bytes === null) return !this.#needsDrain;
    if (!this.#isSent) {
      this.#early ??= [];
      this.#early.push(bytes);
      this.#needsDrain = true;
      return false;
    }
    return this.#put(bytes);
  }

  #put(bytes: Buffer): boolean {
    const head = this.#head;
    this.#head = null;
    this.sentAt = performance.now();
    let isTaken: boolean;
    if (head === null) isTaken = this.#line!.write(bytes);
    else if (mayJoin(bytes)) isTaken = this.#line!.write(joined(head, bytes));
    else {
      this.#line!.write(head);
      isTaken = this.#line!.write(bytes);
    }
    if (!isTaken) this.#needsDrain = true;
    return isTaken;
  }

  pause(): void {
    if (this.isOver || this.isPaused) return;
    this.isPaused = true;
    if (this.#isSent) this.#line!.pause();
  }

  resume(): void {
    if (this.isOver || !this.isPaused) return;
    this.isPaused = false;
    if (this.#untold !== null || this.#untoldEnd !== null) process.nextTick(tellUntold, this);
    else if (this.#isSent) this.#line!.resume();
  }

  abort(): void {
    if (this.isOver) return;
    this.#finish();
    this.#line?.destroy();
  }

  /** What was written has gone out. */
  drained(): void {
    this.sentAt = performance.now();
    if (this.isOver || !this.#needsDrain) return;
    this.#needsDrain = false;
    this.#handler.onDrain();
  }

  /** Tells what a piece of the answer held. Afterwards nothing of it is kept in the reader. */
  take(answer: AnswerReader): void {
    const { head, content } = answer;
    answer.head = null;
    answer.content = null;
    if (head !== null) this.#tellHead(head);
    if (this.isOver) return;
    if (content !== null) this.#tellContent(content);
    if (this.isOver || !answer.isEnded) return;
    if (this.isPaused || this.#untold !== null) this.#untoldEnd = answer.trailers;
    else this.#tellEnd(answer.trailers);
  }

  #tellHead(head: ReadResponseHead): void {
    this.isAnswered = true;
    this.#handler.onHead(new AnswerHead(head));
  }

  #tellContent(content: Buffer): void {
    if (this.isPaused || this.#untold !== null) {
      this.#untold ??= [];
      this.#untold.push(content);
    } else if (!this.#handler.onData(content)) this.pause();
  }

  tellUntold(): void {
    const untold = this.#untold;
    while (untold !== null && untold.length > 0) {
      if (this.isOver || this.isPaused) return;
      if (!this.#handler.onData(untold.shift()!)) this.pause();
    }
    this.#untold = null;
    if (this.isOver || this.isPaused) return;
    if (this.#untoldEnd !== null) this.#tellEnd(this.#untoldEnd);
    else this.#line!.resume();
  }

  /** The connection is free before the end is told: the next call can go by it. */
  #tellEnd(trailers: readonly string[]): void {
    const line = this.#line!;
    this.#finish();
    line.release();
    this.#handler.onEnd(trailers);
  }

  /** There is no connection for it. */
  notConnected(error: Error): void {
    if (this.isOver) return;
    const { carriage } = this;
    this.#line = null;
    carriage?.ended();
    this.carriage = null;
    if (carriage?.next(error) === true) return;
    this.isOver = true;
    this.#handler.onError(error);
  }

  /** Its connection has failed. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.#finish();
    this.#handler.onError(error);
  }

  /** It is not as it said that it would be. */
  #giveUp(error: Error): void {
    const line = this.#line;
    this.#finish();
    line?.destroy();
    process.nextTick(tellError, this.#handler, error);
  }

  #finish(): void {
    this.isOver = true;
    this.#head = null;
    this.#early = null;
    this.#untold = null;
    this.carriage?.ended();
  }
}

// For process.nextTick, without a function for each call.
const putHead = (call: OngoingCall): void => call.putHead();
const tellUntold = (call: OngoingCall): void => call.tellUntold();
const tellDrained = (call: OngoingCall): void => call.drained();
const tellError = (handler: ClusterCallHandler, error: Error): void => handler.onError(error);
