import type { RequestHead } from "./client-request.ts";
import { findHeader } from "./raw-headers.ts";

/** `uri-host [":" port]`, or nothing (RFC 9112 §3.2, RFC 3986 §3.2.2). */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+)?(?::[0-9]*)?$/;

/** Why a request has no one valid Host, as every HTTP/1.1 request must and Node does not look at; null where it has. */
export function hostProblem({ rawHeaders, httpVersion }: RequestHead): string | null {
  const at = findHeader(rawHeaders, "host");
  if (at === -1) return httpVersion === "1.0" ? null : "the Host header is missing";
  if (findHeader(rawHeaders, "host", at + 2) !== -1) return "there is more than one Host header";
  return HOST.test(rawHeaders[at + 1]!) ? null : "the Host header is no host with or without a port";
}
