import type {
  ClusterAnswerHead,
  ClusterCall,
  ClusterCallHandler,
  ClusterCalls,
} from "../../lib/clusters/calls/cluster-call.ts";
import type { ResponseHead } from "../../lib/gateway/answer/client-response.ts";
import { FOR_STRANGERS } from "../../lib/gateway/answer/end-connection.ts";
import type { ClientExchange } from "../../lib/gateway/call/client-exchange.ts";
import type { Upstream } from "../../lib/gateway/call/gateway.ts";
import type { RequestHead } from "../../lib/gateway/request/client-request.ts";

const BODY = Buffer.alloc(1_017, "x");
const RAW = [
  "Content-Type",
  "application/json",
  "Date",
  "Sun, 29 Nov 2026 05:00:00 GMT",
  "Content-Length",
  "1017",
];
const HEAD: ClusterAnswerHead = {
  statusCode: 200,
  statusMessage: "OK",
  rawHeaders: RAW,
  headers: { "content-type": RAW[1], date: RAW[3], "content-length": RAW[5] },
  contentLength: BODY.length,
};

/** A cluster without a wire: it answers when it is told to, in the order in which it was asked. */
export class FakeCluster {
  asked = 0;
  #waiting: FakeCall[] = [];

  readonly calls: ClusterCalls = {
    begin: (_request, handler) => {
      this.asked += 1;
      const call = new FakeCall(handler);
      this.#waiting.push(call);
      handler.onSent(null);
      return call;
    },
    close: async () => {},
    destroy: async () => {},
  };

  /** What was asked, once. */
  take(): FakeCall[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}

class FakeCall implements ClusterCall {
  readonly #handler: ClusterCallHandler;
  #isPaused = false;

  constructor(handler: ClusterCallHandler) {
    this.#handler = handler;
  }

  answer(): void {
    this.#handler.onHead(HEAD);
    if (!this.#isPaused) this.#finish();
  }

  #finish(): void {
    this.#handler.onData(BODY);
    this.#handler.onEnd([]);
  }

  write(): boolean {
    return true;
  }

  end(): void {}
  abort(): void {}

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    setImmediate(() => this.#finish());
  }
}

/** A client without a wire, and how many answers it had. */
export class FakeExchange implements ClientExchange {
  static answered = 0;
  readonly head: RequestHead;
  readonly isComplete = true;
  readonly broken = null;
  isClosed = false;
  isHeadSent = false;
  patience = FOR_STRANGERS;

  constructor(head: RequestHead) {
    this.head = head;
  }

  writeHead(_head: ResponseHead): void {
    this.isHeadSent = true;
  }

  write(): boolean {
    return true;
  }

  end(): void {
    FakeExchange.answered += 1;
  }

  askForBody(): void {}
  readBody(): void {}
  resumeBody(): void {}
  dropBody(): void {}
  listen(): void {}
  flushHead(): void {}

  destroy(): void {
    this.isClosed = true;
  }
}

const wireless = new WeakMap<Upstream, Upstream>();

/** An upstream with other calls, made once. */
export function withCalls(upstream: Upstream, calls: ClusterCalls): Upstream {
  const made = wireless.get(upstream) ?? { ...upstream, calls };
  wireless.set(upstream, made);
  return made;
}
