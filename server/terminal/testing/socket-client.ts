import WebSocket from "ws";
import {
  type ClientMessage,
  type ServerMessage,
  TERMINAL_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from "../../../lib/terminal/sessions/schema.ts";

export interface ConnectOptions {
  url: string;
  ticket?: string;
  origin?: string;
  cookie?: string;
  /** The address that it comes from. */
  from?: string;
  /** Acknowledges what it gets, as a browser does; true where it is left out. */
  acknowledges?: boolean;
  protocols?: string[];
}

/** What a connection that was refused got. */
export interface Refused {
  status: number;
  body: { code: string; message: string };
}

/** A browser's end of a terminal's socket. */
export class SocketClient {
  readonly messages: ServerMessage[] = [];
  readonly socket: WebSocket;
  text = "";
  bytes = 0;
  closed: { code: number; reason: string } | null = null;

  private constructor(socket: WebSocket, acknowledges: boolean) {
    this.socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) {
        const message = JSON.parse(data.toString()) as ServerMessage;
        this.messages.push(message);
        if (message.type === "screen") this.text += message.data;
        return;
      }
      this.bytes += data.length;
      if (this.text.length < 2 ** 20) this.text += data.toString();
      if (acknowledges) this.send({ type: "ack", bytes: data.length });
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** The connection, or the answer with which it was refused. */
  static connect(options: ConnectOptions): Promise<SocketClient | Refused> {
    const { url, ticket, origin, cookie, from } = options;
    const headers = { ...(cookie && { cookie }), ...(from && { "X-Forwarded-For": from }) };
    const protocols = options.protocols ?? [
      TERMINAL_PROTOCOL,
      ...(ticket === undefined ? [] : [`${TICKET_PROTOCOL_PREFIX}${ticket}`]),
    ];
    const socket = new WebSocket(url, protocols, { origin, headers });
    // It hears what comes right behind the answer.
    const client = new SocketClient(socket, options.acknowledges ?? true);
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(client));
      socket.once("unexpected-response", (_request, response) => {
        let text = "";
        response.on("data", (data) => (text += data));
        response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(text) }));
      });
      socket.on("error", reject);
    });
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  type(line: string): void {
    this.send({ type: "input", data: `${line}\r` });
  }

  of<Type extends ServerMessage["type"]>(type: Type): Extract<ServerMessage, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<ServerMessage, { type: Type }> => message.type === type,
    );
  }
}
