import type { RequestHead } from "../lib/gateway/request/client-request.ts";
import type { Responder } from "./listeners.ts";

/** Methods that the Fetch standard forbids, so that no Request of the console can have them. https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN: ReadonlySet<string | undefined> = new Set(["TRACE", "TRACK", "CONNECT"]);
const READS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);
const API = /^\/(?:api|v1|scim)(?:\/|$)/;

/**
 * Answers what the console could not even read, and what changes something elsewhere than below the API: Next takes a POST to a page for one of
 * its server actions, of which there are none, and logs whatever was wrong with it. TRACE would send a request's credentials back to whoever
 * made it (RFC 9110, section 9.3.8). `development`: Next's own page posts to its server.
 */
export function createRefusedMethods({ development }: { development: boolean }): Responder {
  const isOfNoPage = ({ method, url = "" }: RequestHead) =>
    !development && !READS.has(method) && !API.test(url.split("?")[0] ?? "");
  return {
    owns: (request) => FORBIDDEN.has(request.method) || isOfNoPage(request),
    handleRequest(request, response) {
      const headers = {
        Allow: isOfNoPage(request) ? "GET, HEAD, OPTIONS" : "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE",
        "Content-Type": "text/plain; charset=utf-8",
      };
      response.writeHead(405, headers).end("this method is not served here\n");
    },
  };
}
