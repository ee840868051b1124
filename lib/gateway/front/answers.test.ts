import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ResponseHead } from "../answer/client-response.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import { answerExchange } from "../testing/answer-exchange.ts";
import { type FrontLab, startFrontLab } from "./testing/front-lab.ts";

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
const head = (change: Partial<ResponseHead> = {}): ResponseHead => ({
  statusCode: 200,
  statusMessage: undefined,
  headers: [],
  contentLength: null,
  closes: false,
  ...change,
});

/** Answers each call as told; yields what a client gets for one request and a second one behind it. */
async function answers(answer: (exchange: ClientExchange) => void, request = GET): Promise<string> {
  lab.exchanges.length = 0;
  lab.onExchange = (exchange) => {
    if (lab.exchanges.length === 1) answer(exchange);
    else answerExchange(exchange, "second");
  };
  const client = await lab.connect();
  client.write(request + GET);
  const text = await client.receive(/second$/);
  return text.slice(0, text.lastIndexOf("HTTP/1.1 200 OK"));
}

const KEPT = "Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n";

describe("an answer", () => {
  test("of a length", async () => {
    const text = await answers((exchange) => {
      exchange.writeHead(head({ headers: ["Content-Length", "6"], contentLength: 6 }));
      exchange.write(Buffer.from("con"));
      exchange.end(Buffer.from("tent"));
    }).catch(String);
    // One byte more than it announced: the connection is cut, lest that be read as the next answer.
    expect(text).toMatch(/closed before/);
    expect(
      await answers((exchange) => {
        exchange.writeHead(head({ headers: ["Content-Length", "6"], contentLength: 6 }));
        exchange.write(Buffer.from("con"));
        exchange.end(Buffer.from("ten"));
      }).catch(String),
    ).toBe(`HTTP/1.1 200 OK\r\nContent-Length: 6\r\n${KEPT}conten`);
  });

  test("in chunks, with trailers", async () => {
    const text = await answers((exchange) => {
      exchange.writeHead(head({ statusCode: 201, statusMessage: "Made", headers: ["A", "b"] }));
      exchange.write(Buffer.from("one"));
      exchange.end(Buffer.from("three"), ["X-Sum", "42"]);
    });
    const lines = `HTTP/1.1 201 Made\r\nA: b\r\nTransfer-Encoding: chunked\r\n${KEPT}`;
    expect(text).toBe(`${lines}3\r\none\r\n5\r\nthree\r\n0\r\nX-Sum: 42\r\n\r\n`);
  });

  test("in large chunks, which go out together, with small ones between", async () => {
    const large = "x".repeat(20_000);
    const text = await answers((exchange) => {
      exchange.writeHead(head());
      for (const content of [large, "small", large]) exchange.write(Buffer.from(content));
      exchange.end(Buffer.from(large), ["X-Sum", "42"]);
    });
    const chunk = `4e20\r\n${large}\r\n`;
    expect(text).toBe(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${KEPT}${chunk}5\r\nsmall\r\n${chunk}${chunk}0\r\nX-Sum: 42\r\n\r\n`,
    );
  });

  test("in chunks, without content", async () => {
    const text = await answers((exchange) => {
      exchange.writeHead(head());
      exchange.write(Buffer.alloc(0));
      exchange.end(null);
    });
    expect(text).toBe(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${KEPT}0\r\n\r\n`);
  });

  test.each([
    ["to HEAD", 200, "HEAD /x HTTP/1.1\r\nHost: g\r\n\r\n"],
    ["204", 204, GET],
    ["304", 304, GET],
  ])("%s has no content, whatever is given", async (_what, statusCode, request) => {
    const text = await answers((exchange) => {
      exchange.writeHead(head({ statusCode, statusMessage: "S", headers: ["A", "b"] }));
      exchange.write(Buffer.from("content"));
      exchange.end(Buffer.from("content"), ["X-Sum", "42"]);
    }, request);
    expect(text).toBe(`HTTP/1.1 ${statusCode} S\r\nA: b\r\n${KEPT}`);
  });

  test("whose head goes first", async () => {
    lab.onExchange = (exchange) => {
      exchange.writeHead(head());
      expect(exchange.isHeadSent).toBe(false);
      exchange.flushHead();
      expect(exchange.isHeadSent).toBe(true);
    };
    const client = await lab.connect();
    client.write(GET);
    expect(await client.receive(/\r\n\r\n/)).toMatch(/chunked\r\n.*\r\n\r\n$/s);
    lab.exchanges[0]!.write(Buffer.from("event"));
    await client.receive(/\r\n\r\n5\r\nevent\r\n$/);
    lab.exchanges[0]!.end(null);
    await client.receive(/event\r\n0\r\n\r\n$/);
  });

  test.each([
    ["a header", head({ headers: ["A", "b\r\nC: d"] })],
    ["a reason phrase", head({ statusMessage: "a\r\nb" })],
    ["two lengths", head({ headers: ["Content-Length", "1"], contentLength: null })],
  ])("is not written where it would say something else: %s", async (_what, wrong) => {
    const problems: string[] = [];
    lab.onExchange = (exchange) => {
      try {
        exchange.writeHead(wrong);
      } catch (error) {
        problems.push((error as Error).name);
        exchange.destroy();
      }
    };
    const client = await lab.connect();
    client.write(GET);
    expect(await client.closed()).toBe("");
    expect(problems).toEqual(["TypeError"]);
  });
});

test("head and first content are one write", async () => {
  const client = await lab.connect();
  client.write(GET);
  const [first] = await once(client.socket, "data");
  expect(String(first)).toMatch(/^HTTP.*front$/s);
});

test("a slow reader is written to as it reads", async () => {
  const block = Buffer.alloc(64 * 1024, "x");
  let left = 400;
  let held = 0;
  lab.onExchange = (exchange) => {
    const more = () => {
      while (left > 0) {
        left -= 1;
        if (!exchange.write(block)) {
          held += 1;
          return;
        }
      }
      exchange.end(null);
    };
    exchange.listen({ onClientClose: () => undefined, onClientDrain: more });
    exchange.writeHead(head());
    more();
  };
  const client = await lab.connect();
  let received = 0;
  client.socket.removeAllListeners("data");
  client.socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  client.socket.pause();
  client.write(GET);
  await expect.poll(() => lab.exchanges.length).toBe(1);
  const socket = lab.sockets.at(-1)!;
  let before = -1;
  await expect
    .poll(() => {
      const still = before === left;
      before = left;
      return still;
    })
    .toBe(true);
  expect(left).toBeGreaterThan(200);
  expect(socket.writableLength).toBeLessThan(4 * block.length);
  client.socket.resume();
  await expect.poll(() => received, { timeout: 20_000 }).toBeGreaterThan(400 * block.length);
  expect(held).toBeGreaterThan(10);
});

describe("the client leaves", () => {
  const begin = async () => {
    const told: string[] = [];
    lab.onExchange = (exchange) => {
      exchange.listen({ onClientClose: () => told.push("left"), onClientDrain: () => undefined });
      exchange.writeHead(head());
      exchange.flushHead();
    };
    const client = await lab.connect();
    client.write(GET);
    await client.receive(/\r\n\r\n$/);
    return { client, told, exchange: lab.exchanges[0]! };
  };

  test("by a reset", async () => {
    const { client, told, exchange } = await begin();
    client.socket.destroy();
    await expect.poll(() => told).toEqual(["left"]);
    expect(exchange.isClosed).toBe(true);
    // Whoever writes on meanwhile harms nobody.
    exchange.write(Buffer.from("x"));
    exchange.end(null);
    expect(told).toEqual(["left"]);
  });

  test("by saying that it sends no more: TLS has no half that is closed", async () => {
    const { client, told } = await begin();
    client.socket.end();
    await client.closed();
    await expect.poll(() => told).toEqual(["left"]);
  });

  test("with requests sent ahead", async () => {
    const { client, told } = await begin();
    client.write(GET.repeat(3));
    client.socket.end();
    await expect.poll(() => told).toEqual(["left"]);
    expect(lab.exchanges).toHaveLength(1);
  });

  test("nobody is told once the answer has ended", async () => {
    const { client, told, exchange } = await begin();
    exchange.end(null);
    await client.receive(/0\r\n\r\n$/);
    client.socket.end();
    await client.closed();
    expect(told).toEqual([]);
  });
});

test("an answer that is cut is seen as cut", async () => {
  lab.onExchange = (exchange) => {
    exchange.writeHead(head());
    exchange.write(Buffer.from("half"));
    exchange.destroy();
  };
  const client = await lab.connect();
  client.write(GET + GET);
  expect(await client.closed()).not.toMatch(/0\r\n\r\n$/);
  expect(lab.exchanges).toHaveLength(1);
});

test.each([
  ["the client asks for it", GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), false],
  ["the answer says so", GET, true],
])("the connection ends behind the answer where %s", async (_what, request, closes) => {
  lab.onExchange = (exchange) => {
    exchange.writeHead(head({ closes, headers: ["Content-Length", "4"], contentLength: 4 }));
    exchange.end(Buffer.from("last"));
  };
  const client = await lab.connect();
  client.write(request);
  client.write(GET);
  const answer = await client.closed();
  expect(answer).toMatch(/\r\nConnection: close\r\n\r\nlast$/);
  expect(lab.exchanges).toHaveLength(1);
});
