import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answerExchange } from "../testing/answer-exchange.ts";
import { type FrontLab, startFrontLab } from "./testing/front-lab.ts";

const GET = "GET /x HTTP/1.1\r\nHost: g\r\n\r\n";
const SLOW_HEAD = "ERR_HTTP_REQUEST_TIMEOUT";

let lab: FrontLab;
beforeAll(async () => {
  lab = await startFrontLab({
    headersTimeout: 1_000,
    requestTimeout: 1_500,
    keepAliveTimeout: 1_000,
    connectionsCheckingInterval: 25,
  });
});
beforeEach(() => {
  lab.exchanges.length = 0;
  lab.refused.length = 0;
  lab.onExchange = (exchange) => answerExchange(exchange, "front");
});
afterAll(() => lab.close());

test.each([
  ["does not come to its end", "GET /x HTTP/1.1\r\nHost:"],
  ["does not begin", ""],
])("a head that %s is refused as node:http refuses it", async (_what, sent) => {
  const client = await lab.connect();
  client.write(sent);
  expect(await client.closed()).toMatch(/^HTTP\/1.1 400 by node/);
  expect(lab.refused).toEqual([SLOW_HEAD]);
});

test("so is the second one of a connection, and a head that drips does not last longer", async () => {
  const client = await lab.connect();
  client.write(`${GET}GET /y HTTP/1.1\r\n`);
  const drip = setInterval(() => client.write("A: b\r\n"), 20);
  const answer = await client.closed().finally(() => clearInterval(drip));
  expect(answer).toMatch(/front.*400 by node/s);
  expect(lab.refused).toEqual([SLOW_HEAD]);
});

test("a connection that is kept and not used is closed without a word", async () => {
  const client = await lab.connect();
  client.write(GET);
  expect(await client.receive(/front$/)).toMatch(/Keep-Alive: timeout=1\r\n/);
  expect(await client.closed()).toMatch(/front$/);
  expect(lab.refused).toEqual([]);
});

test("a request whose body does not come to its end is cut; an answer may take any time", async () => {
  const told: string[] = [];
  lab.onExchange = (exchange) =>
    exchange.listen({
      onClientClose: () => told.push(exchange.head.url ?? ""),
      onClientDrain: () => undefined,
    });
  const waiting = await lab.connect();
  waiting.write(GET);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const slow = await lab.connect();
  slow.write("POST /slow HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nhalf");
  await slow.closed();
  await expect.poll(() => told).toEqual(["/slow"]);
  answerExchange(lab.exchanges[0]!, "late");
  await waiting.receive(/late$/);
});

test("a client that leaves is seen to leave, however much it sent ahead of a long answer", async () => {
  let left = 0;
  lab.onExchange = (exchange) =>
    exchange.listen({ onClientClose: () => left++, onClientDrain: () => undefined });
  const client = await lab.connect();
  client.write(GET.repeat(10_000));
  await expect.poll(() => lab.exchanges.length).toBe(1);
  await expect.poll(() => lab.sockets.at(-1)!.bytesRead).toBeGreaterThan(100_000);
  client.socket.destroy();
  await expect.poll(() => left).toBe(1);
  expect(lab.exchanges).toHaveLength(1);
});

test("such an answer still comes, and is the connection's last", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  client.write(GET.repeat(10_000));
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const socket = lab.sockets.at(-1)!;
  await expect.poll(() => socket.bytesRead).toBe(GET.length * 10_000);
  answerExchange(lab.exchanges[0]!, "late");
  expect(await client.closed()).toMatch(/^HTTP.*\r\nConnection: close\r\n.*late$/s);
  expect(lab.exchanges).toHaveLength(1);
});

test("a client that has not read its answer yet is not an idle one", async () => {
  const answer = "x".repeat(16 * 2 ** 20);
  lab.onExchange = (exchange) => answerExchange(exchange, answer);
  const slow = await lab.connect();
  let received = 0;
  slow.socket.removeAllListeners("data");
  slow.socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  slow.socket.pause();
  slow.write(GET);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  lab.onExchange = (exchange) => answerExchange(exchange, "front");
  const idle = await lab.connect();
  idle.write(GET);
  await idle.closed();
  slow.socket.resume();
  await expect.poll(() => received).toBeGreaterThan(answer.length);
});
