import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { ClusterAnswerHead, ClusterCall, ClusterCallHandler, ClusterCalls } from "./cluster-call.ts";

/** What the gateway asks for itself. */
export interface Question {
  method: "GET" | "POST";
  /** Below the endpoint's base path, with the query. */
  path: string;
  /** Names and values in turn. */
  headers: readonly string[];
  body?: string;
  /** Aborted: nobody waits for the answer, or the rest of it, any more. */
  signal: AbortSignal;
}

export interface ApiServerAnswer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  /** Buffers, to be read to the end, or destroyed: until then there is a connection for it. */
  body: Readable;
}

/** Asks an API server. Rejects as {@link ClusterCallHandler.onError} tells, or with the signal's reason. */
export function askApiServer(
  { calls, basePath }: { calls: ClusterCalls; basePath: string },
  { method, path, headers, body, signal }: Question,
): Promise<ApiServerAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const answer = new AwaitedAnswer(signal, { resolve, reject });
    const content = body === undefined ? null : Buffer.from(body);
    answer.call = calls.begin(
      { method, path: basePath + path, headers, body: content, headTimeoutMs: 0 },
      answer,
    );
  });
}

interface Settle {
  resolve(answer: ApiServerAnswer): void;
  reject(reason: unknown): void;
}

class AwaitedAnswer implements ClusterCallHandler {
  call: ClusterCall | null = null;
  readonly #signal: AbortSignal;
  readonly #settle: Settle;
  #body: Readable | null = null;

  constructor(signal: AbortSignal, settle: Settle) {
    this.#signal = signal;
    this.#settle = settle;
    signal.addEventListener("abort", this.#onAbort);
  }

  onSent(): void {}
  onDrain(): void {}

  onHead({ statusCode, headers }: ClusterAnswerHead): void {
    const call = this.call!;
    this.#body = new Readable({
      read: () => call.resume(),
      destroy: (error, done) => {
        this.#stopListening();
        call.abort();
        done(error);
      },
    });
    // Unheard, it would end the process; whoever reads the body is told of it.
    this.#body.on("error", () => undefined);
    this.#settle.resolve({ statusCode, headers, body: this.#body });
  }

  onData(chunk: Buffer): boolean {
    return this.#body!.push(chunk);
  }

  onEnd(): void {
    this.#stopListening();
    // Whoever asks again then finds the connection free.
    setImmediate(() => this.#body!.push(null));
  }

  onError(error: Error): void {
    this.#stopListening();
    if (this.#body === null) this.#settle.reject(error);
    else this.#body.destroy(error);
  }

  readonly #onAbort = (): void => {
    this.call?.abort();
    this.onError(this.#signal.reason);
  };

  #stopListening(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
