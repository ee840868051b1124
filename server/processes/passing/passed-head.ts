import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { noteShellCall, type ShellCall, shellCallOf } from "../../../lib/gateway/request/shell-call.ts";

// A call that came to the console's port goes to a gateway process with its whole head in one header of another request: the target, the headers with their
// order, case and repetitions, and the client's address are there what they were here. What a client writes under that header's name is within
// the head, and says nothing: the gateway process reads the header only of requests on its Unix socket, which the main process alone can reach.

/** What Node's parser made of a head, and whose connection it came on. */
interface PassedHead {
  method: string;
  url: string;
  httpVersion: string;
  rawHeaders: string[];
  headers: IncomingHttpHeaders;
  remoteAddress: string | undefined;
  shellCall: ShellCall | null;
}

export const PASSED_HEAD = "kubewitness-passed-head";
/** The protocol that a connection for an upgrade changes to, whatever the client wants to change to. */
export const TUNNEL = "kubewitness-tunnel";
/** Of the head of the request that passes one: the largest that a client may send (GATEWAY_SERVER_OPTIONS), twice, in base64. */
export const MOST_PASSED_HEAD_BYTES = 8 * 2 ** 20;

/** The head of a request as the value of a header. */
export function encodeHead(request: IncomingMessage): string {
  const { method = "", url = "", httpVersion, rawHeaders, headers, socket } = request;
  const head: PassedHead = {
    method,
    url,
    httpVersion,
    rawHeaders,
    headers,
    remoteAddress: socket.remoteAddress,
    shellCall: shellCallOf(request),
  };
  return Buffer.from(JSON.stringify(head)).toString("base64url");
}

/** Makes a request that passes one the passed one, in place: its body goes on to be read. False: it passes none. */
export function restoreHead(request: IncomingMessage): boolean {
  const encoded = request.headers[PASSED_HEAD];
  if (typeof encoded !== "string") return false;
  const head: PassedHead = JSON.parse(Buffer.from(encoded, "base64url").toString());
  const { remoteAddress, shellCall, ...rest } = head;
  if (shellCall) noteShellCall(request, shellCall);
  const [httpVersionMajor, httpVersionMinor] = rest.httpVersion.split(".").map(Number);
  Object.assign(request, rest, { httpVersionMajor, httpVersionMinor });
  // A connection passes one call, so that it is the client's.
  Object.defineProperty(request.socket, "remoteAddress", { value: remoteAddress, configurable: true });
  return true;
}
