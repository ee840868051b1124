import { afterEach, beforeEach, expect, test } from "vitest";
import { answerExchange } from "../testing/answer-exchange.ts";
import type { RawConnection } from "../testing/raw-client.ts";
import { type FrontLab, startFrontLab } from "./testing/front-lab.ts";

const GET = "GET /x HTTP/1.1\r\nHost: g\r\n\r\n";

let lab: FrontLab;
beforeEach(async () => {
  lab = await startFrontLab();
});
afterEach(() => lab.close());

/** A connection whose call waits to be answered. */
async function callUnderWay(): Promise<RawConnection> {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  const before = lab.exchanges.length;
  client.write(GET);
  await expect.poll(() => lab.exchanges.length).toBe(before + 1);
  return client;
}

const isClosed = (client: RawConnection) => client.socket.destroyed || client.socket.readableEnded;

test("a server that closes ends what is idle at once, and calls with their answer", async () => {
  const unused = await lab.connect();
  const idle = await lab.connect();
  idle.write(GET);
  await idle.receive(/front$/);
  const busy = await callUnderWay();
  let over = false;
  lab.server.close(() => {
    over = true;
  });
  await Promise.all([unused.closed(), idle.closed()]);
  expect(isClosed(busy)).toBe(false);
  expect(over).toBe(false);

  answerExchange(lab.exchanges.at(-1)!, "late");
  expect(await busy.closed()).toMatch(/\r\nConnection: close\r\n.*late$/s);
  await expect.poll(() => over).toBe(true);
});

test("an answer that has begun goes on, and its connection is closed behind it", async () => {
  const client = await callUnderWay();
  const exchange = lab.exchanges.at(-1)!;
  exchange.writeHead({
    statusCode: 200,
    statusMessage: undefined,
    headers: [],
    contentLength: null,
    closes: false,
  });
  exchange.write(Buffer.from("event"));
  await client.receive(/event\r\n$/);
  lab.server.close();
  lab.server.closeIdleConnections();
  exchange.end(null);
  await client.receive(/event\r\n0\r\n\r\n$/);
  expect(isClosed(client)).toBe(false);
  lab.server.closeIdleConnections();
  await client.closed();
});

test("a connection behind its last answer holds a closing server no longer than its client reads", async () => {
  const client = await callUnderWay();
  client.socket.allowHalfOpen = true;
  answerExchange(lab.exchanges.at(-1)!, "kept");
  await client.receive(/kept$/);
  client.write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  await expect.poll(() => lab.exchanges.length).toBe(2);
  answerExchange(lab.exchanges.at(-1)!, "last");
  await client.receive(/last$/);
  const [socket] = lab.sockets;
  // Its client, which keeps its own side open, is waited for.
  expect(socket!.destroyed).toBe(false);
  let over = false;
  lab.server.close(() => {
    over = true;
  });
  await expect
    .poll(() => {
      lab.server.closeIdleConnections();
      return over;
    })
    .toBe(true);
});

test("all connections are cut where that is asked for, those of node:http too", async () => {
  const busy = await callUnderWay();
  const handedOver = await lab.connect();
  handedOver.write("PROPFIND /x HTTP/1.1\r\nHost: g\r\n\r\n");
  await handedOver.receive(/node/);
  lab.server.closeAllConnections();
  await Promise.all([busy.closed(), handedOver.closed()]);
});
