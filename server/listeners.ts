import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "../lib/errors.ts";
import { attachFront, attachGateway, type OtherHandlers } from "../lib/gateway/attach.ts";
import { FrontServer } from "../lib/gateway/front/front-server.ts";
import type { RequestHead } from "../lib/gateway/request/client-request.ts";
import { GATEWAY_SERVER_OPTIONS } from "../lib/gateway/server-options.ts";
import type { ExchangeDoor, GatewayDoor } from "../lib/gateway/start.ts";
import { toErrorAnswer } from "../lib/http/error-answer.ts";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections } from "./connection-limits.ts";
import { trackConnections } from "./drain.ts";
import { receiveBody } from "./receive-body.ts";
import { refuseAmbiguous } from "./refuse-ambiguous.ts";
import { refuseRequest } from "./refuse-request.ts";
import { createRequestLimits, type RequestLimits } from "./request-limits.ts";

/** Whoever answers what is not the gateway's; the first that owns a request answers it. */
export interface Responder {
  owns(request: RequestHead): boolean;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** What a port takes at once. */
export interface PortLimits {
  requestLimits: RequestLimits;
  connectionLimits: ConnectionLimits;
}

const allLimits = (given: Partial<PortLimits> = {}): PortLimits => ({
  requestLimits: given.requestLimits ?? createRequestLimits([]),
  connectionLimits: given.connectionLimits ?? CONNECTION_LIMITS,
});

/** The plain HTTP server of the console's port. */
export function createWebServer(
  gateway: GatewayDoor,
  responders: Responder[],
  limits?: Partial<PortLimits>,
): Server {
  const server = createServer(GATEWAY_SERVER_OPTIONS);
  attachGateway(server, gateway, limitedHandlers(server, responders, allLimits(limits)));
  return server;
}

/** Milliseconds that a client may take to agree on TLS. */
const HANDSHAKE_MS = 20_000;

/** What the Kubernetes proxy's port serves beside its certificate, which may be replaced while it runs. */
export const KUBE_TLS_OPTIONS = { minVersion: "TLSv1.2" } as const;

/** The TLS server of the Kubernetes proxy's port; kubectl sends credentials over TLS only. It reads plain calls itself (lib/gateway/front). */
export function createKubeServer(
  { certificate, key }: CertificateAndKey,
  gateway: GatewayDoor & ExchangeDoor,
  responders: Responder[],
  limits?: Partial<PortLimits>,
): FrontServer {
  const options = { ...GATEWAY_SERVER_OPTIONS, ...KUBE_TLS_OPTIONS, cert: certificate, key };
  const server = new FrontServer({ ...options, handshakeTimeout: HANDSHAKE_MS });
  attachFront(server, gateway, {
    ...limitedHandlers(server, responders, allLimits(limits)),
    owns: (request) => responders.some((responder) => responder.owns(request)),
  });
  return server;
}

/** Bounds what a port takes at once, and yields who answers there what is not the gateway's. */
function limitedHandlers(
  server: Server | FrontServer,
  responders: Responder[],
  { requestLimits, connectionLimits }: PortLimits,
): OtherHandlers {
  trackConnections(server);
  limitConnections(server, requestLimits.isTrustedProxy, connectionLimits);
  const ownerOf = (request: IncomingMessage) => responders.find((responder) => responder.owns(request));
  return {
    request(request, response) {
      if (refuseAmbiguous(request, response) || !takePlace(requestLimits, request, response)) return;
      receiveBody(request, response, (received) => {
        const owner = ownerOf(received);
        if (owner) owner.handleRequest(received, response);
        else response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
      });
    },
    upgrade(request, socket, head) {
      const owner = ownerOf(request);
      if (owner?.handleUpgrade) owner.handleUpgrade(request, socket, head);
      else refuseUpgrade(socket);
    },
  };
}

/** False: too much of the client's network is under way, and it was told so. */
function takePlace(limits: RequestLimits, request: IncomingMessage, response: ServerResponse): boolean {
  try {
    response.once("close", limits.take(request));
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuseRequest(request, response, error);
    return false;
  }
}

/** How long a client that was refused an upgrade may take to close. */
const REFUSED_UPGRADE_MS = 1_000;

/** Answers an upgrade that is not taken, and closes. */
export function refuseUpgrade(
  socket: Duplex,
  error: unknown = new AppError("not_found", "Nothing here changes to another protocol."),
  more: Record<string, string> = {},
): void {
  // A peer that resets the connection meanwhile is nobody's error.
  socket.on("error", () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), REFUSED_UPGRADE_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () =>
    socket.writableFinished ? socket.destroy() : socket.once("finish", () => socket.destroy()),
  );
  socket.resume();
  const { status, headers, body } = toErrorAnswer(error);
  const text = Buffer.from(JSON.stringify(body));
  const fields = {
    ...headers,
    ...more,
    "Content-Type": "application/json",
    "Content-Length": text.length,
    Connection: "close",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n`);
  socket.end(text);
}
