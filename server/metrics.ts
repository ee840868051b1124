import type { IncomingMessage, ServerResponse } from "node:http";
import { register } from "prom-client";
import { requirePermission } from "../lib/access/permission.ts";
import type { Context } from "../lib/context.ts";
import { type ClientAddressReader, createClientAddressReader } from "../lib/http/client-address.ts";
import { toErrorAnswer } from "../lib/http/error-answer.ts";
import { contextFromBearer } from "../lib/identity/request-context.ts";
import { log } from "../lib/log.ts";
import type { Responder } from "./listeners.ts";

/** What a proxy adds to a request that it passes on. A peer on this machine that sends one speaks for somebody else. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

const readPeer = createClientAddressReader([]);

interface MetricsOptions {
  trustedProxies: readonly string[];
  publicUrl: string;
  /** The metrics as text; this process's own where it is left out. */
  read?: () => Promise<string>;
}

/**
 * Answers `/metrics` to programs on this machine, where the console is for this machine alone: a proxy that adds no header cannot be told
 * from them, and whoever has one says so in `publicUrl`. To all others with the bearer token of an administrator, an auditor or an
 * application: the numbers say how much is done here, and how well the record keeps up.
 */
export function createMetrics({
  trustedProxies,
  publicUrl,
  read = () => register.metrics(),
}: MetricsOptions): Responder {
  const readClient = createClientAddressReader(trustedProxies);
  const isForThisMachine = isLoopback(new URL(publicUrl).hostname);
  return {
    owns: ({ url }) => url?.split("?")[0] === "/metrics",
    handleRequest(request, response) {
      void respond(request, response, { readClient, isForThisMachine, read });
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  {
    readClient,
    isForThisMachine,
    read,
  }: { readClient: ClientAddressReader; isForThisMachine: boolean; read: () => Promise<string> },
): Promise<void> {
  try {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return;
    }
    if (!isForThisMachine || !isLocal(request)) await authorizeReader(request, readClient);
    const body = await read();
    response.writeHead(200, { "Content-Type": register.contentType, "Cache-Control": "no-store" }).end(body);
  } catch (error) {
    const { status, headers, body } = toErrorAnswer(error);
    if (status >= 500) log.error({ err: error, path: "/metrics" }, "the metrics could not be answered");
    const type = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
  }
}

/** By the socket's own address, which no header changes. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const peer = readPeer(socket.remoteAddress, undefined);
  return peer !== null && isLoopback(peer) && !PROXY_HEADERS.some((name) => headers[name] !== undefined);
}

const isLoopback = (host: string) => ["localhost", "::1", "[::1]"].includes(host) || host.startsWith("127.");

async function authorizeReader(
  { headers, socket }: IncomingMessage,
  readClient: ClientAddressReader,
): Promise<void> {
  const forwardedFor = headers["x-forwarded-for"];
  const anonymous: Context = {
    actor: { kind: "anonymous" },
    sourceIp: readClient(socket.remoteAddress, forwardedFor?.toString()),
    userAgent: headers["user-agent"] ?? null,
    requestId: crypto.randomUUID(),
  };
  const { authorization } = headers;
  const ctx = authorization === undefined ? anonymous : await contextFromBearer(authorization, anonymous);
  requirePermission(ctx, "settings:read");
}
