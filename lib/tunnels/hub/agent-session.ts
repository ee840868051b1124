import { randomUUID } from "node:crypto";
import http2, { type ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "../../log.ts";
import { HUBS_PATH } from "../protocol/api-server-stream.ts";
import { CONNECTION_WINDOW, HUB_SESSION, keepHeartbeat } from "../protocol/http2.ts";
import type { AgentIntroduction } from "../protocol/introduction.ts";
import type { AgentLink, JoinedAgent } from "./agent-link.ts";
import { CallCount } from "./call-count.ts";
import { Occurrence } from "./occurrence.ts";
import { openStream } from "./open-stream.ts";

/** How long an agent may take to say its first word of HTTP/2. */
const SETTINGS_MS = 10_000;

export interface AgentSessionInput {
  agent: JoinedAgent;
  introduction: AgentIntroduction;
  /** Where it came from. */
  address: string | null;
  /** What its bytes pass: a raw socket, or the messages of a WebSocket. */
  stream: Duplex;
  /** The connection itself, whose bytes are counted. */
  socket: Duplex;
  /** Milliseconds; the protocol's where it is left out. */
  heartbeatMs?: number;
}

/** An agent's connection to this process, from its 101 to its end. */
export class AgentSession implements AgentLink {
  readonly id = randomUUID();
  readonly introduction: AgentIntroduction;
  readonly address: string | null;
  readonly since = new Date();
  readonly isRemote = false;
  agent: JoinedAgent;
  /** Of the last heartbeat, there and back. */
  roundTripMs: number | null = null;
  readonly calls = new CallCount();
  readonly #session: ClientHttp2Session;
  readonly #stream: Duplex;
  readonly #socket: Pick<Socket, "bytesRead" | "bytesWritten">;
  readonly #drains = new Occurrence();
  readonly #closed = new Occurrence();
  #open = 0;
  #draining = false;
  #ending: string | null = null;

  constructor({ agent, introduction, address, stream, socket, heartbeatMs }: AgentSessionInput) {
    this.agent = agent;
    this.introduction = introduction;
    this.address = address;
    this.#stream = stream;
    this.#socket = socket as Socket;
    const session = http2.connect("http://agent", { ...HUB_SESSION, createConnection: () => stream });
    this.#session = session;
    session.on("connect", () => session.setLocalWindowSize(CONNECTION_WINDOW));
    session.on("goaway", () => {
      this.#draining = true;
      this.#drains.happen();
      this.#ending ??= "the agent is about to end";
    });
    session.on("error", (error) => {
      this.#ending ??= error.message;
    });
    session.on("close", () => {
      this.#draining = true;
      this.#ending ??= "the agent closed the connection";
      this.#drains.happen();
      this.#closed.happen();
    });
    stream.on("error", () => stream.destroy());
    keepHeartbeat(session, {
      ...(heartbeatMs !== undefined && { everyMs: heartbeatMs }),
      onAnswer: (ms) => {
        this.roundTripMs = ms;
      },
    });
  }

  get credential() {
    return this.introduction.credential;
  }

  get isDraining(): boolean {
    return this.#draining || this.#session.closed || this.#session.destroyed;
  }

  get underWay(): number {
    return this.calls.underWay;
  }

  /** Streams that are open, those of other processes among them. */
  get streams(): number {
    return this.#open;
  }

  /** What passed so far; the bytes are those of the connection, all that it was told included. */
  get traffic(): { calls: number; bytesIn: number; bytesOut: number } {
    const { bytesRead, bytesWritten } = this.#socket;
    return { calls: this.calls.begun, bytesIn: bytesWritten, bytesOut: bytesRead };
  }

  /** Why it ended; null: it has not. */
  get ending(): string | null {
    return this.#session.destroyed ? this.#ending : null;
  }

  begin(): () => void {
    return this.calls.begin();
  }

  async open(signal: AbortSignal): Promise<Duplex> {
    const { credential, agent } = this;
    const stream = await openStream(this.#session, { agent: agent.name, credential, signal });
    this.#open += 1;
    stream.once("close", () => {
      this.#open -= 1;
    });
    return stream;
  }

  onClose(listener: () => void): () => void {
    return this.#closed.on(listener);
  }

  /** Calls `listener` once when the agent says that it is about to end, or is gone. Returns the unsubscriber. */
  onDraining(listener: () => void): () => void {
    return this.#drains.on(listener);
  }

  /** Resolves once the agent has said what HTTP/2 begins with; destroys the connection where it does not. @throws Error. */
  async begun(): Promise<void> {
    const timer = setTimeout(
      () => this.destroy(`no HTTP/2 came within ${SETTINGS_MS / 1_000} s`),
      SETTINGS_MS,
    );
    try {
      await new Promise<void>((resolve, reject) => {
        this.#session.once("remoteSettings", () => resolve());
        this.onClose(() => reject(new Error(this.#ending ?? "the connection ended")));
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the agent which hubs there are: it connects to each. */
  tellHubs(hubs: readonly string[]): void {
    if (this.isDraining) return;
    const headers = {
      ":method": "PUT",
      ":path": HUBS_PATH,
      ":authority": "agent",
      "content-type": "application/json",
    };
    const stream = this.#session.request(headers);
    stream.on("error", (error) =>
      log.debug({ err: error, agent: this.agent.name }, "an agent was not told of the hubs"),
    );
    stream.resume();
    stream.end(JSON.stringify({ hubs }));
  }

  /** Takes no more streams, tells the agent so, and resolves when those there are have ended. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#ending ??= "the gateway was stopped";
    // Says GOAWAY, and ends when the last stream does.
    if (!this.#session.destroyed) this.#session.close();
    await new Promise<void>((resolve) => this.onClose(resolve));
  }

  /** Ends it, and every call that it carries. */
  destroy(why: string): void {
    this.#ending ??= why;
    this.#draining = true;
    if (!this.#session.destroyed) this.#session.destroy();
    this.#stream.destroy();
  }
}
