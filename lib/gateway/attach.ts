import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { FrontServer } from "./front/front-server.ts";
import type { RequestHead } from "./request/client-request.ts";
import { ownsTarget } from "./request/request-target.ts";
import type { ExchangeDoor, GatewayDoor } from "./start.ts";

/** Whoever answers what is not the gateway's. */
export interface OtherHandlers {
  /** What is theirs; where this is left out, all that is not below the gateway's own path. */
  owns?(request: RequestHead): boolean;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Puts the gateway on a server: all that comes where there are no `others`, else what is not theirs. Create the server with
 * GATEWAY_SERVER_OPTIONS. Also what Node would answer by itself goes to the gateway, to be recorded.
 */
export function attachGateway(server: Server, gateway: GatewayDoor, others?: OtherHandlers): void {
  const takesTheRest = doesTakeTheRest(others);
  const owns = ownershipOf(others);
  const unclear = new WeakSet<Duplex>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    // The connection ends with the answer to the one before.
    if (unclear.has(request.socket)) return;
    // It is refused; and a proxy on the way may have found its end elsewhere (RFC 9112 §6.1), so that what follows is no request.
    if (hasOtherCoding(request)) {
      unclear.add(request.socket);
      response.shouldKeepAlive = false;
    }
    // Node drops what came right behind an Upgrade that it ignores (h2c): what comes later must not be read as a request.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    if (owns(request)) gateway.handleRequest(request, response);
    else others?.request(request, response);
  };
  server.on("request", onRequest);
  // Node would say 100 Continue, or 417, before anybody decided; whoever wants the body says it.
  server.on("checkContinue", onRequest);
  server.on("checkExpectation", onRequest);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (owns(request)) gateway.handleUpgrade(request, socket, head);
    else others?.upgrade(request, socket, head);
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    gateway.handleUpgrade(request, socket, head),
  );
  server.on("clientError", (error: Error, socket: Duplex) =>
    gateway.handleClientError(error, socket, { takesTheRest }),
  );
}

/** The same on a server that reads plain requests itself. */
export function attachFront(
  server: FrontServer,
  gateway: GatewayDoor & ExchangeDoor,
  others?: OtherHandlers,
): void {
  attachGateway(server, gateway, others);
  const takesTheRest = doesTakeTheRest(others);
  server.readRequests({
    owns: ownershipOf(others),
    handleExchange: (exchange, socket) => gateway.handleExchange(exchange, socket.remoteAddress),
    handleSlowHead: (socket) => gateway.handleClientError(new SlowHead(), socket, { takesTheRest }),
  });
}

const hasOtherCoding = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined && headers["transfer-encoding"].toLowerCase() !== "chunked";

/** As Node's own error of a head that does not come to its end in time. */
class SlowHead extends Error {
  readonly code = "ERR_HTTP_REQUEST_TIMEOUT";
}

/** What nobody else owns is the gateway's, though it may name no cluster. */
const doesTakeTheRest = (others: OtherHandlers | undefined) =>
  others === undefined || others.owns !== undefined;

/** Whether a request is the gateway's. */
function ownershipOf(others: OtherHandlers | undefined): (request: RequestHead) => boolean {
  if (others === undefined) return () => true;
  if (others.owns === undefined) return ({ url = "" }) => ownsTarget(url);
  return (request) => !others.owns!(request);
}
