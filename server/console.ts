import { createServer } from "node:http";
import next from "next";
import { createClientAddressReader } from "../lib/http/client-address.ts";
import { attachClientAddress } from "../lib/identity/forwarded-client.ts";
import { type Responder, refuseUpgrade } from "./listeners.ts";
import { keepUncaughtFrom } from "./uncaught.ts";

/** The web application and its API, as Next serves them inside this process; owns whatever nobody before it owns. */
export async function createConsole(options: {
  development: boolean;
  port: number;
  trustedProxies: readonly string[];
}): Promise<Responder & { close(): Promise<void> }> {
  // Next adds an `upgrade` listener of its own to the server it is given, and that one would end the gateway's sockets:
  // it gets a server that never listens, and only its own upgrades are passed on.
  const hub = createServer();
  const application = next({
    dev: options.development,
    hostname: "localhost",
    port: options.port,
    httpServer: hub,
  });
  await keepUncaughtFrom(() => application.prepare());
  const handle = application.getRequestHandler();
  const readClientAddress = createClientAddressReader(options.trustedProxies);
  return {
    owns: () => true,
    handleRequest(request, response) {
      const forwardedFor = request.headers["x-forwarded-for"];
      const address = readClientAddress(request.socket.remoteAddress, forwardedFor?.toString());
      attachClientAddress(request, address);
      void handle(request, response);
    },
    handleUpgrade(request, socket, head) {
      // Of Next's, the development server's page updates alone; a built console has nothing to upgrade to.
      if (options.development && request.url?.startsWith("/_next/")) {
        hub.emit("upgrade", request, socket, head);
      } else refuseUpgrade(socket);
    },
    close: () => application.close(),
  };
}
