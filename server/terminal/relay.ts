import { createServer, type IncomingMessage, type Server } from "node:http";
import { attachGateway } from "../../lib/gateway/attach.ts";
import { noteShellCall } from "../../lib/gateway/request/shell-call.ts";
import { GATEWAY_SERVER_OPTIONS } from "../../lib/gateway/server-options.ts";
import type { GatewayDoor } from "../../lib/gateway/start.ts";
import { log } from "../../lib/log.ts";
import type { Relay, RelayedTerminal } from "../../lib/terminal/sessions/terminal-services.ts";

/** Of one terminal: kubectl has a few, and a pipe several kubectl. */
const MOST_CONNECTIONS = 64;

/** Who a client says it is, and what command it says to be: the relay alone says that. */
const NOT_TAKEN = /^(authorization|cookie2?|forwarded|x-forwarded-.*|x-real-ip|kubectl-(command|session))$/;

/**
 * Listens on a terminal's Unix socket and hands its calls to the gateway, as calls of that terminal to its cluster: with its token, which is nowhere else, the browser's
 * address, and the command line that runs. What is on the other end of the socket holds no secret and can name no other cluster.
 */
export async function openRelay(door: GatewayDoor, socketPath: string, of: RelayedTerminal): Promise<Relay> {
  const server = createServer(GATEWAY_SERVER_OPTIONS);
  server.maxConnections = MOST_CONNECTIONS;
  const sockets = openSockets(server);
  attachGateway(server, {
    handleRequest(request, response) {
      if (present(request, of)) door.handleRequest(request, response);
      else request.socket.destroy();
    },
    handleUpgrade(request, socket, head) {
      if (present(request, of)) door.handleUpgrade(request, socket, head);
      else socket.destroy();
    },
    handleClientError: (error, socket, server) => door.handleClientError(error, socket, server),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  // From now on it is of one connection that could not be taken.
  server.on("error", (error) => log.error({ err: error }, "a connection of a terminal was not taken"));
  return {
    socketPath,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function openSockets(server: Server) {
  const sockets = new Set<IncomingMessage["socket"]>();
  server.on("connection", (socket) => {
    // As at the proxy's port, where TLS has no half that is closed: a client that has left is gone.
    socket.allowHalfOpen = false;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** Makes a request the terminal's, in place. False: it names no path. */
function present(
  request: IncomingMessage,
  { cluster, token, terminalId, clientIp, running }: RelayedTerminal,
): boolean {
  if (!request.url?.startsWith("/")) return false;
  request.url = `/k8s/clusters/${cluster}${request.url}`;
  const authorization = `Bearer ${token}`;
  request.rawHeaders = [...takenHeaders(request.rawHeaders), "Authorization", authorization];
  for (const name of Object.keys(request.headers)) if (isNotTaken(name)) delete request.headers[name];
  request.headers.authorization = authorization;
  Object.defineProperty(request.socket, "remoteAddress", {
    value: clientIp() ?? undefined,
    configurable: true,
  });
  const command = running();
  noteShellCall(request, { terminalId, command: command && { id: command.id, line: command.line } });
  return true;
}

const isNotTaken = (name: string): boolean => NOT_TAKEN.test(name.toLowerCase().replaceAll("_", "-"));

function takenHeaders(rawHeaders: readonly string[]): string[] {
  const taken: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (!isNotTaken(rawHeaders[index]!)) taken.push(rawHeaders[index]!, rawHeaders[index + 1]!);
  }
  return taken;
}
