import type { Responder } from "./listeners.ts";

/** Methods that the Fetch standard forbids, so that no Request of the console can have them. https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN: ReadonlySet<string | undefined> = new Set(["TRACE", "TRACK", "CONNECT"]);

/** Answers what the console could not even read. TRACE would send a request's credentials back to whoever made it (RFC 9110, section 9.3.8). */
export function createRefusedMethods(): Responder {
  return {
    owns: ({ method }) => FORBIDDEN.has(method),
    handleRequest(_request, response) {
      const headers = {
        Allow: "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE",
        "Content-Type": "text/plain; charset=utf-8",
      };
      response.writeHead(405, headers).end("this method is not served here\n");
    },
  };
}
