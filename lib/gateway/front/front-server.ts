import { Server, type ServerOptions } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SlotSet } from "../../slot-set.ts";
import type { ReadRequestHead } from "../../wire/http1/request-head.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import type { RequestHead } from "../request/client-request.ts";
import { ClientConnection, type ConnectionServer } from "./client-connection.ts";
import type { FrontExchange } from "./front-exchange.ts";

/** How often it is looked for what took too long, milliseconds; `connectionsCheckingInterval`, as in node:http. */
const SWEEP_MS = 5_000;

/** What is done with the requests that are read here. */
export interface FrontHandlers {
  /** Whether a request is the gateway's; others go to node:http's listeners. */
  owns(head: RequestHead): boolean;
  handleExchange(exchange: ClientExchange, socket: TLSSocket): void;
  /** A connection whose head did not come in time: `socket` is the callee's from now on. */
  handleSlowHead(socket: TLSSocket): void;
}

/** A head that has not come whole. */
export interface UnfinishedHead {
  socket: Socket;
  bytes: number;
}

/**
 * An HTTPS server that reads plain requests of the gateway itself. Whatever else comes on a connection is read by node:http, which it inherits from:
 * with every byte that came, and for good. Its options and limits of time hold for both; so do `closeIdleConnections` and `closeAllConnections`.
 * Emits `handedOver` with a socket and the number of bytes that node:http begins with.
 */
export class FrontServer extends Server implements ConnectionServer {
  readonly #connections = new SlotSet<ClientConnection>();
  readonly #readByNode: (socket: TLSSocket) => void;
  #handlers: FrontHandlers | null = null;
  readonly sweepMs: number;
  readonly keepAliveField: string;
  now = performance.now();

  constructor(options: ServerOptions) {
    super(options);
    this.sweepMs = options.connectionsCheckingInterval ?? SWEEP_MS;
    this.keepAliveField = `timeout=${Math.floor(this.keepAliveTimeout / 1000)}`;
    this.#readByNode = takeReader(this);
    this.on("secureConnection", (socket: TLSSocket) => this.#accept(socket));
    this.once("listening", () => {
      const sweep = setInterval(() => this.#checkTimes(), this.sweepMs).unref();
      this.once("close", () => clearInterval(sweep));
    });
  }

  /** From now on plain requests are read here. */
  readRequests(handlers: FrontHandlers): void {
    this.#handlers = handlers;
  }

  get isClosing(): boolean {
    return !this.listening;
  }

  #accept(socket: TLSSocket): void {
    if (this.#handlers === null) this.#readByNode.call(this, socket);
    else this.#connections.add(new ClientConnection(this, socket));
  }

  takes(head: ReadRequestHead): boolean {
    return !head.asksForUpgrade && !head.expects && this.#handlers!.owns(head);
  }

  handle(exchange: FrontExchange, socket: TLSSocket): void {
    this.#handlers!.handleExchange(exchange, socket);
  }

  handOver({ socket }: ClientConnection, bytes: Buffer): void {
    this.emit("handedOver", socket, bytes.length);
    this.#readByNode.call(this, socket);
    socket.unshift(bytes);
    socket.resume();
  }

  headTimedOut({ socket }: ClientConnection): void {
    this.#handlers!.handleSlowHead(socket);
  }

  closed(connection: ClientConnection): void {
    this.#connections.delete(connection);
  }

  *unfinishedHeads(): Iterable<UnfinishedHead> {
    for (const { socket, headBytes: bytes } of this.#connections.members())
      if (bytes > 0) yield { socket, bytes };
  }

  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const connection of this.#connections.members()) connection.closeIfIdle();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const { socket } of this.#connections.members()) socket.destroy();
  }

  #checkTimes(): void {
    this.now = performance.now();
    for (const connection of this.#connections.members()) connection.checkTime();
  }
}

/**
 * Takes node:http's own reader off a server, so that it reads a connection only when it is given one, as whoever emits such an event gives it one
 * (https://nodejs.org/api/http.html#event-connection).
 */
function takeReader(server: Server): (socket: TLSSocket) => void {
  const readers = server.listeners("secureConnection");
  if (readers.length !== 1)
    throw new Error(
      `Node ${process.version} reads TLS connections by ${readers.length} listeners, not by one: use Node 24.`,
    );
  server.removeAllListeners("secureConnection");
  return readers[0] as (socket: TLSSocket) => void;
}
