import type { IncomingMessage, ServerResponse } from "node:http";
import { hostProblem } from "../lib/gateway/request/host-header.ts";
import { headerLines } from "../lib/gateway/request/raw-headers.ts";

/**
 * Answers 400 to a request for the console that has no one meaning. Of repeated Authorization headers Node keeps the first, a proxy before
 * it may have looked at the last; a path that cannot be decoded would be an error of the console's. False: there is nothing to refuse.
 */
export function refuseAmbiguous(request: IncomingMessage, response: ServerResponse): boolean {
  const problem = credentialProblem(request) ?? hostProblem(request) ?? pathProblem(request);
  if (problem === null) return false;
  const body = JSON.stringify({ code: "invalid_argument", message: `The request is ambiguous: ${problem}.` });
  response
    .writeHead(400, { "Content-Type": "application/json", "Cache-Control": "no-store", Connection: "close" })
    .end(body);
  return true;
}

const credentialProblem = ({ rawHeaders }: IncomingMessage) =>
  headerLines(rawHeaders, "authorization").length > 1 ? "there is more than one Authorization header" : null;

/** RFC 3986, section 2.1; what is encoded is UTF-8. */
function pathProblem({ url = "" }: IncomingMessage): string | null {
  const [path = ""] = url.split("?");
  try {
    decodeURIComponent(path);
    return null;
  } catch {
    return "the path has a % that encodes no character";
  }
}
