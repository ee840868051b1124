import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { endConnection, FOR_STRANGERS } from "../../../lib/gateway/answer/end-connection.ts";
import { encodeRefusal } from "../../../lib/gateway/answer/refusal.ts";
import { writeResponseHead } from "../../../lib/gateway/answer/response-head.ts";
import { notPassed, wasNotTaken } from "./not-passed.ts";
import { encodeHead, PASSED_HEAD, TUNNEL } from "./passed-head.ts";

/**
 * Joins the connection of an upgrade, or of a CONNECT, with one to a gateway process, which reads and writes it as if it were its own: every byte after the
 * head passes unseen, whatever the protocol. http-proxy would write the answer's head anew, and refuses SPDY and whatever is no GET.
 */
export function tunnelUpgrade(
  socketPath: string,
  request: IncomingMessage,
  { socket, head }: { socket: Duplex; head: Buffer },
): void {
  const link = connect({ path: socketPath, allowHalfOpen: true });
  link.write(
    `GET / HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade\r\nUpgrade: ${TUNNEL}\r\n${PASSED_HEAD}: ${encodeHead(request)}\r\n\r\n`,
  );
  if (head.length > 0) link.write(head);
  // Errors end in "close", which is what counts; unheard they would end the process.
  socket.on("error", () => socket.destroy());
  link.on("error", (error) => {
    if (wasNotTaken(error)) refuse(socket, error);
    else socket.destroy();
  });
  link.once("connect", () => {
    socket.pipe(link).pipe(socket);
    link.once("close", () => socket.destroy());
  });
  socket.once("close", () => link.destroy());
}

function refuse(socket: Duplex, error: Error): void {
  const { code, phrase, headers, body } = encodeRefusal(notPassed(error), { auditId: null, asText: false });
  writeResponseHead(socket, code, phrase, [...headers, "Connection", "close"]);
  endConnection(socket, body, FOR_STRANGERS);
}
