import { IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "../lib/errors.ts";
import { announcesBody } from "../lib/gateway/request/announced-body.ts";
import {
  KUBECONFIG_IMPORT_PATH,
  MOST_BODY_BYTES,
  MOST_KUBECONFIG_BYTES,
  MOST_PROVIDER_BYTES,
  MOST_SAML_ANSWER_BYTES,
  MOST_SCIM_BYTES,
  PROVIDERS_PATH,
  SAML_ANSWER_PATH,
  SCIM_PATH,
} from "../lib/limits/body-sizes.ts";
import { ConcurrencyLimit } from "../lib/limits/concurrency-limit.ts";
import { refuseRequest } from "./refuse-request.ts";

/** What a request that is not the gateway's may bring, and how long it may take to bring it. */
export interface BodyLimits {
  maxBytes: number;
  timeoutMs: number;
  /** Bounds how many of them are held at once; as many as there are requests where it is left out. */
  atOnce?: ConcurrencyLimit;
}

const BODY_LIMITS: BodyLimits = { maxBytes: MOST_BODY_BYTES, timeoutMs: 15_000 };
/** Of whoever asks: who that is nobody knows yet. */
const largeBodies = (maxBytes: number): BodyLimits => ({
  ...BODY_LIMITS,
  maxBytes,
  atOnce: new ConcurrencyLimit(8),
});
const IMPORT_LIMITS = largeBodies(MOST_KUBECONFIG_BYTES);
const PROVIDER_LIMITS = largeBodies(MOST_PROVIDER_BYTES);
const SAML_LIMITS = largeBodies(MOST_SAML_ANSWER_BYTES);
const SCIM_LIMITS = largeBodies(MOST_SCIM_BYTES);

function limitsOf({ url = "" }: IncomingMessage): BodyLimits {
  const [path = ""] = url.split("?");
  if (path.startsWith(`${SCIM_PATH}/`)) return SCIM_LIMITS;
  if (path === KUBECONFIG_IMPORT_PATH) return IMPORT_LIMITS;
  if (path.startsWith(PROVIDERS_PATH)) return PROVIDER_LIMITS;
  return path.startsWith(SAML_ANSWER_PATH) ? SAML_LIMITS : BODY_LIMITS;
}

/**
 * Receives a request's body before anybody sees the request: measured as it comes, and refused (413, 408) as soon as it is too long or
 * too slow. A web framework holds a body of any length, and waits for it for ever. `pass` gets a request whose body is there.
 */
export function receiveBody(
  request: IncomingMessage,
  response: ServerResponse,
  pass: (request: IncomingMessage) => void,
  limits: BodyLimits = limitsOf(request),
): void {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (!announcesBody(request)) pass(request);
  else if (announced > limits.maxBytes) refuseRequest(request, response, tooLarge(limits.maxBytes));
  else if (!takePlace(response, limits)) refuseRequest(request, response, tooMany());
  else receive(request, response, pass, limits);
}

/** False: there are as many of the kind as may be. */
function takePlace(response: ServerResponse, { atOnce }: BodyLimits): boolean {
  if (atOnce === undefined) return true;
  const leave = atOnce.take("");
  if (leave === null) return false;
  response.once("close", leave);
  return true;
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  pass: (request: IncomingMessage) => void,
  { maxBytes, timeoutMs }: BodyLimits,
): void {
  if (request.headers.expect !== undefined) response.writeContinue();

  const body = new GrowingBuffer();
  const stop = () => {
    clearTimeout(timer);
    request.off("data", take).off("end", end).off("close", stop);
  };
  const timer = setTimeout(() => {
    stop();
    refuseRequest(request, response, tooSlow(timeoutMs), 408);
  }, timeoutMs);
  const take = (chunk: Buffer) => {
    if (body.length + chunk.length <= maxBytes) {
      body.append(chunk);
      return;
    }
    stop();
    refuseRequest(request, response, tooLarge(maxBytes));
  };
  const end = () => {
    stop();
    pass(withBody(request, body.content()));
  };
  // A client that leaves ends in "close"; an unheard error would end the process.
  request.on("data", take).on("end", end).on("close", stop).on("error", stop);
}

/** One piece of memory: a body of single bytes would cost a buffer each. */
class GrowingBuffer {
  length = 0;
  #bytes = Buffer.allocUnsafeSlow(4_096);

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.length);
    this.length = needed;
  }

  content(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

/** The same request with a body that can be read: a stream that has ended gives nothing more. */
function withBody(received: IncomingMessage, body: Buffer): IncomingMessage {
  const request = new IncomingMessage(received.socket);
  const { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } = received;
  Object.assign(request, {
    method,
    url,
    headers,
    rawHeaders,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
  });
  request.complete = true;
  if (body.length > 0) request.push(body);
  request.push(null);
  return request;
}

const tooLarge = (maxBytes: number) =>
  new AppError(
    "payload_too_large",
    `The body is larger than ${maxBytes / 1024} KB, which is the most that is taken here; send less.`,
  );

const tooMany = () =>
  new AppError("resource_exhausted", "Too many long bodies are on their way. Try again in a moment.", {
    retryAfterSeconds: 5,
  });

const tooSlow = (timeoutMs: number) =>
  new AppError("invalid_argument", `The body did not come within ${timeoutMs / 1000} s; send it at once.`);
