import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { isEnding } from "../answer/end-connection.ts";
import { NodeExchange } from "../arrive/node-exchange.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import { FrontServer } from "../front/front-server.ts";
import { GATEWAY_SERVER_OPTIONS } from "../server-options.ts";
import { testCertificates } from "./certificates.ts";

/** A TLS server that makes exchanges of the requests that come to it. */
export interface ExchangeServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A way from a connection to an exchange. */
export interface ExchangeDoor {
  name: string;
  open(handle: (exchange: ClientExchange) => void): Promise<ExchangeServer>;
}

const nodeDoor: ExchangeDoor = {
  name: "node:http",
  async open(handle) {
    const { certificate, key } = await testCertificates();
    const server = https.createServer({ ...GATEWAY_SERVER_OPTIONS, cert: certificate, key });
    readByNode(server, handle);
    return listening(server);
  },
};

/** The gateway's own reader, which leaves to node:http what it does not read. */
const frontDoor: ExchangeDoor = {
  name: "the gateway's front",
  async open(handle) {
    const { certificate, key } = await testCertificates();
    const server = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, cert: certificate, key });
    readByNode(server, handle);
    server.readRequests({
      owns: () => true,
      handleExchange: handle,
      handleSlowHead: (socket) => socket.destroy(),
    });
    return listening(server);
  },
};

/** Every one there is: what holds for one holds for each. */
export const EXCHANGE_DOORS: readonly ExchangeDoor[] = [nodeDoor, frontDoor];

function readByNode(server: https.Server, handle: (exchange: ClientExchange) => void): void {
  const exchanges = new WeakMap<object, NodeExchange>();
  const take = (request: IncomingMessage, response: ServerResponse) => {
    if (isEnding(request.socket)) return;
    const exchange = new NodeExchange(request, response);
    exchanges.set(request.socket, exchange);
    handle(exchange);
  };
  server.on("request", take);
  server.on("checkContinue", take);
  server.on("clientError", (error, socket) => exchanges.get(socket)?.breakOff(error));
}

async function listening(server: https.Server): Promise<ExchangeServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
