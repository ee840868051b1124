import type { TLSSocket } from "node:tls";
import { NO_SLOT, type Slotted } from "../../slot-set.ts";
import { HeadCollector } from "../../wire/http1/head-collector.ts";
import { HeadError } from "../../wire/http1/head-error.ts";
import { type ReadRequestHead, readRequestHead } from "../../wire/http1/request-head.ts";
import { endConnection } from "../answer/end-connection.ts";
import { FrontExchange } from "./front-exchange.ts";

/** The largest head that is read here; longer ones are node:http's. */
const MAX_HEAD_BYTES = 65_536;
/** What a client may send ahead of an answer before it has to wait, in bytes and in pieces. */
const MAX_AHEAD_BYTES = 16_384;
const MAX_AHEAD_PIECES = 32;

/** Of the server that a connection came to, what the connection needs. */
export interface ConnectionServer {
  /** It takes no more connections. */
  readonly isClosing: boolean;
  /** Milliseconds, as of the latest sweep. */
  readonly now: number;
  /** From one sweep to the next. */
  readonly sweepMs: number;
  /** For how long a connection is kept without a request. */
  readonly keepAliveTimeout: number;
  /** The same as a client is told of it. */
  readonly keepAliveField: string;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Whether a request is one that the gateway takes here. */
  takes(head: ReadRequestHead): boolean;
  handle(exchange: FrontExchange, socket: TLSSocket): void;
  /** node:http reads the connection from here on, from `bytes` on. */
  handOver(connection: ClientConnection, bytes: Buffer): void;
  headTimedOut(connection: ClientConnection): void;
  closed(connection: ClientConnection): void;
}

const CONNECTION = Symbol("connection");
type FrontSocket = TLSSocket & { [CONNECTION]: ClientConnection };

/**
 * A client's connection whose requests the gateway reads itself: one call at a time, what comes ahead is kept. Between two requests it may be handed
 * over to node:http, for good and before anything of the next one was looked at.
 */
export class ClientConnection implements Slotted {
  readonly socket: TLSSocket;
  slot = NO_SLOT;
  readonly #server: ConnectionServer;
  #exchange: FrontExchange | null = null;
  /** Of a head that has not come whole. */
  #head: HeadCollector<ReadRequestHead> | null = null;
  /** What came while another call was under way. */
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #isPaused = false;
  /** Nothing that comes any more is a request. */
  #isLastCall = false;
  #isCorked = false;
  /** The next request begins in a turn of its own. */
  #isNextDue = false;
  /** Its last answer was given. */
  #isEnding = false;
  /** The client sends nothing any more whose loss would take the answer with it. */
  #mayBeCut = false;
  #wasUsed = false;
  /** Since when it waits for what it waits for. */
  #since: number;

  constructor(server: ConnectionServer, socket: TLSSocket) {
    this.#server = server;
    this.socket = socket;
    this.#since = server.now;
    (socket as FrontSocket)[CONNECTION] = this;
    socket.on("data", onData).on("drain", onDrain).on("end", onEnd).on("close", onClose);
  }

  get isWritable(): boolean {
    return this.socket.writable;
  }

  get isClosing(): boolean {
    return this.#isLastCall || this.#server.isClosing;
  }

  /** Bytes of a head that has not come whole. */
  get headBytes(): number {
    return this.#head === null ? 0 : this.#head.bytes.length;
  }

  /** Names and values of what the client is told of the connection. */
  pushConnectionFields(fields: string[], keeps: boolean): void {
    if (keeps) fields.push("Connection", "keep-alive", "Keep-Alive", this.#server.keepAliveField);
    else fields.push("Connection", "close");
  }

  take(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === null) {
      if (this.#isNextDue || this.#aheadBytes > 0 || this.socket.writableNeedDrain) this.#keepAhead(bytes);
      else this.#readHead(bytes);
      return;
    }
    const next = exchange.takeBody(bytes, 0);
    if (next < bytes.length) this.#keepAhead(next === 0 ? bytes : bytes.subarray(next));
    else this.heedBounds();
  }

  #keepAhead(bytes: Buffer): void {
    if (this.#isLastCall) return;
    this.#ahead.push(bytes);
    this.#aheadBytes += bytes.length;
    this.heedBounds();
  }

  #readHead(bytes: Buffer): void {
    let head: ReadRequestHead | null;
    try {
      head = this.#head === null ? readRequestHead(bytes, 0) : this.#head.push(bytes);
      if (head === null) this.#head ??= collect(bytes);
    } catch (error) {
      if (!(error instanceof HeadError)) throw error;
      // Node's parser finds it too, and what it refuses is answered and recorded.
      this.#handOver(bytes);
      return;
    }
    const all = this.#head === null ? bytes : this.#head.bytes;
    if (head === null) {
      if (all.length > MAX_HEAD_BYTES) this.#handOver(bytes);
      else if (all.length === bytes.length) this.#since = this.#server.now;
    } else if (head.end > MAX_HEAD_BYTES || !this.#server.takes(head)) this.#handOver(bytes);
    else this.#begin(head, all);
  }

  /** `all`: from the head's first byte on. */
  #begin(head: ReadRequestHead, all: Buffer): void {
    this.#head = null;
    this.#wasUsed = true;
    this.#since = this.#server.now;
    const exchange = new FrontExchange(this, head);
    this.#exchange = exchange;
    if (head.end < all.length) {
      const next = exchange.takeBody(all, head.end);
      if (next < all.length) this.#keepAhead(all.subarray(next));
      else this.heedBounds();
    }
    this.#server.handle(exchange, this.socket);
  }

  #handOver(latest: Buffer): void {
    const bytes = this.#head === null ? latest : this.#head.bytes;
    this.#head = null;
    this.#leave();
    this.#server.handOver(this, bytes);
  }

  /** Whoever reads it from here on finds it as it was. */
  #leave(): void {
    const { socket } = this;
    socket.off("data", onData).off("drain", onDrain).off("end", onEnd).off("close", onClose);
    this.#server.closed(this);
  }

  get #isAheadFull(): boolean {
    return this.#aheadBytes > MAX_AHEAD_BYTES || this.#ahead.length > MAX_AHEAD_PIECES;
  }

  /** Reads on where what comes can be taken or kept, and otherwise lets the client wait. */
  heedBounds(): void {
    const isFull = this.#exchange?.isBodyFull === true || this.#isAheadFull;
    if (isFull === this.#isPaused) return;
    this.#isPaused = isFull;
    if (isFull) this.socket.pause();
    else this.socket.resume();
  }

  /** That a client leaves is not seen while it waits: nothing that it sent ahead of a long answer becomes a request (RFC 9112 §9.3.2). */
  #dropAhead(): void {
    this.#isLastCall = true;
    this.#ahead = [];
    this.#aheadBytes = 0;
    this.heedBounds();
  }

  /** What is written from now on goes out together, when this turn of the event loop is over. */
  writeTogether(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.socket.cork();
    setImmediate(uncork, this);
  }

  uncork(): void {
    this.#isCorked = false;
    this.socket.uncork();
  }

  exchangeEnded(exchange: FrontExchange, keeps: boolean): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = null;
    this.#since = this.#server.now;
    if (!keeps || this.#isLastCall) {
      this.#isEnding = true;
      this.#ahead = [];
      this.#mayBeCut = exchange.isComplete && !this.#isLastCall;
      endConnection(this.socket, null, exchange.patience);
    } else if (this.#aheadBytes > 0) this.#beginNextSoon();
    else this.heedBounds();
  }

  /** In a turn of its own, lest answers nest; and not before the client has taken the one before. */
  #beginNextSoon(): void {
    if (this.#isNextDue || this.socket.writableNeedDrain) return;
    this.#isNextDue = true;
    setImmediate(beginNext, this);
  }

  beginNext(): void {
    this.#isNextDue = false;
    if (this.#exchange !== null || this.#aheadBytes === 0 || !this.socket.writable) return;
    const bytes = this.#ahead.length === 1 ? this.#ahead[0]! : Buffer.concat(this.#ahead);
    this.#ahead = [];
    this.#aheadBytes = 0;
    this.#readHead(bytes);
    this.heedBounds();
  }

  drained(): void {
    if (this.#exchange !== null) this.#exchange.clientDrained();
    else if (this.#aheadBytes > 0) this.#beginNextSoon();
  }

  clientLeft(): void {
    this.#exchange?.clientLeft();
  }

  closed(): void {
    this.#exchange?.clientLeft();
    this.#exchange = null;
    this.#server.closed(this);
  }

  /** Ends what took too long, as node:http does with the connections that it reads. */
  checkTime(): void {
    if (this.#isEnding) return;
    const server = this.#server;
    // It was told the time of the sweep before it began to wait.
    const waited = server.now - this.#since - server.sweepMs;
    if (this.#exchange !== null) {
      if (!this.#exchange.isComplete && waited > server.requestTimeout) this.socket.destroy();
      else if (this.#isAheadFull && waited > server.headersTimeout) this.#dropAhead();
    } else if (this.socket.writableLength > 0 || this.#aheadBytes > 0) {
      // The client still reads the answer before.
      this.#since = server.now;
    } else if (this.#head !== null || !this.#wasUsed) {
      if (waited <= server.headersTimeout) return;
      this.#leave();
      server.headTimedOut(this);
    } else if (waited > server.keepAliveTimeout) this.socket.destroy();
  }

  /** Closes it where nothing is under way on it. */
  closeIfIdle(): void {
    if (this.socket.writableLength > 0) return;
    const isIdle = this.#exchange === null && this.#head === null && this.#aheadBytes === 0;
    if (this.#isEnding ? this.#mayBeCut : isIdle) this.socket.destroy();
  }
}

function collect(bytes: Buffer): HeadCollector<ReadRequestHead> {
  const collector = new HeadCollector(readRequestHead);
  collector.push(bytes);
  return collector;
}

// One function for all connections, so that a waiting connection holds as little as can be.
function onData(this: TLSSocket, bytes: Buffer): void {
  (this as FrontSocket)[CONNECTION].take(bytes);
}

function onDrain(this: TLSSocket): void {
  (this as FrontSocket)[CONNECTION].drained();
}

/** TLS has no half that is closed: a client that says it sends no more has left. */
function onEnd(this: TLSSocket): void {
  (this as FrontSocket)[CONNECTION].clientLeft();
}

function onClose(this: TLSSocket): void {
  (this as FrontSocket)[CONNECTION].closed();
}

function uncork(connection: ClientConnection): void {
  connection.uncork();
}

function beginNext(connection: ClientConnection): void {
  connection.beginNext();
}
