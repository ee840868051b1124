import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answerExchange } from "../testing/answer-exchange.ts";
import { type FrontLab, startFrontLab } from "./testing/front-lab.ts";

// Clients that send ahead of their answers: one call at a time, in order, and bounds on what is kept for them.

let lab: FrontLab;
beforeAll(async () => {
  lab = await startFrontLab();
});
beforeEach(() => {
  lab.exchanges.length = 0;
  lab.onExchange = (exchange) => answerExchange(exchange, "front");
});
afterAll(() => lab.close());

const GET = "GET /x HTTP/1.1\r\nHost: g\r\n\r\n";

test("ten requests at once are answered one after the other, in their order", async () => {
  const ended: number[] = [];
  lab.onExchange = (exchange) => {
    const number = lab.exchanges.length;
    expect(ended).toHaveLength(number - 1);
    setImmediate(() => {
      ended.push(number);
      answerExchange(exchange, exchange.head.url!);
    });
  };
  const client = await lab.connect();
  client.write(Array.from({ length: 10 }, (_, i) => GET.replace("/x", `/${i}`)).join(""));
  await client.receive(/\/9$/);
  expect(client.received().match(/\/[0-9]$|\/[0-9](?=HTTP)/g)).toEqual(
    Array.from({ length: 10 }, (_, i) => `/${i}`),
  );
});

/** Of all that a client gets from now on, what it is and how long; faster than to keep it. */
function countAnswers(socket: Socket): () => number {
  let answers = 0;
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    answers += chunk.toString("latin1").split(" 200 OK").length - 1;
  });
  return () => answers;
}

test("thousands of requests ahead nest in no stack, and their client waits", async () => {
  const client = await lab.connect();
  let readAhead = 0;
  lab.onExchange = (exchange) => {
    const { bytesRead } = lab.sockets.at(-1)!;
    readAhead = Math.max(readAhead, bytesRead - GET.length * lab.exchanges.length);
    answerExchange(exchange, "front");
  };
  const answered = countAnswers(client.socket);
  client.write(GET.repeat(10_000));
  // One that is cut in two by the end of a chunk is counted in neither.
  await expect.poll(() => lab.exchanges.length, { timeout: 40_000 }).toBe(10_000);
  await expect.poll(answered).toBeGreaterThan(9_000);
  expect(readAhead).toBeGreaterThan(0);
  expect(readAhead).toBeLessThan(GET.length * 10_000);
}, 60_000);

test("a client that reads nothing is given no further call, and what is kept of it is bounded", async () => {
  lab.onExchange = (exchange) => answerExchange(exchange, "x".repeat(100_000));
  const client = await lab.connect();
  const answered = countAnswers(client.socket);
  client.socket.pause();
  client.write(GET.repeat(500));
  await expect.poll(() => lab.exchanges.length).toBeGreaterThan(0);
  const socket = lab.sockets.at(-1)!;
  let before = -1;
  await expect
    .poll(() => {
      const still = before === lab.exchanges.length && socket.writableNeedDrain;
      before = lab.exchanges.length;
      return still;
    })
    .toBe(true);
  expect(lab.exchanges.length).toBeLessThan(400);
  expect(socket.writableLength).toBeLessThan(300_000);
  client.socket.resume();
  await expect.poll(() => lab.exchanges.length, { timeout: 20_000 }).toBe(500);
  await expect.poll(answered).toBeGreaterThan(400);
});
