import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { ForwardableCall } from "../call/call.ts";
import { announcesBody } from "../request/announced-body.ts";
import { isMutation, type RequestInfo } from "../request/request-info.ts";

/** How long a cluster may take to begin an answer that is not long-running. */
const HEADERS_TIMEOUT_MS = 300_000;

/** The request for the cluster, as undici takes it. The body is the client's own stream, unless it was read before. */
export function dispatchOptions(
  request: IncomingMessage,
  { upstream, target, headers, body }: ForwardableCall,
  longRunning: boolean,
): Dispatcher.DispatchOptions {
  return {
    origin: upstream.endpoint.origin,
    path: upstream.basePath + target.path + target.query,
    method: request.method as Dispatcher.HttpMethod,
    headers,
    body: body ?? (announcesBody(request) ? clientBody(request) : null),
    headersTimeout: longRunning ? 0 : HEADERS_TIMEOUT_MS,
    bodyTimeout: 0,
  };
}

/**
 * The client's body. A cluster that answers before the body is whole ends the reading of it, and not the client's connection, on
 * which the answer still has to go.
 */
function clientBody(request: IncomingMessage): Readable {
  // undici takes any async iterable; its types do not say so.
  return chunksOf(request) as unknown as Readable;
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    // Whatever still comes is dropped.
    request.resume();
  }
}

const BROKEN_CONNECTION: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * A kept-alive connection may end at the moment it is used again. A request without a body that changes nothing and got no
 * answer at all may be made once more, as Go's and browsers' clients do (RFC 9110 §9.2.2).
 */
export function mayRetry(request: IncomingMessage, info: RequestInfo, error: NodeJS.ErrnoException): boolean {
  return !isMutation(info) && !announcesBody(request) && BROKEN_CONNECTION.has(error.code ?? "");
}

/** Puts the cluster's present credential in the place of the one that it refused. */
export async function replaceCredential({ upstream, headers }: ForwardableCall): Promise<void> {
  const credential = await upstream.authorization();
  const at = headers.lastIndexOf("Authorization");
  if (at !== -1 && credential !== null) headers[at + 1] = credential;
}
