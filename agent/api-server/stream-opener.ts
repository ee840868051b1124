import type { ServerHttp2Stream } from "node:http2";

/** Opens the agent's own API server for one stream of a tunnel; the address is never the hub's to say. */
export interface StreamOpener {
  /**
   * Answers the stream with 200 once the API server is there, and lets the bytes pass. Rejects, with nothing sent and nothing left open,
   * with an error whose `code` says why, as Node's sockets and TLS do.
   */
  open(stream: ServerHttp2Stream, signal: AbortSignal): Promise<void>;
  /** The agent is about to end: what is idle may go. */
  drain(): void;
}
