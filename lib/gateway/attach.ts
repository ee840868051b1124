import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ownsTarget } from "./request/request-target.ts";
import type { GatewayDoor } from "./start.ts";

/** Whoever answers what is not the gateway's. */
export interface OtherHandlers {
  /** What is theirs; where this is left out, all that is not below the gateway's own path. */
  owns?(request: IncomingMessage): boolean;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Puts the gateway on a server: all that comes where there are no `others`, else what is not theirs. Create the server with
 * GATEWAY_SERVER_OPTIONS. Also what Node would answer by itself goes to the gateway, to be recorded.
 */
export function attachGateway(server: Server, gateway: GatewayDoor, others?: OtherHandlers): void {
  /** What nobody else owns is the gateway's, though it may name no cluster. */
  const takesTheRest = others === undefined || others.owns !== undefined;
  const owns = (request: IncomingMessage) =>
    takesTheRest ? others?.owns?.(request) !== true : ownsTarget(request.url ?? "");
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
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
