import http, { type IncomingMessage, type RequestOptions } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { responseHeaders } from "./client-headers.ts";
import { joinBoth } from "./join-both.ts";

/** Asks the API server for an upgrade (exec, attach, port-forward) and passes on what it answers, and then both directions. */
export function upgrade(stream: ServerHttp2Stream, head: Buffer, options: RequestOptions): void {
  const call = http.request(options);
  const breakOff = () => stream.destroy();
  stream.on("error", () => undefined);
  stream.on("close", () => call.destroy());
  call.on("error", breakOff);
  call.on("upgrade", (answer, socket, first) => {
    socket.on("error", () => undefined);
    stream.write(headOf(answer));
    if (first.length > 0) stream.write(first);
    if (head.length > 0) socket.write(head);
    joinBoth(stream, socket);
  });
  call.on("response", (answer) => {
    // It upgrades nothing; the answer ends with the connection.
    stream.write(headOf(answer, { closes: true }));
    answer.on("error", breakOff);
    answer.pipe(stream);
  });
  call.end();
}

function headOf(answer: IncomingMessage, { closes = false } = {}): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  const raw = responseHeaders(answer.rawHeaders);
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    if (closes && ["connection", "transfer-encoding"].includes(name)) continue;
    lines.push(`${raw[index]}: ${raw[index + 1]}`);
  }
  if (closes) lines.push("Connection: close");
  return `${lines.join("\r\n")}\r\n\r\n`;
}
