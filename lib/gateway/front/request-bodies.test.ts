import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Refusal } from "../answer/refusal.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import type { BodyReader } from "../request/client-request.ts";
import { answerExchange } from "../testing/answer-exchange.ts";
import { answersOf, type FrontLab, startFrontLab } from "./testing/front-lab.ts";

let lab: FrontLab;
beforeAll(async () => {
  lab = await startFrontLab();
});
beforeEach(() => {
  lab.exchanges.length = 0;
  lab.readByNode.length = 0;
  lab.onExchange = echo;
});
afterAll(() => lab.close());

/** Keeps what it is given. */
class Collector implements BodyReader {
  body = "";
  ended = 0;
  broken: Refusal | null = null;
  takes = true;
  onEnded: () => void = () => undefined;

  onData(chunk: Buffer): boolean {
    this.body += chunk.toString("latin1");
    return this.takes;
  }
  onEnd(): void {
    this.ended += 1;
    this.onEnded();
  }
  onBroken(refusal: Refusal): void {
    this.broken = refusal;
    this.onEnded();
  }
}

function collect(exchange: ClientExchange): Collector {
  const collector = new Collector();
  exchange.readBody(collector);
  return collector;
}

/** Answers with the body when it is whole, or with why it never will be. */
function echo(exchange: ClientExchange): void {
  const collector = new Collector();
  collector.onEnded = () => answerExchange(exchange, `<${collector.broken?.message ?? collector.body}>`);
  exchange.readBody(collector);
}

const post = (framing: string, body = "") => `POST /x HTTP/1.1\r\nHost: g\r\n${framing}\r\n\r\n${body}`;
const CHUNKED = post("Transfer-Encoding: chunked");

test.each([
  ["of a length, with the head", post("Content-Length: 5", "hello"), "hello"],
  ["of no length", "POST /x HTTP/1.1\r\nHost: g\r\n\r\n", ""],
  ["of length 0", post("Content-Length: 0"), ""],
  ["in chunks", `${CHUNKED}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`, "hello"],
  ["in chunks, with trailers", `${CHUNKED}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`, "hello"],
  ["in chunks, empty", `${CHUNKED}0\r\n\r\n`, ""],
])("a body %s comes as it was sent, in one piece, byte for byte and pipelined", async (_what, sent, body) => {
  const client = await lab.connect();
  client.write(sent);
  await expect.poll(() => answersOf(client, `<${body}>`)).toBe(1);
  for (const byte of Buffer.from(sent)) client.write(Buffer.of(byte));
  await expect.poll(() => answersOf(client, `<${body}>`)).toBe(2);
  client.write(sent.repeat(10));
  await expect.poll(() => answersOf(client, `<${body}>`)).toBe(12);
  expect(lab.exchanges).toHaveLength(12);
  expect(lab.readByNode).toEqual([]);
});

test("a body that nobody reads yet is kept up to a bound, then its client waits", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  const body = "0123456789abcdef".repeat(2 ** 16);
  client.write(post(`Content-Length: ${body.length}`));
  client.write(body);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const [exchange] = lab.exchanges;
  const socket = lab.sockets.at(-1)!;
  await expect.poll(() => socket.isPaused()).toBe(true);
  expect(exchange!.isComplete).toBe(false);
  // What was decrypted before it was paused waits in the socket: one read of the kernel's.
  expect(socket.readableLength).toBeLessThanOrEqual(128 * 1024);
  expect(socket.bytesRead).toBeLessThan(400_000);

  const collector = collect(exchange!);
  await expect.poll(() => collector.ended).toBe(1);
  expect(collector.body).toBe(body);
  expect(exchange!.isComplete).toBe(true);
  expect(socket.isPaused()).toBe(false);
});

test("a reader that takes no more is given no more until it does", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  client.write(`${CHUNKED}3\r\none\r\n3\r\ntwo\r\n`);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const collector = new Collector();
  collector.takes = false;
  lab.exchanges[0]!.readBody(collector);
  expect(collector.body).toBe("one");
  client.write("5\r\nthree\r\n0\r\n\r\n");
  lab.exchanges[0]!.resumeBody();
  expect(collector.body).toBe("onetwo");
  expect(lab.sockets.at(-1)!.isPaused()).toBe(true);
  lab.exchanges[0]!.resumeBody();
  await expect.poll(() => collector.body).toBe("onetwothree");
  // That nothing more comes may be told at once.
  expect(collector.ended).toBe(1);
});

test("chunks of a byte each are kept in bounds, too", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  client.write(`${CHUNKED}${"1\r\nx\r\n".repeat(100_000)}0\r\n\r\n`);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  await expect.poll(() => lab.sockets.at(-1)!.isPaused()).toBe(true);
  const collector = collect(lab.exchanges[0]!);
  await expect.poll(() => collector.ended).toBe(1);
  expect(collector.body).toBe("x".repeat(100_000));
});

test.each([
  ["no size", "zz\r\n"],
  ["an extension", "1;a=b\r\nx\r\n"],
  ["a chunk longer than it says", "1\r\nxx\r\n"],
  ["a bare LF", "1\nx\n"],
  ["a length among the trailers", "0\r\nContent-Length: 5\r\n\r\n"],
])("a body that is no HTTP is told to its reader, and ends the connection: %s", async (_what, chunks) => {
  const client = await lab.connect();
  const over = once(client.socket, "end");
  client.write(`${CHUNKED}${chunks}GET /next HTTP/1.1\r\nHost: g\r\n\r\n`);
  const answer = await client.receive(/<the request is not valid HTTP\/1\.1 \(HPE_[A-Z_]+\)>/);
  expect(answer).toMatch(/\r\nConnection: close\r\n/);
  client.write("GET /next HTTP/1.1\r\nHost: g\r\n\r\n");
  await over;
  expect(lab.exchanges).toHaveLength(1);
  expect(lab.readByNode).toEqual([]);
});

test("where the answer has begun, such a body cuts the connection", async () => {
  let left = 0;
  lab.onExchange = (exchange) => {
    collect(exchange);
    exchange.listen({ onClientClose: () => left++, onClientDrain: () => undefined });
    exchange.writeHead({
      statusCode: 200,
      statusMessage: undefined,
      headers: [],
      contentLength: null,
      closes: false,
    });
    exchange.flushHead();
  };
  const client = await lab.connect();
  client.write(`${CHUNKED}1\r\nx\r\n`);
  await client.receive(/Connection: close\r\n.*\r\n$/s);
  client.write("zz\r\n");
  await client.closed();
  expect(client.received()).not.toMatch(/0\r\n\r\n$/);
  await expect.poll(() => left).toBe(1);
});

test("after an answer that comes before the body is whole, nothing more is read as a request", async () => {
  const behind = "DELETE /behind HTTP/1.1\r\nHost: g\r\n\r\n";
  lab.onExchange = (exchange) => answerExchange(exchange, "early");
  const client = await lab.connect();
  client.write(post("Content-Length: 1000000"));
  const answer = await client.receive(/early$/);
  expect(answer).toMatch(/\r\nConnection: close\r\n/);
  client.write("x".repeat(1_000_000) + behind);
  client.write(behind);
  client.socket.end();
  await client.closed();
  expect(client.received()).toBe(answer);
  expect(lab.exchanges).toHaveLength(1);
  expect(lab.readByNode).toEqual([]);
});

test("a small body that is there when its call is refused keeps the connection", async () => {
  lab.onExchange = (exchange) => answerExchange(exchange, "refused");
  const client = await lab.connect();
  client.write(post("Content-Length: 5", "hello"));
  await client.receive(/keep-alive.*refused$/s);
  client.write(post("Content-Length: 5", "hello"));
  await expect.poll(() => answersOf(client, "refused")).toBe(2);
});

test("a client that leaves before its body is whole is told to listener and reader", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  client.write(post("Content-Length: 10", "half"));
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const told: string[] = [];
  const [exchange] = lab.exchanges;
  exchange!.listen({ onClientClose: () => told.push("left"), onClientDrain: () => undefined });
  const collector = new Collector();
  collector.onEnded = () => told.push(collector.broken?.message ?? "whole");
  exchange!.readBody(collector);
  client.socket.destroy();
  await expect.poll(() => told).toEqual(["left", "The client left before its request was complete."]);
  expect(exchange!.isClosed).toBe(true);
});
