import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answerExchange } from "../testing/answer-exchange.ts";
import { answersOf, type FrontLab, startFrontLab } from "./testing/front-lab.ts";

// What the front does not read itself reaches node:http with every byte, whatever came before on the connection.

const PLAIN = "GET /plain HTTP/1.1\r\nHost: gateway\r\n\r\n";

let lab: FrontLab;
beforeAll(async () => {
  lab = await startFrontLab();
});
beforeEach(() => {
  lab.exchanges.length = 0;
  lab.readByNode.length = 0;
  lab.refused.length = 0;
  lab.onExchange = (exchange) => answerExchange(exchange, "front");
});
afterAll(() => lab.close());

/** What is not the front's: what is sent, and what node:http then says that it read, or refused. */
const UNUSUAL: { what: string; sent: string; read?: string; refused?: string }[] = [
  {
    what: "an Expect, with its body",
    sent: "POST /x HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
    read: "POST /x body",
  },
  { what: "HTTP/1.0", sent: "GET /x HTTP/1.0\r\nHost: g\r\n\r\n", read: "GET /x " },
  { what: "a request without Host", sent: "GET /x HTTP/1.1\r\n\r\n", read: "GET /x " },
  { what: "an absolute target", sent: "GET http://g/x HTTP/1.1\r\nHost: g\r\n\r\n", read: "GET http://g/x " },
  {
    what: "a method that is none of the plain ones",
    sent: "PROPFIND /x HTTP/1.1\r\nHost: g\r\n\r\n",
    read: "PROPFIND /x ",
  },
  { what: "TRACE", sent: "TRACE /x HTTP/1.1\r\nHost: g\r\n\r\n", read: "TRACE /x " },
  { what: "an empty line before it", sent: "\r\nGET /x HTTP/1.1\r\nHost: g\r\n\r\n", read: "GET /x " },
  {
    what: "an Upgrade to a protocol that is ignored",
    sent: "GET /x HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    read: "GET /x ",
  },
  {
    what: "an Upgrade, with what is behind it",
    sent: "GET /x HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframes",
    read: "GET /x frames",
  },
  {
    what: "CONNECT, with what is behind it",
    sent: "CONNECT g:443 HTTP/1.1\r\nHost: g\r\n\r\nhello",
    read: "CONNECT g:443 hello",
  },
  {
    what: "two lengths",
    sent: "POST /x HTTP/1.1\r\nHost: g\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    refused: "HPE_INVALID_TRANSFER_ENCODING",
  },
  { what: "no HTTP", sent: "hello\r\n\r\n", refused: "HPE_INVALID_METHOD" },
  {
    what: "a folded header",
    sent: "GET /x HTTP/1.1\r\nHost: g\r\nA: b\r\n c: d\r\n\r\n",
    refused: "HPE_INVALID_HEADER_TOKEN",
  },
  {
    what: "a bare LF",
    sent: "GET /x HTTP/1.1\nHost: g\r\n\r\n",
    refused: "HPE_CR_EXPECTED",
  },
];

describe.each(UNUSUAL)("$what", ({ sent, read, refused }) => {
  const seen = () => ({ read: lab.readByNode, refused: lab.refused });
  const expected = {
    read: read === undefined ? [] : [read],
    refused: refused === undefined ? [] : [expect.any(String)],
  };

  test("on the first request of a connection", async () => {
    const client = await lab.connect();
    client.write(sent);
    await expect.poll(seen).toEqual(expected);
    expect(lab.exchanges).toHaveLength(0);
  });

  test("behind a call that the front took", async () => {
    const client = await lab.connect();
    client.write(PLAIN);
    await client.receive(/front$/);
    client.write(sent);
    await expect.poll(seen).toEqual(expected);
    expect(lab.exchanges).toHaveLength(1);
  });

  test("sent ahead, while a call is under way", async () => {
    lab.onExchange = () => undefined;
    const client = await lab.connect();
    client.write(`${PLAIN}${sent}`);
    await expect.poll(() => lab.exchanges.length).toBe(1);
    expect(seen()).toEqual({ read: [], refused: [] });
    answerExchange(lab.exchanges[0]!, "front");
    await expect.poll(seen).toEqual(expected);
    expect(answersOf(client, "front")).toBe(1);
    expect(lab.exchanges).toHaveLength(1);
  });

  test("byte for byte", async () => {
    const client = await lab.connect();
    for (const byte of Buffer.from(sent)) client.write(Buffer.of(byte));
    await expect.poll(seen).toEqual(expected);
    expect(lab.exchanges).toHaveLength(0);
  });
});

test("what follows on a connection that was handed over is node:http's too", async () => {
  const client = await lab.connect();
  client.write(PLAIN);
  await client.receive(/front$/);
  client.write("PROPFIND /x HTTP/1.1\r\nHost: g\r\n\r\n");
  await client.receive(/node/);
  client.write(PLAIN);
  await expect.poll(() => lab.readByNode).toEqual(["PROPFIND /x ", "GET /plain "]);
  expect(lab.exchanges).toHaveLength(1);
});

test("what came ahead behind it goes with it, however much there is", async () => {
  lab.onExchange = () => undefined;
  const client = await lab.connect();
  const body = "b".repeat(300_000);
  const put = `PUT /large HTTP/1.1\r\nHost: g\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  client.write(`${PLAIN}PROPFIND /x HTTP/1.1\r\nHost: g\r\n\r\n${put}`);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  // Not all of it was read: the client has to wait.
  await expect.poll(() => lab.sockets.at(-1)!.isPaused()).toBe(true);
  expect(lab.readByNode).toEqual([]);
  answerExchange(lab.exchanges[0]!, "front");
  await expect.poll(() => lab.readByNode).toEqual(["PROPFIND /x ", `PUT /large ${body}`]);
});

describe("the largest head that the front reads", () => {
  const headOf = (bytes: number) => {
    const start = "GET /large HTTP/1.1\r\nHost: g\r\nX-Long: ";
    return `${start}${"x".repeat(bytes - start.length - 4)}\r\n\r\n`;
  };

  test.each([1, 60_000])("has 64 KB, in pieces of at most %i bytes less", async (less) => {
    const client = await lab.connect();
    const head = headOf(65_536);
    client.write(head.slice(0, head.length - less));
    client.write(head.slice(head.length - less));
    await client.receive(/front$/);
    expect(lab.readByNode).toEqual([]);
  });

  test.each([65_537, 900_000])("is not one of %i bytes, which node:http reads", async (bytes) => {
    const client = await lab.connect();
    client.write(headOf(bytes));
    await client.receive(/node/);
    expect(lab.exchanges).toHaveLength(0);
    expect(lab.readByNode).toEqual(["GET /large "]);
  });

  test("is refused by node:http where it is beyond its own limit", async () => {
    const client = await lab.connect();
    client.write(headOf(1_300_000));
    await expect.poll(() => lab.refused).toEqual(["HPE_HEADER_OVERFLOW"]);
  });
});
