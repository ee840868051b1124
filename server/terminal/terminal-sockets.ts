import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { validate as isUuid } from "uuid";
import { WebSocketServer } from "ws";
import { AppError } from "../../lib/errors.ts";
import { createClientAddressReader } from "../../lib/http/client-address.ts";
import { networkOf } from "../../lib/http/ip-address.ts";
import { ConcurrencyLimit } from "../../lib/limits/concurrency-limit.ts";
import { log } from "../../lib/log.ts";
import { TERMINAL_PROTOCOL } from "../../lib/terminal/sessions/schema.ts";
import type { Terminals } from "../../lib/terminal/sessions/terminals.ts";
import { type Responder, refuseUpgrade } from "../listeners.ts";
import { refuseRequest } from "../refuse-request.ts";
import { admitConnection } from "./admit-connection.ts";
import { SocketConnection } from "./socket-connection.ts";

const PATH = /^\/api\/v1\/terminals\/([^/?]+)\/socket(?:\?|$)/;
/** A whole message: an object that was edited in the page is the longest. */
const MOST_MESSAGE_BYTES = 4 * 2 ** 20;
/** Connections that are being looked at, of one network and of all: each asks the database whose it is. */
const MOST_ASKING_OF_NETWORK = 16;
const MOST_ASKING = 64;

/** What a browser reaches its terminals by, on the console's port: `/api/v1/terminals/{id}/socket`. */
export function createTerminalSockets({
  terminals,
  publicUrl,
  trustedProxies,
}: {
  terminals: Terminals;
  publicUrl: string;
  trustedProxies: readonly string[];
}): Responder {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    // Compression would hold memory for each, and tell lengths of what is secret (CRIME).
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => TERMINAL_PROTOCOL,
  });
  const readAddress = createClientAddressReader(trustedProxies);
  const asking = new ConcurrencyLimit(MOST_ASKING);
  const askingOfNetwork = new ConcurrencyLimit(MOST_ASKING_OF_NETWORK);

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const clientIp = readAddress(
      request.socket.remoteAddress,
      request.headers["x-forwarded-for"]?.toString(),
    );
    const leave = takePlaces([
      [asking, ""],
      [askingOfNetwork, networkOf(clientIp)],
    ]);
    if (leave === null) throw tooMany();
    try {
      const terminalId = PATH.exec(request.url ?? "")?.[1] ?? "";
      if (!isUuid(terminalId)) throw new AppError("not_found", "There is no terminal with that id.");
      const terminal = await admitConnection({ request, terminalId, clientIp, publicUrl, terminals });
      if (socket.destroyed) return;
      server.handleUpgrade(
        request,
        socket,
        head,
        (opened) => new SocketConnection(opened, terminal, clientIp),
      );
    } finally {
      leave();
    }
  }

  return {
    owns: ({ url = "" }) => PATH.test(url),
    handleRequest(request, response) {
      refuseRequest(
        request,
        response,
        new AppError("invalid_argument", "This address is a WebSocket's."),
        426,
      );
    },
    handleUpgrade(request, socket, head) {
      // A peer that resets the connection meanwhile is nobody's error.
      const ignore = () => socket.destroy();
      socket.on("error", ignore);
      connect(request, socket, head)
        .catch((error: unknown) => {
          if (!(error instanceof AppError)) log.error({ err: error }, "a terminal could not be connected to");
          refuseUpgrade(socket, error instanceof AppError ? error : unavailable());
        })
        .finally(() => socket.off("error", ignore));
    },
  };
}

/** A place of each, or none. */
function takePlaces(places: [ConcurrencyLimit, string][]): (() => void) | null {
  const taken: (() => void)[] = [];
  const leave = () => {
    for (const giveBack of taken) giveBack();
  };
  for (const [limit, key] of places) {
    const giveBack = limit.take(key);
    if (giveBack === null) {
      leave();
      return null;
    }
    taken.push(giveBack);
  }
  return leave;
}

const tooMany = () =>
  new AppError("resource_exhausted", "Too many terminals are being connected to. Try again in a moment.", {
    retryAfterSeconds: 1,
  });

const unavailable = () =>
  new AppError("unavailable", "The terminal cannot be reached at the moment. Try again.", {
    retryAfterSeconds: 2,
  });
