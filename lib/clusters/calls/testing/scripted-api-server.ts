import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import { testCertificates } from "../../../gateway/testing/certificates.ts";
import { testUpstream } from "../../../gateway/testing/test-upstream.ts";
import type { Upstream } from "../../upstream.ts";

/** A connection as the API server has it. */
export interface ServedConnection {
  readonly socket: Socket;
  /** The beginning of what came on it, in Latin-1. */
  received: string;
  receivedBytes: number;
  /** What came in one piece each. */
  readonly pieces: string[];
  isClosed: boolean;
}

/** An API server whose every byte a test writes: over TLS, where it takes any client certificate, or without. */
export interface ScriptedApiServer {
  upstream: Upstream;
  /** In the order in which they came, those that are closed too. */
  readonly connections: ServedConnection[];
  /** What is done when the head of a request has come. */
  onHead: (connection: ServedConnection, head: string) => void;
  /** Begins anew: without connections on either side. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

const MOST_KEPT_BYTES = 100_000;
const HEAD_END = "\r\n\r\n";

export async function startScriptedApiServer(scheme: "http" | "https"): Promise<ScriptedApiServer> {
  const { certificate, key, ca } = await testCertificates();
  const server =
    scheme === "https"
      ? tls.createServer({ cert: certificate, key, requestCert: true, rejectUnauthorized: false }, (socket) =>
          serve(socket),
        )
      : net.createServer((socket) => serve(socket));
  const serve = (socket: Socket): void => {
    const connection: ServedConnection = {
      socket,
      received: "",
      receivedBytes: 0,
      pieces: [],
      isClosed: false,
    };
    api.connections.push(connection);
    let told = 0;
    socket.setNoDelay(true);
    socket
      .on("error", () => undefined)
      .on("close", () => {
        connection.isClosed = true;
      });
    socket.on("data", (chunk: Buffer) => {
      connection.receivedBytes += chunk.length;
      if (connection.receivedBytes > MOST_KEPT_BYTES) return;
      const piece = chunk.toString("latin1");
      connection.pieces.push(piece);
      connection.received += piece;
      // Of requests without a body all of them, of the first one with a body its head.
      const at = connection.received.indexOf(HEAD_END, told);
      if (at === -1) return;
      const head = connection.received.slice(told, at);
      told = at + HEAD_END.length;
      api.onHead(connection, head);
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const createUpstream = () => testUpstream({ url, ca: scheme === "https" ? ca : null, token: null });
  const api: ScriptedApiServer = {
    upstream: createUpstream(),
    connections: [],
    onHead: ({ socket }) => socket.write(answer("ok")),
    async renew() {
      await api.upstream.calls.destroy();
      for (const { socket } of api.connections.splice(0)) socket.destroy();
      api.upstream = createUpstream();
    },
    async close() {
      await api.renew();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}

/** An answer with that content, of known length. */
export const answer = (content: string, headers = ""): string =>
  `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${content.length}\r\n\r\n${content}`;
