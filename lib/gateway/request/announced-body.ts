import type { IncomingMessage } from "node:http";

/** Whether a body comes with the request (RFC 9112 §6). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** Whether the client sends its body only when it is told to (RFC 9110 §10.1.1). */
export function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && announcesBody(request);
}
