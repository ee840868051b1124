import http, { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { openTls } from "../network/open-tls.ts";
import { requestHeaders, responseHeaders } from "./client-headers.ts";
import type { StreamOpener } from "./stream-opener.ts";
import { upgrade } from "./upgrade.ts";

/** Of headers in all, as kube-apiserver takes them. */
const MOST_HEADER_BYTES = 1024 * 1024;

/** How calls reach the API server and prove themselves there. */
export interface Credential {
  host: string;
  port: number;
  /** PEM; null: what the machine trusts. */
  certificateAuthority: string | null;
  token: () => Promise<string>;
}

/**
 * Mode `agent`: the gateway sends HTTP/1.1 without a credential; the agent speaks TLS to its API server and adds its token. Each stream has
 * a connection to the API server of its own, so that one ends with the other, as without an agent between.
 */
export function withCredential(credential: Credential): StreamOpener {
  const connections = new WeakMap<Duplex, Agent>();
  const agentOf = (request: IncomingMessage) => connections.get(request.socket)!;
  const server = http.createServer({
    maxHeaderSize: MOST_HEADER_BYTES,
    keepAliveTimeout: 0,
    requestTimeout: 0,
  });
  const authority = `${credential.host.includes(":") ? `[${credential.host}]` : credential.host}:${credential.port}`;
  const prepare = async (request: IncomingMessage) => ({
    ...{
      method: request.method,
      path: request.url,
      agent: agentOf(request),
      host: credential.host,
      port: credential.port,
    },
    headers: requestHeaders(request.rawHeaders, { token: await credential.token(), host: authority }),
  });
  server.on("request", (request, response) => {
    prepare(request).then(
      (options) => forward(request, response, options),
      () => request.socket.destroy(),
    );
  });
  server.on("upgrade", (request, socket, head) => {
    prepare(request).then(
      (options) => upgrade(socket as Duplex as ServerHttp2Stream, head, options),
      () => socket.destroy(),
    );
  });
  return {
    async open(stream, signal) {
      // A token that cannot be read is told before anything is sent.
      await credential.token();
      const trust = credential.certificateAuthority === null ? {} : { ca: credential.certificateAuthority };
      const secured = await openTls({ ...credential, proxy: null }, trust, signal);
      if (stream.destroyed) {
        secured.destroy();
        return;
      }
      stream.respond({ ":status": 200 });
      connections.set(stream, agentOn(secured));
      endTogether(stream, secured);
      server.emit("connection", stream);
    },
    drain: () => server.closeIdleConnections(),
  };
}

/** An agent of Node's HTTP client that has this one connection, for one call after the other. */
function agentOn(socket: TLSSocket): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;
  return agent;
}

function endTogether(stream: ServerHttp2Stream, socket: TLSSocket): void {
  socket.on("close", () => {
    if (!stream.writableEnded) stream.end();
  });
  stream.on("close", () => socket.destroy());
}

function forward(request: IncomingMessage, response: ServerResponse, options: http.RequestOptions): void {
  const call = http.request(options);
  // Without an answer, as if the API server had closed the connection: the gateway knows what that means for a call.
  const breakOff = () => request.socket.destroy();
  call.on("error", breakOff);
  call.on("response", (answer) => {
    response.sendDate = false;
    response.writeHead(answer.statusCode!, answer.statusMessage, responseHeaders(answer.rawHeaders));
    // A watch may have nothing to say for hours.
    response.flushHeaders();
    answer.on("error", breakOff);
    answer.pipe(response);
  });
  response.on("close", () => {
    if (!response.writableFinished) call.destroy();
  });
  request.on("error", breakOff);
  request.pipe(call);
}
