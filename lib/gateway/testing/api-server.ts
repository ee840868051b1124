import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Upstream } from "../../clusters/upstream.ts";
import { testCertificates } from "./certificates.ts";
import { testUpstream } from "./test-upstream.ts";

interface SeenRequest {
  method: string;
  url: string;
  rawHeaders: string[];
  headers: IncomingMessage["headers"];
}

/** A tiny API server: answers as it is told and remembers what it was asked. */
export interface ApiServer {
  readonly seen: SeenRequest[];
  readonly upstream: Upstream;
  /** Connections that are open now. */
  connections(): number;
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
}

const TOKEN = "gateway-credential";

export async function startApiServer(): Promise<ApiServer> {
  const { certificate, key, ca } = await testCertificates();
  const server = https.createServer({ cert: certificate, key, maxHeaderSize: 2 ** 21 });
  const sockets = new Set<Duplex>();
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const note = ({ method = "", url = "", rawHeaders, headers }: IncomingMessage) =>
    api.seen.push({ method, url, rawHeaders, headers });
  const api: ApiServer = {
    seen: [],
    upstream: testUpstream({ url, ca, token: TOKEN }),
    connections: () => sockets.size,
    onRequest: (_request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end('{"kind":"PodList","items":[]}');
    },
    onUpgrade: (_request, socket) => socket.destroy(),
    async close() {
      await api.upstream.calls.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on("request", (request, response) => {
    note(request);
    api.onRequest(request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    note(request);
    api.onUpgrade(request, socket, head);
  });
  return api;
}
