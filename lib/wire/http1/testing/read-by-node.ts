import { type ClientRequest, createServer, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { GATEWAY_SERVER_OPTIONS } from "../../../gateway/server-options.ts";
import { ByteStream } from "./byte-stream.ts";
import type { SeenAnswer, SeenMessage, SeenRequest } from "./read-message.ts";

/** What node:http, as the gateway has it, makes of what a client sends in these pieces. Each request is answered at once. */
export async function requestsByNode(pieces: readonly Buffer[]): Promise<SeenRequest[]> {
  const seen: SeenRequest[] = [];
  const server = createServer(GATEWAY_SERVER_OPTIONS);
  const take = (incoming: IncomingMessage, keepAlive: boolean): void => {
    const message = collect(incoming);
    message.keepAlive = keepAlive;
    seen.push(Object.assign(message, { method: incoming.method ?? "", url: incoming.url ?? "" }));
  };
  server.on("request", (incoming, response) => {
    take(incoming, response.shouldKeepAlive);
    response.end();
  });
  server.on("checkContinue", (incoming, response) => server.emit("request", incoming, response));
  server.on("checkExpectation", (incoming, response) => server.emit("request", incoming, response));
  server.on("upgrade", (incoming) => take(incoming, false));
  server.on("connect", (incoming) => take(incoming, false));
  const stream = new ByteStream();
  // What came before counts; after it nothing does.
  server.on("clientError", () => stream.stop());
  server.emit("connection", stream);
  await stream.send(pieces);
  stream.destroy();
  server.close();
  return seen;
}

/** What node:http's client makes of an answer that comes in these pieces, after which the connection ends; null: nothing. */
export async function answerByNode(pieces: readonly Buffer[], method: string): Promise<SeenAnswer | null> {
  const stream = new ByteStream();
  const outgoing: ClientRequest = request({
    method,
    host: "cluster",
    headers: { connection: "keep-alive" },
    maxHeaderSize: GATEWAY_SERVER_OPTIONS.maxHeaderSize,
    createConnection: () => stream as unknown as Socket,
  });
  let seen: (SeenMessage & SeenAnswer) | null = null;
  outgoing.on("error", () => {});
  outgoing.on("upgrade", (_incoming, socket) => socket.destroy());
  outgoing.on("connect", (_incoming, socket) => socket.destroy());
  outgoing.on("response", (incoming) => {
    seen = Object.assign(collect(incoming), {
      statusCode: incoming.statusCode ?? 0,
      statusMessage: incoming.statusMessage ?? "",
    });
    seen.keepAlive = outgoing.shouldKeepAlive;
  });
  outgoing.end();
  await nextTurn();
  await stream.send(pieces);
  await stream.finish();
  outgoing.destroy();
  stream.destroy();
  return seen;
}

function collect(incoming: IncomingMessage): SeenMessage {
  const message: SeenMessage = {
    rawHeaders: incoming.rawHeaders,
    headers: incoming.headers,
    body: Buffer.alloc(0),
    trailers: [],
    isWhole: false,
    keepAlive: false,
  };
  incoming.on("error", () => {});
  incoming.on("data", (chunk: Buffer) => {
    message.body = Buffer.concat([message.body, chunk]);
  });
  incoming.on("end", () => {
    message.isWhole = incoming.complete;
    message.trailers = incoming.rawTrailers;
  });
  return message;
}
