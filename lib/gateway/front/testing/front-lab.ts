import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { endConnection, FOR_STRANGERS } from "../../answer/end-connection.ts";
import { attachFront } from "../../attach.ts";
import type { ClientExchange } from "../../call/client-exchange.ts";
import { GATEWAY_SERVER_OPTIONS } from "../../server-options.ts";
import { answerExchange } from "../../testing/answer-exchange.ts";
import { testCertificates } from "../../testing/certificates.ts";
import { connectRaw, type RawConnection } from "../../testing/raw-client.ts";
import { FrontServer } from "../front-server.ts";

/** A front with nothing behind it but the test: who read what is seen in the answers. */
export interface FrontLab {
  readonly server: FrontServer;
  readonly port: number;
  /** The calls that the front read. */
  readonly exchanges: ClientExchange[];
  /** What node:http read: method, target and body, or the bytes behind an Upgrade. */
  readonly readByNode: string[];
  /** What node's parser refused, and heads that were too slow. */
  readonly refused: string[];
  /** Sockets as the server has them, in their order. */
  readonly sockets: Socket[];
  /** How a call that the front read is answered; "front" at once where a test sets nothing. */
  onExchange: (exchange: ClientExchange) => void;
  connect(): Promise<RawConnection>;
  close(): Promise<void>;
}

export async function startFrontLab(options: object = {}): Promise<FrontLab> {
  const { certificate: cert, key } = await testCertificates();
  const server = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, ...options, cert, key });
  const clients: RawConnection[] = [];
  const lab: Omit<FrontLab, "port"> = {
    server,
    exchanges: [],
    readByNode: [],
    refused: [],
    sockets: [],
    onExchange: (exchange) => answerExchange(exchange, "front"),
    async connect() {
      const client = await connectRaw((server.address() as AddressInfo).port);
      clients.push(client);
      return client;
    },
    async close() {
      for (const { socket } of clients) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on("secureConnection", (socket: Socket) => lab.sockets.push(socket));
  attachFront(server, {
    handleExchange(exchange) {
      lab.exchanges.push(exchange);
      lab.onExchange(exchange);
    },
    handleRequest: (request, response) => void answerByNode(lab.readByNode, request, response),
    handleUpgrade(request, socket, head) {
      lab.readByNode.push(`${request.method} ${request.url} ${head}`);
      socket.end("HTTP/1.1 101 by node\r\n\r\n");
    },
    handleClientError(error, socket: Duplex) {
      lab.refused.push(error.code ?? error.message);
      endConnection(socket, Buffer.from("HTTP/1.1 400 by node\r\nConnection: close\r\n\r\n"), FOR_STRANGERS);
    },
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return Object.assign(lab, { port: (server.address() as AddressInfo).port });
}

async function answerByNode(
  seen: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.expect !== undefined) response.writeContinue();
  let body = "";
  for await (const chunk of request) body += chunk;
  seen.push(`${request.method} ${request.url} ${body}`);
  response.setHeader("Content-Type", "text/plain");
  response.end("node");
}

/** How many answers a client has got of whoever answers with `text`. */
export const answersOf = (client: RawConnection, text: string): number =>
  client.received().split(`\r\n\r\n${text}`).length - 1;
