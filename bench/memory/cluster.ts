import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptWebSocket } from "../../lib/gateway/testing/upstream-session.ts";
import { FRAMES_PER_SECOND, frameOf } from "../sessions/session-load.ts";

const ANSWER = JSON.stringify({
  kind: "PodList",
  apiVersion: "v1",
  metadata: {},
  items: [],
  padding: "x".repeat(940),
});
/** As long as a pod's change is, or shorter. */
const EVENT = `${JSON.stringify({ type: "MODIFIED", object: { kind: "Pod", padding: "x".repeat(3_000) } })}\n`;

export interface MemoryCluster {
  port: number;
  watches(): number;
  close(): void;
}

/** An API server: lists of 1 KB, watches with an event now and then each (every `eventMs` on average), sessions that show 5 KB/s. */
export async function startCluster(
  tls: { cert: string; key: string },
  eventMs: number,
): Promise<MemoryCluster> {
  const watches = new Set<ServerResponse>();
  const server = https.createServer(tls, (request, response) => {
    request.resume();
    if (new URL(request.url!, "https://unused").searchParams.get("watch") === "true")
      return startWatch(watches, response);
    response.writeHead(200, { "Content-Type": "application/json" }).end(ANSWER);
  });
  server.on("upgrade", startSession);
  const events = setInterval(() => {
    for (const watch of watches) if (Math.random() < TICK_MS / eventMs) watch.write(EVENT);
  }, TICK_MS);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    watches: () => watches.size,
    close() {
      clearInterval(events);
      server.closeAllConnections();
      server.close();
    },
  };
}

const TICK_MS = 100;

function startWatch(watches: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.write(EVENT);
  watches.add(response);
  response.once("close", () => watches.delete(response));
}

function startSession(request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  socket.resume();
  acceptWebSocket(request, socket);
  let turn = 0;
  const timer = setInterval(() => socket.write(frameOf(performance.now(), turn++)), 1000 / FRAMES_PER_SECOND);
  socket.once("close", () => clearInterval(timer));
}
