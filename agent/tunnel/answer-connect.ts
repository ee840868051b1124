import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import {
  API_SERVER_AUTHORITIES,
  type CredentialMode,
  type DialRefusal,
  refusalHeaders,
} from "../../lib/tunnels/protocol/api-server-stream.ts";
import { MOST_STREAMS } from "../../lib/tunnels/protocol/http2.ts";
import type { StreamOpener } from "../api-server/stream-opener.ts";
import type { Counters } from "../health/counters.ts";
import { errorText, type Log } from "../log.ts";

/** Of one connection to the API server, TLS included where the agent speaks it. */
const TIMEOUT_MS = 10_000;

export interface AnswerOptions {
  mode: CredentialMode;
  opener: StreamOpener;
  counters: Counters;
  log: Log;
}

/** Answers each CONNECT of every hub: opens the agent's own API server, and nothing else, whatever is asked for. */
export class ConnectAnswerer {
  readonly #options: AnswerOptions;
  #draining = false;
  #lastFailure = "";

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  drain(): void {
    this.#draining = true;
    this.#options.opener.drain();
  }

  answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { counters, opener } = this.#options;
    const refusal = this.#reasonAgainst(headers[":authority"]);
    if (refusal !== null) {
      this.#refuse(stream, refusal);
      return;
    }
    counters.opened();
    stream.on("close", () => counters.closed());
    const closed = new AbortController();
    stream.once("close", () => closed.abort(new Error("the hub does not want it any more")));
    opener.open(stream, AbortSignal.any([closed.signal, AbortSignal.timeout(TIMEOUT_MS)])).then(
      () => {
        this.#lastFailure = "";
      },
      (error) => {
        if (!closed.signal.aborted) this.#fail(stream, error);
      },
    );
  }

  #reasonAgainst(authority: string | undefined): DialRefusal | null {
    const { mode, counters } = this.#options;
    const because = (problem: DialRefusal["problem"], message: string) => ({ problem, code: null, message });
    if (authority !== API_SERVER_AUTHORITIES[mode]) {
      const isOfOtherMode = Object.values(API_SERVER_AUTHORITIES).some((other) => other === authority);
      return isOfOtherMode
        ? because(
            "mode",
            `this agent is configured with KUBEWITNESS_AGENT_MODE=${mode}; the cluster is registered with the other`,
          )
        : because("authority", "this agent opens its own API server only");
    }
    if (this.#draining) return because("draining", "this agent is about to end");
    if (counters.open >= MOST_STREAMS)
      return because("limit", `this agent has ${MOST_STREAMS} streams open already`);
    return null;
  }

  #fail(stream: ServerHttp2Stream, error: unknown): void {
    const isTimeout = (error as Error).name === "TimeoutError";
    const message = isTimeout
      ? `no connection to the API server within ${TIMEOUT_MS / 1_000} s`
      : errorText(error);
    const code = isTimeout ? "ETIMEDOUT" : ((error as NodeJS.ErrnoException).code ?? null);
    // Once for each thing that is the matter: calls may come by the hundred.
    if (message !== this.#lastFailure)
      this.#options.log.warn({ error: message, code }, "the API server cannot be reached");
    this.#lastFailure = message;
    this.#refuse(stream, { problem: "unreachable", code: typeof code === "string" ? code : null, message });
  }

  #refuse(stream: ServerHttp2Stream, refusal: DialRefusal): void {
    this.#options.counters.refused(refusal.problem);
    if (stream.destroyed || stream.headersSent) return;
    stream.respond(refusalHeaders(refusal), { endStream: true });
    // What the hub sends along is not waited for (RFC 9113, section 8.1).
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
