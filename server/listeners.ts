import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";

/** Whoever answers requests; the first that owns a request answers it. */
export interface Responder {
  owns(request: IncomingMessage): boolean;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

// A `kubectl cp` uploads for hours: no limit on a whole request. Headers must come soon.
const OPTIONS: ServerOptions = {
  requestTimeout: 0,
  headersTimeout: 20_000,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 64 * 1024,
  noDelay: true,
};

/** The plain HTTP server of the console's port. */
export function createWebServer(responders: Responder[]): Server {
  return connect(createServer(OPTIONS), responders);
}

/** The TLS server of the Kubernetes proxy's port; kubectl sends credentials over TLS only. */
export function createKubeServer(
  { certificate, key }: CertificateAndKey,
  responders: Responder[],
): TlsServer {
  return connect(createTlsServer({ ...OPTIONS, cert: certificate, key, minVersion: "TLSv1.2" }), responders);
}

function connect<S extends Server | TlsServer>(server: S, responders: Responder[]): S {
  const ownerOf = (request: IncomingMessage) => responders.find((responder) => responder.owns(request));
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const owner = ownerOf(request);
    if (owner) owner.handleRequest(request, response);
    else response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const handleUpgrade = ownerOf(request)?.handleUpgrade;
    if (handleUpgrade) handleUpgrade(request, socket, head);
    else refuseUpgrade(socket);
  });
  return server;
}

function refuseUpgrade(socket: Duplex): void {
  // A peer that resets the connection meanwhile is nobody's error.
  socket.on("error", () => socket.destroy());
  socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
