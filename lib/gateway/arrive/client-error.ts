import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { entryRecorded } from "../../audit/pipeline/recorder.ts";
import { log } from "../../log.ts";
import { endConnection, FOR_STRANGERS } from "../answer/end-connection.ts";
import { encodeRefusal, Refusal } from "../answer/refusal.ts";
import { writeResponseHead } from "../answer/response-head.ts";
import { CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import type { RequestHead } from "../request/client-request.ts";

const REQUEST_LINE = /^([A-Za-z]{1,16}) +([^ \r\n]{1,2048})/;
const CLUSTER_IN_TARGET = /\/k8s\/+clusters\/+([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?=[/?]|$)/;

/** As Node's server emits it with `clientError`. */
export type ParserError = Error & { code?: string; rawPacket?: Buffer };

/** As a row's verb where the method is not known. */
const UNKNOWN_METHOD = "unknown";

/**
 * Answers what Node's strict parser refused, as far as there is anybody to answer, and records what is the gateway's of it:
 * conflicting lengths, folded headers, heads that are too large. It is where the server takes nothing else, where the first line names
 * a cluster, and a head that is too large, whose first line is gone by then.
 */
export async function recordUnparsable(
  gateway: Gateway,
  error: ParserError,
  { socket, takesTheRest }: { socket: Duplex; takesTheRest: boolean },
): Promise<void> {
  if (socket.destroyed || !socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error);
  let auditId: string | null = null;
  const line = REQUEST_LINE.exec(error.rawPacket?.subarray(0, 4096).toString("latin1") ?? "");
  const cluster = line === null ? undefined : CLUSTER_IN_TARGET.exec(line[2]!)?.[1];
  // A connection on which nothing was said, or too slowly, is no request.
  const isRequest = error.code?.startsWith("HPE_") === true;
  const isTooLarge = error.code === "HPE_HEADER_OVERFLOW";
  if (cluster !== undefined || isTooLarge || (isRequest && takesTheRest)) {
    const record = new CallRecord({
      request: unparsedRequest(line?.[1] ?? UNKNOWN_METHOD),
      clientIp: addressOf(gateway, socket),
      redactor: gateway.redactor,
    });
    record.cluster = { id: "", name: cluster ?? "", endpoint: "" };
    auditId = record.callId;
    const outcome = { result: "failure", message: refusal.message, httpStatus: refusal.code } as const;
    try {
      await entryRecorded(gateway.recorder, record.entry({ stage: "complete", ...outcome }));
    } catch (cause) {
      log.error({ err: cause }, "a request that could not be parsed could not be recorded");
    }
  }
  if (!socket.writable) return;
  const { code, phrase, headers, body } = encodeRefusal(refusal, { auditId, asText: false });
  writeResponseHead(socket, code, phrase, [...headers, "Connection", "close"]);
  endConnection(socket, body, FOR_STRANGERS);
}

/** What is said of a request that Node's parser refused. */
export function refusalOf({ code }: ParserError): Refusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new Refusal("RequestHeaderFieldsTooLarge", "the request's headers are too large");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Refusal("Timeout", "the request took too long to come in");
    default:
      return new Refusal("BadRequest", `the request is not valid HTTP/1.1 (${code ?? "unknown"})`);
  }
}

function unparsedRequest(method: string): RequestHead {
  return { method, url: "", httpVersion: "1.1", rawHeaders: [], headers: {} };
}

function addressOf(gateway: Gateway, socket: Duplex): string | null {
  return gateway.readClientAddress(socket instanceof Socket ? socket.remoteAddress : undefined, undefined);
}
