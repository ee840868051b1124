import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import httpProxy from "http-proxy";
import { isEnding } from "../../../lib/gateway/answer/end-connection.ts";
import type { GatewayDoor } from "../../../lib/gateway/start.ts";
import { PassedCall } from "./passed-call.ts";
import { tunnelUpgrade } from "./tunnel-upgrade.ts";

/**
 * Passes the calls that come to a server of this process to a gateway process, which listens on `socketPath`: ordinary ones by http-proxy, upgrades by a
 * tunnel. `gateway`: this process's own, for what Node's parser refuses before there is a call to pass.
 */
export function passCalls(socketPath: string, gateway: GatewayDoor): GatewayDoor {
  const calls = new WeakMap<IncomingMessage, PassedCall>();
  const answering = new WeakMap<Duplex, PassedCall>();
  const target = { socketPath, protocol: "http:" } as unknown as httpProxy.ServerOptions["target"];
  const proxy = httpProxy.createProxyServer({ target, selfHandleResponse: true });
  proxy.on("proxyReq", (passing, request) => calls.get(request)?.begin(passing));
  proxy.on("proxyRes", (answer, request) => calls.get(request)?.answer(answer));
  /** Of each connection that has a call under way, those behind it: each takes a connection, and a client may send any number at once. */
  const waiting = new WeakMap<Duplex, (() => void)[]>();
  const passNext = (socket: Socket) => {
    const next = waiting.get(socket)?.shift();
    if (next && !socket.destroyed && !isEnding(socket)) next();
    else waiting.delete(socket);
  };
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const call = new PassedCall(request, response);
    calls.set(request, call);
    answering.set(socket, call);
    response.once("close", () => {
      answering.delete(socket);
      passNext(socket);
    });
    proxy.web(request, response, {}, (error) => call.fail(error));
  };

  return {
    handleRequest(request: IncomingMessage, response: ServerResponse) {
      const { socket } = request;
      if (isEnding(socket)) return;
      const behind = waiting.get(socket);
      if (behind) behind.push(() => pass(request, response));
      else {
        waiting.set(socket, []);
        pass(request, response);
      }
    },
    handleUpgrade(request, socket, head) {
      if (!isEnding(socket)) tunnelUpgrade(socketPath, request, { socket, head });
    },
    handleClientError(error, socket, server) {
      const call = answering.get(socket);
      if (call === undefined) gateway.handleClientError(error, socket, server);
      else call.breakOff(error);
    },
  };
}
