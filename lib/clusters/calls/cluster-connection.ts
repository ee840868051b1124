import type { Duplex } from "node:stream";
import { NO_SLOT, type Slotted } from "../../slot-set.ts";
import type { ByteReader } from "../transports/byte-reader.ts";
import { AnswerReader } from "./answer-reader.ts";
import { callError } from "./call-errors.ts";
import type { CallLine, OngoingCall } from "./ongoing-call.ts";

/** Who keeps connections. */
export interface ConnectionKeeper {
  /** What a request's Host says. */
  readonly host: string;
  /** It may be used again. */
  keep(connection: ClusterConnection): void;
  /** It is gone. */
  forget(connection: ClusterConnection): void;
}

/** Opens a connection whose bytes go to a reader. */
export type OpenConnection = (reader: ByteReader, signal: AbortSignal) => Promise<Duplex>;

/** One connection to an API server: one call at a time, and between them nothing that anybody could take for an answer. */
export class ClusterConnection implements CallLine, ByteReader, Slotted {
  slot = NO_SLOT;
  /** By `performance.now()`. */
  idleSince = 0;
  /** Which of the gateway's certificates it was opened with. */
  readonly certificate: number;
  readonly #keeper: ConnectionKeeper;
  readonly #answer = new AnswerReader();
  #dialling: AbortController | null = null;
  #stream: Duplex | null = null;
  #call: OngoingCall | null = null;
  #isGone = false;
  #isPaused = false;

  constructor(keeper: ConnectionKeeper, certificate: number) {
    this.#keeper = keeper;
    this.certificate = certificate;
  }

  /** Opens it for a call, which goes out on it then. */
  async open(connect: OpenConnection, call: OngoingCall): Promise<void> {
    this.#call = call;
    call.awaitLine(this);
    this.#dialling = new AbortController();
    try {
      const stream = await connect(this, this.#dialling.signal);
      this.#dialling = null;
      if (this.#isGone) stream.destroy();
      else this.#attach(stream);
    } catch (error) {
      this.#call = null;
      this.destroy();
      call.notConnected(error as Error);
      return;
    }
    if (!this.#isGone) this.#begin(call);
  }

  #attach(stream: Duplex): void {
    this.#stream = stream;
    stream
      .on("error", this.#onError)
      .on("close", this.#onClose)
      .on("end", this.#onEnd)
      .on("drain", this.#onDrain);
    stream.resume();
  }

  /** False: it turns out to be closed. */
  get isUsable(): boolean {
    return !this.#isGone && this.#stream!.writable;
  }

  send(call: OngoingCall): void {
    this.#call = call;
    this.#begin(call);
  }

  #begin(call: OngoingCall): void {
    this.#answer.begin(call.request.method);
    call.send(this, this.#keeper.host);
  }

  write(bytes: Buffer | string): boolean {
    // TLS keeps a copy of its own of every string, outside of the heap: it costs more than this one.
    return this.#stream!.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  pause(): void {
    this.#isPaused = true;
    this.#stream!.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#stream!.resume();
  }

  onBytes(bytes: Buffer): void {
    const call = this.#call;
    const answer = this.#answer;
    if (call !== null && answer.isEnded) {
      // Its end is still to be told.
      answer.hasMore = true;
      return;
    }
    if (call === null || this.#stream === null) {
      // What nobody asked for could only be taken for the next call's answer.
      this.#fail(callError("ERR_ANSWER_INVALID", "the API server spoke before it was asked"));
      return;
    }
    try {
      answer.read(bytes);
    } catch (error) {
      this.#fail(error as Error);
      return;
    }
    call.take(answer);
  }

  release(): void {
    const call = this.#call!;
    const answer = this.#answer;
    const stream = this.#stream!;
    this.#call = null;
    const isClean = answer.keepsConnection && !answer.hasMore && call.isWhole && !stream.writableNeedDrain;
    if (!isClean || !this.isUsable) {
      this.destroy();
      return;
    }
    if (this.#isPaused) this.resume();
    this.#keeper.keep(this);
  }

  /** Ends what is under way with an error. */
  cut(error: Error): void {
    this.#fail(error);
  }

  /** Ends a call that waits for its answer for too long. */
  endIfLate(now: number): void {
    if (this.#call?.isLate(now) === true)
      this.#fail(callError("ERR_ANSWER_TIMEOUT", "the API server did not begin its answer in time"));
  }

  destroy(): void {
    this.#call = null;
    if (this.#isGone) return;
    this.#isGone = true;
    this.#keeper.forget(this);
    if (this.#stream !== null) this.#stream.destroy();
    else this.#dialling?.abort(givenUp());
  }

  #fail(error: Error): void {
    const call = this.#call;
    this.destroy();
    call?.fail(error);
  }

  readonly #onDrain = (): void => this.#call?.drained();

  readonly #onEnd = (): void => {
    const call = this.#call;
    if (call !== null && !this.#answer.isEnded && this.#answer.close()) call.take(this.#answer);
    else this.#onClose();
  };

  readonly #onError = (error: Error): void => {
    // What came whole is told, whatever becomes of the connection.
    if (this.#call !== null && this.#answer.isEnded) this.#answer.keepsConnection = false;
    else this.#fail(error);
  };

  readonly #onClose = (): void => {
    const error = this.#call?.isAnswered
      ? callError(
          "ERR_ANSWER_INCOMPLETE",
          "the API server closed the connection before the end of its answer",
        )
      : callError("ECONNRESET", "the API server closed the connection before it answered");
    this.#onError(error);
  };
}

const givenUp = () => callError("ECONNABORTED", "nobody wants the connection any more");
