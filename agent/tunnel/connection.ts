import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Duplex } from "node:stream";
import { HUBS_PATH } from "../../lib/tunnels/protocol/api-server-stream.ts";
import { AGENT_SESSION, CONNECTION_WINDOW, keepHeartbeat } from "../../lib/tunnels/protocol/http2.ts";
import { readHubList } from "./read-hub-list.ts";

/** For the last frames to arrive, and the hub's. */
const LEAVE_MS = 1_000;

export interface ConnectionOptions {
  /** A connection that was upgraded. */
  stream: Duplex;
  /** A CONNECT to be answered. */
  onConnect(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  /** The hub says which there are. */
  onHubs(hubs: string[]): void;
}

/** A tunnel to one hub: HTTP/2 with the roles turned round, in which this end is the server. */
export class Connection {
  /** Resolves when it is over, with why. */
  readonly closed: Promise<string>;
  readonly #session: ServerHttp2Session;
  readonly #stream: Duplex;
  #open = 0;

  constructor({ stream, onConnect, onHubs }: ConnectionOptions) {
    const session = performServerHandshake(stream, AGENT_SESSION);
    this.#session = session;
    this.#stream = stream;
    let reason = "the gateway closed the connection";
    session.on("error", (error) => {
      reason = error.message;
    });
    session.on("goaway", (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR)
        reason = `the gateway ended the connection with HTTP/2 error ${code}`;
      this.#leaveWhenIdle();
    });
    this.closed = new Promise((resolve) => session.on("close", () => resolve(reason)));
    session.setLocalWindowSize(CONNECTION_WINDOW);
    session.on("stream", (incoming, headers) => {
      this.#open++;
      incoming.on("close", () => {
        this.#open--;
        if (session.closed) this.#leaveWhenIdle();
      });
      incoming.on("error", () => undefined);
      // Reset by the hub while there is something to send: without an error code it would wait for ever to send it. Where this end resets it,
      // that has to be sent first.
      incoming.on("aborted", () => setImmediate(() => incoming.destroy()));
      if (headers[":method"] === "CONNECT") onConnect(incoming, headers);
      else if (headers[":method"] === "PUT" && headers[":path"] === HUBS_PATH)
        readHubList(incoming).then(onHubs, () => undefined);
      else incoming.respond({ ":status": 404 }, { endStream: true });
    });
    keepHeartbeat(session);
  }

  /**
   * Takes no more streams, and ends when those that there are have ended; at once when `limit` is aborted. What the hub sent before it
   * knew is refused with GOAWAY: it takes another agent.
   */
  async drain(limit: AbortSignal): Promise<void> {
    if (!this.#session.destroyed) this.#session.close();
    this.#leaveWhenIdle();
    const destroy = () => this.#destroy();
    limit.addEventListener("abort", destroy);
    if (limit.aborted) destroy();
    await this.closed;
    limit.removeEventListener("abort", destroy);
  }

  /** Once nothing is open the hub closes the connection; something between may keep it from arriving. */
  #leaveWhenIdle(): void {
    if (this.#open > 0) return;
    const timer = setTimeout(() => this.#destroy(), LEAVE_MS);
    this.#session.once("close", () => clearTimeout(timer));
  }

  #destroy(): void {
    this.#session.destroy();
    // A session that has ended waits for the other end.
    this.#stream.destroy();
  }
}
