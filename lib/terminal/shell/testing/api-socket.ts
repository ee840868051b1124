import http from "node:http";
import https from "node:https";
import type net from "node:net";
import tls from "node:tls";

/** A call that came by the socket. */
export interface SeenCall {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
}

/** A Unix socket whose other end is an API server, with a token that only this process knows: what the gateway is to a shell. */
export async function serveApiSocket(
  path: string,
  api: { url: string; ca: string; token: string },
): Promise<{ calls: SeenCall[]; close(): Promise<void> }> {
  const calls: SeenCall[] = [];
  const target = new URL(api.url);
  const seen = (request: http.IncomingMessage) => {
    calls.push({ method: request.method!, url: request.url!, headers: request.headers });
    return { ...request.headers, host: target.host, authorization: `Bearer ${api.token}` };
  };
  const sockets = new Set<net.Socket>();
  const server = http.createServer((request, response) => {
    const { method, url: path } = request;
    const options = {
      host: target.hostname,
      port: target.port,
      ca: api.ca,
      method,
      path,
      headers: seen(request),
    };
    const call = https.request(options, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    call.on("error", () => response.destroy());
    response.on("close", () => call.destroy());
    request.pipe(call);
  });
  server.on("upgrade", (request: http.IncomingMessage, client: net.Socket, head: Buffer) => {
    const headers = Object.entries(seen(request)).map(([name, value]) => `${name}: ${value}\r\n`);
    const upstream = tls.connect({ host: target.hostname, port: Number(target.port), ca: api.ca }, () => {
      upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as [net.Socket, net.Socket][]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
