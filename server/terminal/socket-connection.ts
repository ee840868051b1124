import type { RawData, WebSocket } from "ws";
import { seenEveryMs } from "../../lib/identity/session-life/open-session.ts";
import { noteSessionUse } from "../../lib/identity/sessions/find-session.ts";
import { log } from "../../lib/log.ts";
import type { TerminalConnection } from "../../lib/terminal/sessions/browser-connection.ts";
import { CLOSE_CODES, ClientMessage, type ServerMessage } from "../../lib/terminal/sessions/schema.ts";
import type { Terminal } from "../../lib/terminal/sessions/terminal.ts";

/** A browser that answers neither of two is gone. */
const PING_MS = 20_000;
/** What is typed or pasted in one slice of time; what is more waits in the browser, as nothing bounds what a program may leave unread. */
const INPUT_SLICE_MS = 100;
const MOST_INPUT_IN_SLICE = 64 * 1024;
/** What waits for a browser to be read: more than a screen with the lines above it, a file that is edited and the output that may be on its way. */
const MOST_UNREAD_BYTES = 32 * 2 ** 20;

/** A browser's WebSocket as a terminal has it, for as long as it is open. */
export class SocketConnection implements TerminalConnection {
  readonly clientIp: string | null;
  readonly #socket: WebSocket;
  readonly #terminal: Terminal;
  readonly #heartbeat: NodeJS.Timeout;
  #isAlive = true;
  #inputBytes = 0;
  #noticedAt = 0;
  #slice: NodeJS.Timeout | null = null;

  constructor(socket: WebSocket, terminal: Terminal, clientIp: string | null) {
    this.clientIp = clientIp;
    this.#socket = socket;
    this.#terminal = terminal;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    // Errors end in "close", which is what counts; unheard they would end the process.
    socket.on("error", (error) => log.debug({ err: error }, "the socket of a terminal failed"));
    socket.once("close", () => this.#closed());
    this.#heartbeat = setInterval(() => this.#beat(), PING_MS);
    this.#heartbeat.unref();
    terminal.attach(this);
  }

  output(data: Uint8Array): void {
    this.#send(data);
  }

  message(message: ServerMessage): void {
    this.#send(JSON.stringify(message));
  }

  close(code: number, reason: string): void {
    // What it paused for would keep the answer to the close from being read.
    this.#socket.resume();
    this.#socket.close(code, reason);
  }

  /** One that acknowledges and asks, and reads nothing, would be held for without a bound. */
  #send(data: string | Uint8Array): void {
    if (this.#socket.bufferedAmount > MOST_UNREAD_BYTES) this.#socket.terminate();
    else this.#socket.send(data, { binary: typeof data !== "string" });
  }

  #receive(data: RawData, isBinary: boolean): void {
    // What it still sends until it answers the close is another window's to say by now, or nobody's.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const bytes = data as Buffer;
    if (isBinary) {
      if (!this.#terminal.receiveFile(bytes)) this.#misused("no file was asked for, or it came too fast");
      return;
    }
    const message = ClientMessage.safeParse(parseJson(bytes.toString("utf8")));
    if (!message.success) {
      this.#misused("a message is not understood");
      return;
    }
    this.#terminal.receive(message.data);
    if (message.data.type === "input") this.#noteUse();
    this.#pace(bytes.length);
  }

  /** Who types uses the console session, which would end while nobody does. */
  #noteUse(): void {
    const now = Date.now();
    if (now - this.#noticedAt < seenEveryMs()) return;
    this.#noticedAt = now;
    noteSessionUse({ id: this.#terminal.owner.sessionId, sourceIp: this.clientIp }).catch((error) =>
      log.warn({ err: error }, "that a console session is in use could not be noted"),
    );
  }

  #pace(bytes: number): void {
    this.#inputBytes += bytes;
    this.#slice ??= setTimeout(() => {
      this.#slice = null;
      this.#inputBytes = 0;
      this.#socket.resume();
    }, INPUT_SLICE_MS);
    if (this.#inputBytes > MOST_INPUT_IN_SLICE) this.#socket.pause();
  }

  #misused(why: string): void {
    this.close(CLOSE_CODES.misused, why);
    this.#terminal.detach(this);
  }

  #beat(): void {
    if (!this.#isAlive) this.#socket.terminate();
    else {
      this.#isAlive = false;
      this.#socket.ping();
    }
  }

  #closed(): void {
    clearInterval(this.#heartbeat);
    if (this.#slice) clearTimeout(this.#slice);
    this.#terminal.detach(this);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
