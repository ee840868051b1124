import type { RequestHead } from "./client-request.ts";

/** Whether a body comes with the request (RFC 9112 §6). */
export function announcesBody({ headers }: Pick<RequestHead, "headers">): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** How long the body is that comes: in bytes, or in chunks. */
export function announcedLength({ headers }: Pick<RequestHead, "headers">): number | "chunked" {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || length === undefined ? "chunked" : Number(length);
}

/** Whether the client sends its body only when it is told to (RFC 9110 §10.1.1). */
export function expectsContinue(request: Pick<RequestHead, "headers">): boolean {
  return request.headers.expect !== undefined && announcesBody(request);
}
