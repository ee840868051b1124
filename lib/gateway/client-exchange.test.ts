import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClientListener, ResponseHead } from "./answer/client-response.ts";
import { Refusal } from "./answer/refusal.ts";
import type { ClientExchange } from "./call/client-exchange.ts";
import type { BodyReader } from "./request/client-request.ts";
import { readBody } from "./request/read-body.ts";
import { EXCHANGE_DOORS, type ExchangeServer } from "./testing/exchange-doors.ts";
import { until } from "./testing/memory-recorder.ts";
import { connectRaw, exchange as exchangeRaw } from "./testing/raw-client.ts";

// The contract of lib/gateway/call/client-exchange.ts, of whoever reads the client's connection.

const MEBIBYTE = 2 ** 20;

const request = (method: string, ...lines: string[]) =>
  `${[`${method} /k8s/clusters/prod/api HTTP/1.1`, "Host: gateway", ...lines].join("\r\n")}\r\n\r\n`;

const headOf = (more: Partial<ResponseHead> = {}): ResponseHead => ({
  statusCode: 200,
  statusMessage: undefined,
  headers: ["Content-Type", "text/plain"],
  contentLength: null,
  closes: false,
  ...more,
});

function answer(exchange: ClientExchange, text: string, more: Partial<ResponseHead> = {}): void {
  const headers = ["Content-Length", String(text.length)];
  exchange.writeHead(headOf({ headers, contentLength: text.length, ...more }));
  exchange.end(Buffer.from(text));
}

/** What a client is told, and a reader of its body, in their order. */
class Told implements ClientListener, BodyReader {
  readonly events: string[] = [];
  readonly chunks: Buffer[] = [];
  takes = true;

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  onClientClose(): void {
    this.events.push("close");
  }

  onClientDrain(): void {
    this.events.push("drain");
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return this.takes;
  }

  onEnd(): void {
    this.events.push("end");
  }

  onBroken({ message }: Refusal): void {
    this.events.push(`broken: ${message}`);
  }
}

describe.each(EXCHANGE_DOORS)("an exchange of $name", ({ open }) => {
  let server: ExchangeServer;
  let handle: (exchange: ClientExchange) => void;
  beforeAll(async () => {
    server = await open((exchange) => handle(exchange));
  });
  afterAll(() => server.close());

  /** The next exchange, once it is there. */
  function next(): Promise<ClientExchange> {
    return new Promise((resolve) => {
      handle = resolve;
    });
  }

  describe("the request", () => {
    test("its head is as it came", async () => {
      let seen: ClientExchange | undefined;
      handle = (exchange) => {
        seen = exchange;
        answer(exchange, "ok");
      };
      await exchangeRaw(server.port, request("GET", "X-Twice: a", "x-twice: b", "Connection: close"));
      const { method, url, httpVersion, rawHeaders, headers } = seen!.head;
      expect({ method, url, httpVersion }).toEqual({
        method: "GET",
        url: "/k8s/clusters/prod/api",
        httpVersion: "1.1",
      });
      expect(rawHeaders.slice(0, 6)).toEqual(["Host", "gateway", "X-Twice", "a", "x-twice", "b"]);
      expect(headers).toMatchObject({ host: "gateway", "x-twice": "a, b" });
      expect(seen!.isComplete).toBe(true);
    });

    test.each([
      ["by its length", ["Content-Length: 10"], "helloworld"],
      ["in chunks", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"],
    ])("a body %s is read to its end", async (_what, lines, body) => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(request("POST", ...lines, "Connection: close") + body.slice(0, 8));
      const exchange = await came;
      expect([exchange.isComplete, exchange.broken]).toEqual([false, null]);
      const told = new Told();
      exchange.readBody(told);
      await until(() => told.text.length >= 5, "the beginning");
      expect(told.events).toEqual([]);
      client.write(body.slice(8));
      await until(() => told.events.length > 0, "the end");
      expect([told.text, told.events, exchange.isComplete]).toEqual(["helloworld", ["end"], true]);
      answer(exchange, "ok");
      expect(await client.closed()).toMatch(/200 OK[\s\S]*ok$/);
    });

    test("what has no body is at its end", async () => {
      const told = new Told();
      handle = (exchange) => {
        exchange.readBody(told);
        answer(exchange, "ok");
      };
      await exchangeRaw(server.port, request("GET", "Connection: close"));
      expect(told.events).toEqual(["end"]);
    });

    test("a reader that takes no more is given no more, until it does", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      const body = Buffer.alloc(8 * MEBIBYTE, "x");
      client.write(request("POST", `Content-Length: ${body.length}`, "Connection: close"));
      client.write(body);
      const exchange = await came;
      const told = new Told();
      told.takes = false;
      exchange.readBody(told);
      let bytes = 0;
      while (told.events.length === 0) {
        await until(() => told.chunks.length > 0 || told.events.length > 0, "a piece");
        // Whatever else is ready has its turn.
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        expect(told.chunks.length).toBeLessThanOrEqual(1);
        bytes += told.chunks.pop()?.length ?? 0;
        exchange.resumeBody();
      }
      expect(bytes).toBe(body.length);
      answer(exchange, "ok");
      expect(await client.closed()).toMatch(/200 OK/);
    });

    test("what is dropped is read, and told to nobody; the connection goes on", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      const body = Buffer.alloc(MEBIBYTE, "x");
      client.write(request("POST", `Content-Length: ${2 * body.length}`));
      client.write(body);
      const exchange = await came;
      const told = new Told();
      told.takes = false;
      exchange.readBody(told);
      await until(() => told.chunks.length > 0, "the beginning");
      exchange.dropBody();
      const before = told.text.length;
      client.write(body);
      await until(() => exchange.isComplete, "the end");
      expect([told.text.length, told.events]).toEqual([before, []]);
      answer(exchange, "first");
      await client.receive(/first$/);
      const second = next();
      client.write(request("GET", "Connection: close"));
      answer(await second, "second");
      expect(await client.closed()).toMatch(/second$/);
    });

    test("a body that is no HTTP breaks, and the call can still be answered", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(`${request("POST", "Transfer-Encoding: chunked")}5\r\nhello\r\n`);
      const exchange = await came;
      const told = new Told();
      exchange.listen(told);
      exchange.readBody(told);
      await until(() => told.text === "hello", "the beginning");
      client.write("no size\r\n");
      await until(() => told.events.length > 0, "the refusal");
      expect(told.events).toEqual([expect.stringMatching(/^broken: the request is not valid HTTP\/1\.1 \(/)]);
      expect([exchange.isComplete, exchange.isClosed]).toEqual([false, false]);
      expect(exchange.broken).toBeInstanceOf(Refusal);
      answer(exchange, "no", { statusCode: 400, closes: true });
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*no$/);
    });

    test("one that broke before it was read says so when it is", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(`${request("POST", "Transfer-Encoding: chunked")}no size\r\n`);
      const exchange = await came;
      await until(() => exchange.broken !== null, "the break");
      expect(await readBody(exchange, 100)).toBe(exchange.broken);
      answer(exchange, "no", { statusCode: 400, closes: true });
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /);
    });

    test("a client that leaves within its body: the listener hears it first", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(`${request("POST", "Content-Length: 100")}hello`);
      const exchange = await came;
      const told = new Told();
      exchange.listen(told);
      exchange.readBody(told);
      await until(() => told.text === "hello", "the beginning");
      client.socket.destroy();
      await until(() => told.events.length >= 2, "the end");
      expect(told.events).toEqual(["close", "broken: The client left before its request was complete."]);
      expect(exchange.isClosed).toBe(true);
    });

    test("a body of more than may be read is refused; the rest does not keep the answer", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(`${request("POST", "Content-Length: 1000000")}${"x".repeat(2_000)}`);
      const exchange = await came;
      const refusal = await readBody(exchange, 1_000);
      expect(refusal).toMatchObject({ reason: "RequestEntityTooLarge" });
      answer(exchange, "too large", { statusCode: 413, closes: true });
      exchange.dropBody();
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*too large$/i);
    });

    test("a client that waits to be asked for its body is asked once", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(request("POST", "Content-Length: 2", "Expect: 100-continue", "Connection: close"));
      const exchange = await came;
      exchange.askForBody();
      exchange.askForBody();
      await client.receive(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
      const body = readBody(exchange, 100);
      client.write("ok");
      expect((await body).toString()).toBe("ok");
      answer(exchange, "done");
      expect((await client.closed()).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 100", "HTTP/1.1 200"]);
    });
  });

  describe("the answer", () => {
    test("of known length goes out as it is, and the connection is kept", async () => {
      handle = (exchange) => {
        const told = new Told();
        exchange.listen(told);
        expect([exchange.isHeadSent, exchange.isClosed]).toEqual([false, false]);
        answer(exchange, exchange.head.url!, {
          headers: ["X-Case", "a", "x-case", "\xe4", "Content-Length", "22"],
        });
        expect(exchange.isHeadSent).toBe(true);
      };
      const client = await connectRaw(server.port);
      client.write(request("GET"));
      const first = await client.receive(/api$/);
      expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Case: a\r\nx-case: \xe4\r\nContent-Length: 22\r\n/);
      // The cluster's Date is among its headers; a second one would be the gateway's.
      expect(first).not.toMatch(/^(Date|Transfer-Encoding|Connection: close)/im);
      client.write(request("GET", "Connection: close"));
      expect((await client.closed()).match(/200 OK/g)).toHaveLength(2);
    });

    test("of unknown length goes out in chunks, with trailers", async () => {
      handle = (exchange) => {
        exchange.writeHead(headOf({ headers: ["Trailer", "X-Sum"] }));
        exchange.write(Buffer.from("one."));
        exchange.end(Buffer.from("two."), ["X-Sum", "42"]);
      };
      const text = await exchangeRaw(server.port, request("GET", "Connection: close"));
      expect(text).toMatch(/Transfer-Encoding: chunked\r\n/i);
      expect(text).toMatch(/\r\n\r\n4\r\none\.\r\n4\r\ntwo\.\r\n0\r\nX-Sum: 42\r\n\r\n$/);
    });

    test("with no content but its end", async () => {
      handle = (exchange) => {
        exchange.writeHead(headOf());
        exchange.end(null);
      };
      const text = await exchangeRaw(server.port, request("GET", "Connection: close"));
      expect(text).toMatch(/\r\n\r\n0\r\n\r\n$/);
    });

    test.each([
      ["HEAD", "HEAD", 200],
      ["204", "GET", 204],
      ["304", "GET", 304],
    ])(
      "to %s has no content, whatever is written; the connection is kept",
      async (_what, method, statusCode) => {
        handle = (exchange) => {
          const isLast = exchange.head.method === "OPTIONS";
          exchange.writeHead(headOf(isLast ? {} : { statusCode }));
          if (!isLast) exchange.write(Buffer.from("not "));
          exchange.end(Buffer.from(isLast ? "last" : "this"));
        };
        const client = await connectRaw(server.port);
        client.write(request(method));
        await client.receive(/\r\n\r\n$/);
        client.write(request("OPTIONS", "Connection: close"));
        const text = await client.closed();
        expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${statusCode} [^]*4\\r\\nlast\\r\\n0\\r\\n\\r\\n$`));
        expect(text).not.toMatch(/not |this/);
      },
    );

    test("to HTTP/1.0 ends with the connection", async () => {
      handle = (exchange) => {
        exchange.writeHead(headOf());
        exchange.end(Buffer.from("whole"));
      };
      const text = await exchangeRaw(server.port, request("GET").replace("HTTP/1.1", "HTTP/1.0"));
      expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nwhole$/);
      expect(text).not.toMatch(/chunked/);
    });

    test("has a head of its own where there is nothing else yet", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(request("GET", "Connection: close"));
      const exchange = await came;
      exchange.writeHead(headOf());
      exchange.flushHead();
      expect(exchange.isHeadSent).toBe(true);
      expect(await client.receive(/\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      exchange.end(Buffer.from("later"));
      expect(await client.closed()).toMatch(/later/);
    });

    test("that closes says so, and nothing behind it is a request", async () => {
      let calls = 0;
      handle = (exchange) => {
        calls += 1;
        answer(exchange, "last", { closes: true });
      };
      const client = await connectRaw(server.port);
      client.write(request("GET"));
      await client.receive(/last$/);
      client.write(request("DELETE"));
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*Connection: close[\s\S]*last$/i);
      expect(calls).toBe(1);
    });

    test("is written as fast as the client reads", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(request("GET", "Connection: close"));
      const exchange = await came;
      client.socket.pause();
      const told = new Told();
      exchange.listen(told);
      const piece = Buffer.alloc(MEBIBYTE, "x");
      exchange.writeHead(headOf({ contentLength: null }));
      let written = 0;
      for (let goesOn = true; goesOn && written < 64; written++) goesOn = exchange.write(Buffer.from(piece));
      expect(written).toBeLessThan(64);
      expect(told.events).toEqual([]);
      client.socket.resume();
      await until(() => told.events.length > 0, "room");
      expect(told.events).toEqual(["drain"]);
      exchange.end(null);
      expect((await client.closed()).length).toBeGreaterThan(written * MEBIBYTE);
    });

    test("that is cut off does not look whole", async () => {
      handle = (exchange) => {
        exchange.writeHead(headOf());
        exchange.write(Buffer.from("half"));
        setImmediate(() => exchange.destroy());
      };
      const client = await connectRaw(server.port);
      client.write(request("GET"));
      expect(await client.closed()).not.toMatch(/0\r\n\r\n$/);
    });
  });

  describe("the listener", () => {
    test("hears of a client that leaves, once", async () => {
      const came = next();
      const client = await connectRaw(server.port);
      client.write(request("GET"));
      const exchange = await came;
      const told = new Told();
      exchange.listen(told);
      client.socket.destroy();
      await until(() => exchange.isClosed, "the end");
      await until(() => told.events.length > 0, "the word of it");
      expect(told.events).toEqual(["close"]);
      // To nobody, and to no harm.
      exchange.writeHead(headOf());
      exchange.write(Buffer.from("x"));
      exchange.end(null);
      exchange.destroy();
      await new Promise((resolve) => setImmediate(resolve));
      expect(told.events).toEqual(["close"]);
    });

    test("hears nothing once it was taken away, nor after the answer's end", async () => {
      const told = new Told();
      const exchanges: ClientExchange[] = [];
      handle = (exchange) => {
        exchange.listen(told);
        if (exchanges.push(exchange) === 2) exchange.listen(null);
        else answer(exchange, "ok");
      };
      const client = await connectRaw(server.port);
      client.write(request("GET"));
      await client.receive(/ok$/);
      client.write(request("GET"));
      await until(() => exchanges.length === 2, "the second call");
      client.socket.destroy();
      await until(() => exchanges[1]!.isClosed, "the end");
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(told.events).toEqual([]);
    });
  });

  test("a client that closes its side has left: TLS has no half that is closed", async () => {
    const came = next();
    const client = await connectRaw(server.port);
    client.write(request("GET"));
    const exchange = await came;
    const told = new Told();
    exchange.listen(told);
    client.socket.end();
    await until(() => told.events.length > 0, "the word of it");
    expect([told.events, exchange.isClosed]).toEqual([["close"], true]);
  });

  test("requests that come at once are answered in their order", async () => {
    let calls = 0;
    handle = (exchange) => {
      calls += 1;
      const text = `${calls}.`;
      // The first takes longest.
      setTimeout(() => answer(exchange, text), 30 - 10 * calls);
    };
    const text = await exchangeRaw(
      server.port,
      request("GET") + request("GET") + request("GET", "Connection: close"),
    );
    expect(text.match(/\r\n\r\n\d\./g)?.map((body) => body.trim())).toEqual(["1.", "2.", "3."]);
  });

  test("what comes behind a request and is no HTTP does not touch it", async () => {
    const came = next();
    const client = await connectRaw(server.port);
    client.write(request("GET"));
    const exchange = await came;
    const told = new Told();
    exchange.listen(told);
    client.write("\0\0 no HTTP\r\n\r\n");
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([told.events, exchange.broken, exchange.isComplete]).toEqual([[], null, true]);
    answer(exchange, "whole");
    await client.receive(/^HTTP\/1\.1 200 OK[\s\S]*whole/);
    client.socket.destroy();
  });
});
