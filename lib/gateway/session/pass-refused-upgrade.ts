import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../../log.ts";
import { endConnection, FOR_CALLERS } from "../answer/end-connection.ts";
import { FailureReader } from "../answer/failure-message.ts";
import { writeResponseHead } from "../answer/response-head.ts";
import { releasableHeaders } from "../answer/upstream-headers.ts";
import type { CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import { outcomeRecorded } from "../record/record.ts";

/**
 * Passes on a cluster's answer that is no 101, then closes both connections: nothing else passes, or the client could talk to
 * the API server past the gateway (CVE-2018-1002105). The end waits for the record.
 */
export async function passRefusedUpgrade(
  input: { gateway: Gateway; record: CallRecord; socket: Duplex },
  response: IncomingMessage,
): Promise<void> {
  const { gateway, record, socket } = input;
  const statusCode = response.statusCode ?? 502;
  const contentType = response.headers["content-type"] ?? "";
  const contentEncoding = response.headers["content-encoding"] ?? "";
  const reader = new FailureReader({ statusCode, contentType, contentEncoding });
  const headers = releasableHeaders(response.rawHeaders);
  // The body is passed on without its chunking; closing the connection says where it ends.
  writeResponseHead(socket, statusCode, response.statusMessage ?? "", [...headers, "Connection", "close"]);
  let held: Buffer | null = null;
  let broken = false;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      record.bytesOut += chunk.length;
      reader.write(chunk);
      if (socket.destroyed) break;
      if (held !== null && !socket.write(held)) await drained(socket);
      held = chunk;
    }
  } catch (error) {
    broken = true;
    log.warn({ err: error, callId: record.callId }, "the answer to an upgrade broke off");
  }
  response.destroy();
  try {
    await outcomeRecorded(gateway, record, {
      stage: "complete",
      result: "failure",
      message: broken ? "The cluster broke the answer off." : reader.message(),
      httpStatus: statusCode,
    });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a refused upgrade could not be recorded");
    socket.destroy();
    return;
  }
  endConnection(socket, held, FOR_CALLERS);
}

/** Resolves when more can be written, or nothing ever can. */
function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}
