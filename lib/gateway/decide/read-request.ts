import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { RequestHead } from "../request/client-request.ts";
import { hostProblem } from "../request/host-header.ts";
import { asUpgrade, type RequestInfo, resolveRequestInfo } from "../request/request-info.ts";
import { parseRequestTarget, type RequestTarget } from "../request/request-target.ts";

export interface AskedRequest {
  target: RequestTarget;
  info: RequestInfo;
}

/** What kube-apiserver takes: Go's `http.DefaultMaxHeaderBytes`. A long command of exec is a long target. */
const MAX_HEAD_LENGTH = 1_048_576;
/** Of which kube-apiserver, too, can tell no resource. */
const LEGACY_PREFIX_ALONE = /^\/(?:api|apis\/[^/]+)\/[^/]+\/(?:watch|proxy)$/;
/** Node looks at the first 2,000 alone; no client sends a tenth of these. */
const MAX_HEADER_LINES = 1_000;

/** The one parse of a request: what it asks for, or why it cannot be told without doubt. */
export function readRequest({ request, record, isUpgrade }: Call): AskedRequest | Refusal {
  const method = request.method ?? "";
  const target = parseRequestTarget(request.url ?? "");
  // Until it is known to be registered, the name is only the client's word.
  record.cluster = { id: "", name: target.cluster ?? "", endpoint: "" };
  const tooLarge = whatIsTooLarge(request);
  if (tooLarge !== null) return new Refusal("RequestHeaderFieldsTooLarge", tooLarge);
  if ("refused" in target && target.namesNoCluster) return new Refusal("NotFound", target.refused);
  if ("refused" in target) return new Refusal("BadRequest", `${target.refused}; send one unambiguous path`);
  const { segments, query } = target;
  const resolved = resolveRequestInfo({ method, segments, query });
  const info = isUpgrade ? asUpgrade(resolved) : resolved;
  if (LEGACY_PREFIX_ALONE.test(target.path)) {
    return new Refusal("BadRequest", "the path ends where a resource must follow");
  }
  record.info = info;
  record.query = query;
  const wrongHost = hostProblem(request);
  if (wrongHost !== null) return new Refusal("BadRequest", wrongHost);
  const coding = request.headers["transfer-encoding"];
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    return new Refusal("NotImplemented", "the body has a transfer coding other than chunked");
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

function whatIsTooLarge({ url = "", rawHeaders }: RequestHead): string | null {
  if (rawHeaders.length > MAX_HEADER_LINES * 2) return `there are more than ${MAX_HEADER_LINES} headers`;
  let length = url.length;
  for (const text of rawHeaders) length += text.length;
  if (length <= MAX_HEAD_LENGTH) return null;
  return `the request line and the headers have ${length} characters, at most ${MAX_HEAD_LENGTH} are taken`;
}
