import type { IncomingMessage, ServerResponse } from "node:http";
import { hostProblem } from "../lib/gateway/host-header.ts";
import { headerLines } from "../lib/gateway/raw-headers.ts";

/**
 * Answers 400 to a request for the console that two readers could take for two: Node keeps the first of repeated Authorization headers,
 * a proxy before it may have looked at the last. False: there is nothing to refuse.
 */
export function refuseAmbiguous(request: IncomingMessage, response: ServerResponse): boolean {
  const repeated = headerLines(request.rawHeaders, "authorization").length > 1;
  const problem = repeated ? "there is more than one Authorization header" : hostProblem(request);
  if (problem === null) return false;
  const body = JSON.stringify({ code: "invalid_argument", message: `The request is ambiguous: ${problem}.` });
  response
    .writeHead(400, { "Content-Type": "application/json", "Cache-Control": "no-store", Connection: "close" })
    .end(body);
  return true;
}
