import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { FrontServer, type UnfinishedHead } from "../lib/gateway/front/front-server.ts";
import { networkOf } from "../lib/http/ip-address.ts";
import { ConcurrencyLimit } from "../lib/limits/concurrency-limit.ts";
import { log } from "../lib/log.ts";

/** What connections may hold of which nobody has said yet who they are. */
export interface ConnectionLimits {
  /** Open at once on a port. */
  most: number;
  /** Of one network; of a trusted proxy's any number. */
  mostOfNetwork: number;
  /** Bytes of heads that have not come in whole, of all connections together. */
  headBytes: number;
  sweepMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  most: 10_000,
  mostOfNetwork: 4_000,
  headBytes: 64 * 2 ** 20,
  sweepMs: 1_000,
};

interface Connection {
  socket: Socket;
  /** Requests of it that are under way; a connection that changed protocol has one for good. */
  underWay: number;
  /** Bytes that it had received when the last request had ended. */
  readBefore: number;
}

/**
 * Bounds what a port holds for whoever connects: connections, and heads that come in slowly. The parser keeps a head until it is whole, so many
 * slow ones would fill the memory; where all together are too long, the longest are closed.
 */
export function limitConnections(
  server: Server | TlsServer,
  isTrusted: (address: string | undefined) => boolean,
  limits = CONNECTION_LIMITS,
): void {
  const ofNetwork = new ConcurrencyLimit(limits.mostOfNetwork);
  const connections = new Map<Duplex, Connection>();
  server.maxConnections = limits.most;
  server.on("connection", (socket: Socket) => {
    if (isTrusted(socket.remoteAddress)) return;
    const leave = ofNetwork.take(networkOf(socket.remoteAddress ?? null));
    if (leave === null) socket.destroy();
    else socket.once("close", leave);
  });
  const follow = (socket: Socket, heldBytes = 0) => {
    connections.set(socket, { socket, underWay: 0, readBefore: socket.bytesRead - heldBytes });
    socket.once("close", () => connections.delete(socket));
  };
  // What the front reads itself, it counts itself.
  if (server instanceof FrontServer) server.on("handedOver", follow);
  else
    server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) =>
      follow(socket),
    );
  const begin = ({ socket }: IncomingMessage, response?: ServerResponse) => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.underWay += 1;
    response?.once("close", () => {
      connection.underWay -= 1;
      connection.readBefore = socket.bytesRead;
    });
  };
  for (const event of ["request", "checkContinue", "checkExpectation"] as const) {
    server.on(event, begin);
  }
  for (const event of ["upgrade", "connect"] as const) {
    server.on(event, (request: IncomingMessage) => begin(request));
  }
  const heads = () => {
    const ofNode = unfinishedHeads(connections.values());
    return server instanceof FrontServer ? [...ofNode, ...server.unfinishedHeads()] : ofNode;
  };
  const timer = setInterval(() => closeLongest(heads(), limits.headBytes), limits.sweepMs);
  timer.unref();
  server.once("close", () => clearInterval(timer));
}

function unfinishedHeads(connections: Iterable<Connection>): UnfinishedHead[] {
  return Array.from(connections)
    .filter(({ underWay }) => underWay === 0)
    .map(({ socket, readBefore }) => ({ socket, bytes: socket.bytesRead - readBefore }));
}

function closeLongest(heads: UnfinishedHead[], most: number): void {
  let together = heads.reduce((sum, { bytes }) => sum + bytes, 0);
  if (together <= most) return;
  const closed = [];
  for (const { socket, bytes } of heads.sort((a, b) => b.bytes - a.bytes)) {
    if (together <= most) break;
    together -= bytes;
    closed.push(socket);
  }
  for (const socket of closed) socket.destroy();
  log.warn(
    { closed: closed.length, mostBytes: most },
    "connections were closed whose heads were too long together",
  );
}
