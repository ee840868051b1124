import type { Call } from "./call.ts";
import { Refusal } from "./refusal.ts";
import { type RequestInfo, resolveRequestInfo } from "./request-info.ts";
import { parseRequestTarget, type RequestTarget } from "./request-target.ts";

export interface AskedRequest {
  target: RequestTarget;
  info: RequestInfo;
}

/** A kubectl request's headers have about 1 KiB; tokens and many groups make them longer. */
const MAX_HEADER_LENGTH = 65_536;

/** The one parse of a request: what it asks for, or why it cannot be told without doubt. */
export function readRequest({ request, record }: Call): AskedRequest | Refusal {
  const method = request.method ?? "";
  const target = parseRequestTarget(request.url ?? "");
  // Until it is known to be registered, the name is only the client's word.
  record.cluster = { id: "", name: target.cluster, endpoint: "" };
  if (exceedsLimit(request.rawHeaders)) {
    return new Refusal(
      "RequestHeaderFieldsTooLarge",
      `the headers have more than ${MAX_HEADER_LENGTH} characters`,
    );
  }
  if ("refused" in target) return new Refusal("BadRequest", `${target.refused}; send one unambiguous path`);
  const info = resolveRequestInfo({ method, segments: target.segments, query: target.query });
  if (hasStraySlash(target, info)) {
    return new Refusal("BadRequest", "the path has a trailing slash; send one unambiguous path");
  }
  record.info = info;
  record.query = target.query;
  if (isRepeated(request.rawHeaders, "host"))
    return new Refusal("BadRequest", "there is more than one Host header");
  const coding = request.headers["transfer-encoding"];
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    return new Refusal("NotImplemented", "the body has a transfer coding other than chunked");
  }
  if (request.headers.host === undefined && request.httpVersion !== "1.0") {
    return new Refusal("BadRequest", "the Host header is missing");
  }
  const expectation = request.headers.expect?.toLowerCase();
  if (expectation !== undefined && expectation !== "100-continue") {
    return new Refusal("ExpectationFailed", "the Expect header asks for something else than 100-continue");
  }
  if (method === "CONNECT" || method === "TRACE") {
    return new Refusal("MethodNotAllowed", `the method ${method} is not taken`);
  }
  return { target, info };
}

/** `exec/` in a namespace, or of a pod, that is called "proxy" is no proxied path. */
function hasStraySlash({ segments }: RequestTarget, info: RequestInfo): boolean {
  if (segments.at(-1) !== "" || !info.isResourceRequest) return false;
  return info.subresource !== "proxy" && info.verb !== "proxy";
}

/** Node keeps the first of repeated headers of some names; another server may take the last. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let times = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) times += 1;
  }
  return times > 1;
}

function exceedsLimit(rawHeaders: readonly string[]): boolean {
  let length = 0;
  for (const text of rawHeaders) length += text.length;
  return length > MAX_HEADER_LENGTH;
}
