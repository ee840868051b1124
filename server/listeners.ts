import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { attachGateway } from "../lib/gateway/attach.ts";
import { GATEWAY_SERVER_OPTIONS } from "../lib/gateway/server-options.ts";
import type { RunningGateway } from "../lib/gateway/start.ts";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";
import { trackConnections } from "./drain.ts";
import { refuseAmbiguous } from "./refuse-ambiguous.ts";

/** Whoever answers what is not the gateway's; the first that owns a request answers it. */
export interface Responder {
  owns(request: IncomingMessage): boolean;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The plain HTTP server of the console's port. */
export function createWebServer(gateway: RunningGateway, responders: Responder[]): Server {
  return connect(createServer(GATEWAY_SERVER_OPTIONS), gateway, responders, { restIsGateways: false });
}

/** What the Kubernetes proxy's port serves beside its certificate, which may be replaced while it runs. */
export const KUBE_TLS_OPTIONS = { minVersion: "TLSv1.2" } as const;

/** The TLS server of the Kubernetes proxy's port; kubectl sends credentials over TLS only. */
export function createKubeServer(
  { certificate, key }: CertificateAndKey,
  gateway: RunningGateway,
  responders: Responder[],
): TlsServer {
  const options = { ...GATEWAY_SERVER_OPTIONS, ...KUBE_TLS_OPTIONS, cert: certificate, key };
  return connect(createTlsServer(options), gateway, responders, { restIsGateways: true });
}

function connect<S extends Server | TlsServer>(
  server: S,
  gateway: RunningGateway,
  responders: Responder[],
  { restIsGateways }: { restIsGateways: boolean },
): S {
  trackConnections(server);
  const ownerOf = (request: IncomingMessage) => responders.find((responder) => responder.owns(request));
  attachGateway(server, gateway, {
    ...(restIsGateways && { owns: (request: IncomingMessage) => ownerOf(request) !== undefined }),
    request(request, response) {
      if (refuseAmbiguous(request, response)) return;
      const owner = ownerOf(request);
      if (owner) owner.handleRequest(request, response);
      else response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
    },
    upgrade(request, socket, head) {
      const owner = ownerOf(request);
      if (owner?.handleUpgrade) owner.handleUpgrade(request, socket, head);
      else refuseUpgrade(socket);
    },
  });
  return server;
}

function refuseUpgrade(socket: Duplex): void {
  // A peer that resets the connection meanwhile is nobody's error.
  socket.on("error", () => socket.destroy());
  socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
