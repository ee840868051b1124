import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { type BodyCapture, createBodyCapture } from "../../audit/redaction/body-capture.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import type { ForwardableCall, ForwardInput } from "../call/call.ts";
import { namesObjectInBody } from "../record/created-name.ts";
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
    path: basePath(upstream.endpoint) + target.path + target.query,
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

/** What goes before a request's path where the API server stands below one. */
export function basePath({ pathname }: URL): string {
  return pathname === "/" ? "" : pathname.replace(/\/$/, "");
}

/** Whether a body comes with the request (RFC 9112 §6). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** Whether the client sends its body only when it is told to (RFC 9110 §10.1.1). */
export function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && announcesBody(request);
}

/** Takes note of the body of a call that changes something; null for any other. */
export function captureBody(
  request: IncomingMessage,
  info: RequestInfo,
  redactor: TextRedactor,
): BodyCapture | null {
  if (!announcesBody(request) || !isMutation(info)) return null;
  const { resource, subresource, verb } = info;
  const encoding = request.headers["content-encoding"];
  return createBodyCapture({
    contentType: request.headers["content-type"],
    contentEncoding: Array.isArray(encoding) ? encoding.join(", ") : encoding,
    requestInfo: { resource, subresource, verb },
    redactor,
  });
}

/** What the body tells: itself, and the name that the path of a create lacks. The cluster gives one where `generateName` asks for it. */
export function noteBody(
  { record, call }: Pick<ForwardInput, "record" | "call">,
  capture: BodyCapture | null,
  answer: { createdName(): string | null } | null,
): void {
  if (capture === null) return;
  record.body = capture.finish() ?? record.body;
  record.dryRunInBody = capture.dryRun();
  if (!namesObjectInBody(call.info)) return;
  record.objectName = capture.objectName() ?? answer?.createdName() ?? null;
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
