import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { GATEWAY_SERVER_OPTIONS } from "../../../lib/gateway/server-options.ts";
import type { GatewayDoor } from "../../../lib/gateway/start.ts";
import { trackConnections } from "../../drain.ts";
import { MOST_PASSED_HEAD_BYTES, restoreHead, TUNNEL } from "./passed-head.ts";

/** The server of a gateway process for the calls that came to the console's port. To listen on a Unix socket that nobody but the main process can reach. */
export function createPassedCallsServer(gateway: GatewayDoor): Server {
  const options = {
    ...GATEWAY_SERVER_OPTIONS,
    maxHeaderSize: MOST_PASSED_HEAD_BYTES,
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade === TUNNEL,
  };
  const server = createServer(options);
  trackConnections(server);
  // As at the proxy's port, where TLS has no half that is closed: a client that has left is gone.
  server.on("connection", (socket) => {
    socket.allowHalfOpen = false;
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (restoreHead(request)) gateway.handleRequest(request, response);
    else request.socket.destroy();
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (restoreHead(request)) gateway.handleUpgrade(request, socket, head);
    else socket.destroy();
  });
  server.on("clientError", (error: Error, socket: Duplex) =>
    gateway.handleClientError(error, socket, { takesTheRest: false }),
  );
  return server;
}
