import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { attachClientAddress } from "../lib/identity/forwarded-client.ts";

type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;
/** Handlers by `METHOD /path`; `[id]` in a path is a parameter, as in the names of their folders. */
export type Routes = Record<string, Handler>;

export interface RouteServer {
  url: string;
  /** Requests come from there, as a trusted proxy would say; null: from the socket's own address. */
  from: string | null;
  close(): Promise<void>;
}

/** Serves route handlers on a loopback port, with the client's address attached as the server attaches it. */
export async function serveRoutes(routes: Routes): Promise<RouteServer> {
  const state = { from: null as string | null };
  const server = createServer((incoming, outgoing) => {
    attachClientAddress(incoming, state.from ?? incoming.socket.remoteAddress ?? null);
    answer(routes, incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

async function answer(routes: Routes, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url!, `http://${incoming.headers.host}`);
  const found = findRoute(routes, `${incoming.method} ${url.pathname}`);
  if (!found) return void outgoing.writeHead(404).end();
  const left = new AbortController();
  outgoing.on("close", () => left.abort());
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const request = new Request(url, {
    method: incoming.method,
    signal: left.signal,
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]) as [
      string,
      string,
    ][],
    ...(hasBody && { body: Readable.toWeb(incoming) as unknown as BodyInit, duplex: "half" }),
  } as RequestInit);
  const response = await found.handler(request, { params: Promise.resolve(found.params) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) return void outgoing.end();
  // Whoever leaves while it streams has left: that is no failure.
  await pipeline(Readable.fromWeb(response.body as never), outgoing).catch((error) => {
    if (!left.signal.aborted) throw error;
  });
}

function findRoute(
  routes: Routes,
  asked: string,
): { handler: Handler; params: Record<string, string> } | null {
  const exact = routes[asked];
  if (exact) return { handler: exact, params: {} };
  for (const [route, handler] of Object.entries(routes)) {
    const pattern = route.replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)");
    const { groups } = new RegExp(`^${pattern}$`).exec(asked) ?? {};
    if (groups) return { handler, params: { ...groups } };
  }
  return null;
}
