import { z } from "zod";
import {
  ACKNOWLEDGE_BYTES,
  CLOSE_CODES,
  type ClientMessage,
  KEPT_MS,
  OpenedTerminal,
  ServerMessage,
  TERMINAL_PROTOCOL,
  TerminalTicket,
  TICKET_PROTOCOL_PREFIX,
} from "../../../../lib/terminal/sessions/schema.ts";
import { RequestError } from "../../../components/request-error.ts";
import { sendJson } from "../../../components/request-json.ts";

/** How a tab stands with its terminal. */
export type ConnectionState =
  | { kind: "opening" }
  | { kind: "connected" }
  | { kind: "reconnecting" }
  /** In another tab or window of the browser. */
  | { kind: "elsewhere" }
  | { kind: "ended"; reason: string }
  /** It could not be opened at all. */
  | { kind: "failed"; message: string };

export interface ConnectionEvents {
  state(state: ConnectionState): void;
  opened(terminalId: string): void;
  message(message: ServerMessage): void;
  /** `drawn` is called when the bytes are on the screen. */
  output(data: Uint8Array, drawn: () => void): void;
}

const PING_MS = 20_000;
/**
 * A socket on which nothing answers a ping for so long is dead, whatever the browser says. Counted from the ping: in a hidden tab timers run
 * once a minute, and so do pings.
 */
const UNANSWERED_MS = 25_000;
const RETRY_MS = [300, 1_000, 2_000, 4_000, 5_000];
const GONE = "The terminal has ended: it is kept for 5 minutes while no browser is connected, or was closed.";

/** Ends a terminal. One that has ended already is no failure; one that cannot be reached ends by itself. */
export async function closeTerminal(terminalId: string): Promise<void> {
  await sendJson(`/api/v1/terminals/${terminalId}`, z.undefined(), "DELETE").catch(() => undefined);
}

/** The socket of one tab: opened, acknowledged, and connected again where it was lost, as long as the terminal is kept. */
export class TerminalConnection {
  readonly #clusterId: string;
  readonly #events: ConnectionEvents;
  #terminalId: string | null;
  #socket: WebSocket | null = null;
  #stopped = false;
  #isOver = false;
  #attempt = 0;
  #lostAt: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #unansweredSince: number | null = null;
  #isAsking = false;
  #undrawn = 0;

  constructor(tab: { clusterId: string; terminalId: string | null }, events: ConnectionEvents) {
    this.#clusterId = tab.clusterId;
    this.#terminalId = tab.terminalId;
    this.#events = events;
  }

  /** `size`: of a terminal that is yet to be opened. */
  async start(size: { columns: number; rows: number }): Promise<void> {
    window.addEventListener("online", this.#retryNow);
    document.addEventListener("visibilitychange", this.#retryNow);
    this.#events.state({ kind: "opening" });
    if (this.#terminalId !== null) {
      await this.#connectAgain();
      return;
    }
    try {
      const asked = { clusterId: this.#clusterId, ...size };
      const opened = await sendJson("/api/v1/terminals", OpenedTerminal, "POST", asked);
      // The page went on while it was opened: nobody would ever come for it.
      if (this.#stopped) {
        await closeTerminal(opened.terminalId);
        return;
      }
      this.#terminalId = opened.terminalId;
      this.#events.opened(opened.terminalId);
      this.#connect(opened.ticket);
    } catch (error) {
      this.#fail(error);
    }
  }

  send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** A piece of the file that is being uploaded. */
  sendFile(data: ArrayBuffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  /** Takes the terminal back from where else it was opened. */
  takeBack(): void {
    this.#isOver = false;
    this.#attempt = 0;
    this.#lostAt = null;
    this.#events.state({ kind: "reconnecting" });
    void this.#connectAgain();
  }

  /** The page leaves; the terminal is kept for a while. */
  stop(): void {
    this.#stopped = true;
    window.removeEventListener("online", this.#retryNow);
    document.removeEventListener("visibilitychange", this.#retryNow);
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    this.#socket?.close();
    this.#socket = null;
  }

  #connect(ticket: string): void {
    const url = new URL(`/api/v1/terminals/${this.#terminalId}/socket`, window.location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, [TERMINAL_PROTOCOL, `${TICKET_PROTOCOL_PREFIX}${ticket}`]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#undrawn = 0;
    socket.onopen = () => this.#begin(socket);
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  #begin(socket: WebSocket): void {
    this.#unansweredSince = null;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      this.#unansweredSince ??= Date.now();
      if (Date.now() - this.#unansweredSince > UNANSWERED_MS) socket.close();
      else this.send({ type: "ping" });
    }, PING_MS);
  }

  #receive(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) return;
    this.#unansweredSince = null;
    if (data instanceof ArrayBuffer) {
      this.#events.output(new Uint8Array(data), () => this.#drawn(socket, data.byteLength));
      return;
    }
    const message = ServerMessage.safeParse(JSON.parse(String(data)));
    // A gateway that is newer than the page may say more.
    if (!message.success || message.data.type === "pong") return;
    if (message.data.type === "screen") {
      this.#attempt = 0;
      this.#lostAt = null;
      this.#events.state({ kind: "connected" });
    }
    if (message.data.type === "ended") this.#over({ kind: "ended", reason: message.data.reason });
    this.#events.message(message.data);
  }

  #drawn(socket: WebSocket, bytes: number): void {
    if (socket !== this.#socket) return;
    this.#undrawn += bytes;
    if (this.#undrawn < ACKNOWLEDGE_BYTES) return;
    this.send({ type: "ack", bytes: this.#undrawn });
    this.#undrawn = 0;
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#stopped) return;
    this.#socket = null;
    clearInterval(this.#heartbeat);
    if (code === CLOSE_CODES.ended) this.#over({ kind: "ended", reason: GONE });
    else if (code === CLOSE_CODES.openedElsewhere) this.#over({ kind: "elsewhere" });
    else this.#retrySoon();
  }

  /** What is said first of an end counts: the gateway's own reason comes before the close. */
  #over(state: ConnectionState): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#retry);
    this.#socket = null;
    this.#events.state(state);
  }

  #retrySoon(): void {
    this.#lostAt ??= Date.now();
    if (Date.now() - this.#lostAt > KEPT_MS) {
      this.#over({ kind: "ended", reason: GONE });
      return;
    }
    this.#events.state({ kind: "reconnecting" });
    const wait = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)]!;
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connectAgain(), wait);
  }

  readonly #retryNow = (): void => {
    if (
      this.#isOver ||
      this.#lostAt === null ||
      document.visibilityState === "hidden" ||
      this.#socket !== null
    )
      return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connectAgain(), 0);
  };

  async #connectAgain(): Promise<void> {
    // Two tickets at once were two sockets, each of which puts the other out.
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const path = `/api/v1/terminals/${this.#terminalId}/tickets`;
      const { ticket } = await sendJson(path, TerminalTicket, "POST");
      if (!this.#stopped) this.#connect(ticket);
    } catch (error) {
      if (this.#stopped) return;
      const status = error instanceof RequestError ? error.status : 0;
      if (status === 404) this.#over({ kind: "ended", reason: GONE });
      else if (status === 0 || status >= 429) this.#retrySoon();
      else this.#fail(error);
    } finally {
      this.#isAsking = false;
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#events.state({ kind: "failed", message });
  }
}
