import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ClusterRequest } from "./cluster-call.ts";
import { RecordedCall } from "./testing/recorded-call.ts";
import {
  answer,
  type ScriptedApiServer,
  type ServedConnection,
  startScriptedApiServer,
} from "./testing/scripted-api-server.ts";

const SOON = { timeout: 20_000, interval: 5 };

describe.each(["http", "https"] as const)("%s", (scheme) => {
  let api: ScriptedApiServer;

  beforeAll(async () => {
    api = await startScriptedApiServer(scheme);
  });
  beforeEach(() => {
    api.onHead = ({ socket }) => socket.write(answer("ok"));
  });
  afterEach(() => api.renew());
  afterAll(() => api.close());

  const begin = (request?: Partial<ClusterRequest>) => new RecordedCall(api.upstream.calls, request);
  const call = (request?: Partial<ClusterRequest>) => begin(request).over();
  /** Once the API server's end of it is closed. */
  const closed = (at: number) => expect.poll(() => api.connections[at]?.isClosed, SOON).toBe(true);
  /** A call whose answer begins with `text`. */
  const answered = (text: string, request?: Partial<ClusterRequest>) => {
    api.onHead = ({ socket }) => socket.write(text);
    return call(request);
  };

  describe("a request", () => {
    test("is a head with Host and what was given, in one piece", async () => {
      const { told, content, head } = await call({
        path: "/api/v1/pods?limit=1",
        headers: ["Accept", "application/json", "X-Name", "J\xf6rg"],
      });
      expect(told).toEqual(["sent", "head 200", "data", "end"]);
      expect([content, head?.contentLength, head?.statusMessage]).toEqual(["ok", 2, "OK"]);
      const { host } = api.upstream.endpoint;
      expect(api.connections[0]?.pieces).toEqual([
        `GET /api/v1/pods?limit=1 HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nX-Name: J\xf6rg\r\n\r\n`,
      ]);
    });

    test("with a body is one piece with it", async () => {
      await call({ method: "POST", body: Buffer.from("{}") });
      expect(api.connections[0]?.pieces).toEqual([
        expect.stringMatching(/\r\nContent-Length: 2\r\n\r\n\{\}$/),
      ]);
    });

    test("that could have a body and has none says so", async () => {
      await call({ method: "POST" });
      expect(api.connections[0]?.received).toMatch(/\r\nContent-Length: 0\r\n\r\n$/);
    });

    test.each([
      ["chunked" as const, /\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n$/],
      [5, /\r\nContent-Length: 5\r\n\r\nabcde$/],
    ])(
      "whose body comes by and by (%s) is framed, its beginning in one piece with the head",
      async (body, sent) => {
        await call();
        const [connection] = api.connections as [ServedConnection];
        api.onHead = () => undefined;
        const asked = begin({ method: "POST", body });
        asked.call.write(Buffer.from("abc"));
        await expect.poll(() => connection.pieces[1], SOON).toMatch(/^POST [\s\S]*abc/);
        asked.call.write(Buffer.alloc(0));
        asked.call.write(Buffer.from("de"));
        asked.call.end();
        await expect.poll(() => connection.received, SOON).toMatch(sent);
        connection.socket.write(answer("ok"));
        expect((await asked.over()).told).toEqual(["sent", "head 200", "data", "end"]);
      },
    );

    test("whose body is not there yet goes out without it", async () => {
      api.onHead = () => undefined;
      const asked = begin({ method: "POST", body: 3 });
      await expect.poll(() => api.connections[0]?.received, SOON).toMatch(/Content-Length: 3\r\n\r\n$/);
      asked.call.abort();
    });

    test("whose body came before there was a connection says when that has gone out", async () => {
      api.onHead = () => undefined;
      const asked = begin({ method: "POST", body: "chunked" });
      expect(asked.call.write(Buffer.from("early"))).toBe(false);
      await asked.hears("drain");
      expect(asked.call.write(Buffer.from("late"))).toBe(true);
      asked.call.end();
      await expect
        .poll(() => api.connections[0]?.received, SOON)
        .toMatch(/5\r\nearly\r\n4\r\nlate\r\n0\r\n\r\n$/);
      asked.call.abort();
    });

    test("larger than what a connection takes waits for the API server", async () => {
      api.onHead = ({ socket }) => socket.pause();
      const BLOCKS = 64; // more than two ends of a connection keep in the kernel
      const block = Buffer.alloc(2 ** 20, "x");
      const asked = await begin({ method: "POST", body: BLOCKS * block.length }).hears("sent");
      await expect.poll(() => api.connections[0]?.received, SOON).toContain("\r\n\r\n");
      const [connection] = api.connections as [ServedConnection];
      let written = 0;
      const writeAll = async () => {
        for (;;) {
          let goesOn = true;
          while (goesOn && written < BLOCKS) {
            goesOn = asked.call.write(block);
            written += 1;
          }
          if (written === BLOCKS) return asked.call.end();
          await asked.hears("drain");
          asked.told.length = 0;
        }
      };
      const whole = writeAll();
      let before = -1;
      const standsStill = () => {
        const isStill = written === before;
        before = written;
        return isStill;
      };
      await expect.poll(standsStill, { timeout: 10_000, interval: 200 }).toBe(true);
      expect(written).toBeLessThan(BLOCKS);
      connection.socket.resume();
      await whole;
      const head = connection.received.indexOf("\r\n\r\n") + 4;
      await expect.poll(() => connection.receivedBytes, SOON).toBe(head + BLOCKS * block.length);
      connection.socket.write(answer("done"));
      expect((await asked.over()).content).toBe("done");
    });

    test.each<[string, Partial<ClusterRequest>]>([
      ["a line break in a header", { headers: ["X-A", "b\r\nX-C: d"] }],
      ["a character beyond Latin-1, which would be cut to a line break", { headers: ["X-A", "b\u010a"] }],
      ["a blank in the path", { path: "/api HTTP/1.1\r\nX: y" }],
      ["two lengths", { headers: ["Content-Length", "3"], method: "POST", body: Buffer.from("{}") }],
    ])("with %s is not sent", async (_what, request) => {
      const { error, told } = await call(request);
      expect([error?.code, told]).toEqual(["ERR_REQUEST_INVALID", ["error ERR_REQUEST_INVALID"]]);
      expect(api.connections[0]?.received ?? "").toBe("");
    });

    test.each([
      ["longer", "abcd"],
      ["shorter", "ab"],
    ])("whose body is %s than announced is broken off", async (_what, body) => {
      api.onHead = () => undefined;
      const asked = await begin({ method: "POST", body: 3 }).hears("sent");
      asked.call.write(Buffer.from(body));
      asked.call.end();
      expect((await asked.over()).error?.code).toBe("ERR_REQUEST_INVALID");
      await closed(0);
      expect(api.connections[0]?.received).not.toContain("abcd");
    });
  });

  describe("an answer", () => {
    test("to HEAD, of 204 and of 304 has no content, and its connection is used again", async () => {
      for (const [text, request] of [
        ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", { method: "HEAD" }],
        ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", { method: "HEAD" }],
        ["HTTP/1.1 204 No Content\r\n\r\n", { method: "DELETE" }],
        ["HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", {}],
      ] as const) {
        const { told, head } = await answered(text, request);
        expect([told.at(-1), head?.contentLength, told.includes("data")]).toEqual(["end", 0, false]);
      }
      expect(api.connections).toHaveLength(1);
    });

    test("comes after others that are provisional", async () => {
      const early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
      const { told, content } = await answered(`HTTP/1.1 100 Continue\r\n\r\n${early}${answer("late")}`);
      expect([told, content]).toEqual([["sent", "head 200", "data", "end"], "late"]);
    });

    test.each([
      ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
      ["provisional answers without end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(17)],
      ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
      ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"],
      ["length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok"],
    ])("that is %s is none", async (_what, text) => {
      const { told } = await answered(text);
      expect(told).toEqual(["sent", "error ERR_ANSWER_INVALID"]);
      await closed(0);
    });

    test("that comes octet by octet is the same, chunks and trailers too", async () => {
      const text =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nB\r\nde\r\nfghijkl\r\n0\r\nX-Sum: 7\r\n\r\n";
      api.onHead = async ({ socket }) => {
        for (const octet of text) {
          socket.write(octet, "latin1");
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      for (let count = 0; count < 2; count++) {
        const { content, trailers, head } = await call();
        expect([content, trailers, head?.contentLength]).toEqual(["abcde\r\nfghijkl", ["X-Sum", "7"], null]);
      }
      expect(api.connections).toHaveLength(1);
    });

    test("that came at once has one piece of content, however it is chunked", async () => {
      const asked = await answered(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n",
      );
      expect([asked.content, asked.told]).toEqual(["abc", ["sent", "head 200", "data", "end"]]);
    });

    test("without a length ends with the connection", async () => {
      api.onHead = ({ socket }) => socket.end("HTTP/1.1 200 OK\r\n\r\nto the end");
      const { told, content, head } = await call();
      expect([told.at(-1), content, head?.contentLength]).toEqual(["end", "to the end", null]);
      await closed(0);
    });

    test.each([
      ["says that it closes the connection", answer("ok", "Connection: close\r\n")],
      ["is of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"],
    ])("that %s leaves none behind", async (_what, text) => {
      expect((await answered(text)).content).toBe("ok");
      await closed(0);
      expect((await call()).content).toBe("ok");
      expect(api.connections).toHaveLength(2);
    });

    test("that has more behind it is told whole, and nothing of the rest is the next one's", async () => {
      const { content, told } = await answered(answer("mine") + answer("stolen"));
      expect([content, told.at(-1)]).toEqual(["mine", "end"]);
      await closed(0);
      expect((await answered(answer("next"))).content).toBe("next");
    });

    test("with more behind it in pieces of its own is followed by no call on that connection, not even at once", async () => {
      await call();
      api.onHead = ({ socket }) => {
        // Over TLS each is a record, and all are read in one turn.
        for (const content of ["mine", "stolen", "stolen too"]) socket.write(answer(content));
      };
      const asked = begin();
      const next: RecordedCall[] = [];
      asked.onEnd = () => {
        api.onHead = ({ socket }) => socket.write(answer("next"));
        next.push(begin());
      };
      await expect.poll(() => next[0]?.told.at(-1), SOON).toBe("end");
      expect([asked.content, next[0]?.content]).toEqual(["mine", "next"]);
      await closed(0);
    });

    test("that nobody asked for closes the connection, and is nobody's", async () => {
      await call();
      const [connection] = api.connections;
      connection!.socket.write(answer("stolen"));
      await closed(0);
      expect((await answered(answer("next"))).content).toBe("next");
      expect(api.connections).toHaveLength(2);
    });

    test("before the request is whole ends the call, and its connection", async () => {
      api.onHead = ({ socket }) => socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
      const asked = begin({ method: "POST", body: 1_000 });
      asked.call.write(Buffer.from("the beginning"));
      expect((await asked.over()).told.filter((each) => each !== "drain")).toEqual([
        "sent",
        "head 413",
        "data",
        "end",
      ]);
      expect(asked.call.write(Buffer.from("more"))).toBe(true);
      asked.call.end();
      await closed(0);
      expect(api.connections[0]?.received).not.toContain("more");
    });

    test("that streams is told piece by piece", async () => {
      api.onHead = ({ socket }) => socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const asked = await begin({ path: "/api/v1/pods?watch=true" }).hears("head 200");
      const [connection] = api.connections;
      for (const event of ["first\n", "second\n"]) {
        connection!.socket.write(`${event.length.toString(16)}\r\n${event}\r\n`);
        await expect.poll(() => asked.content, SOON).toMatch(new RegExp(`${event}$`));
      }
      connection!.socket.write("0\r\n\r\n");
      expect((await asked.over()).told.at(-1)).toBe("end");
    });

    test("with a head that is too large is given up", async () => {
      const asked = await answered(`HTTP/1.1 200 OK\r\nX-Large: ${"x".repeat(70_000)}`);
      expect(asked.told).toEqual(["sent", "error ERR_ANSWER_HEAD_TOO_LARGE"]);
      await closed(0);
    });

    test("that does not begin in time is given up; one that has begun may take its time", async () => {
      api.onHead = ({ socket }, head) => {
        if (head.includes("/begun")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
      };
      const begun = await begin({ path: "/begun", headTimeoutMs: 50 }).hears("data");
      const endless = begin({ path: "/endless", headTimeoutMs: 0 });
      const { told } = await call({ path: "/silent", headTimeoutMs: 50 });
      expect(told).toEqual(["sent", "error ERR_ANSWER_TIMEOUT"]);
      expect([begun.told.at(-1), endless.told]).toEqual(["data", ["sent"]]);
      begun.call.abort();
      endless.call.abort();
    });
  });

  describe("back-pressure", () => {
    const TOTAL = 32 * 2 ** 20;
    const flood = ({ socket }: ServedConnection) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`);
      socket.write(Buffer.alloc(TOTAL, "x"));
    };

    test.each(["false from onData", "pause"])("by %s holds the API server back until resume", async (by) => {
      api.onHead = flood;
      const asked = begin();
      asked.takes = () => {
        if (by === "pause") asked.call.pause();
        return by === "pause";
      };
      await asked.hears("data");
      const [{ socket }] = api.connections as [ServedConnection];
      let before = -1;
      await expect
        .poll(
          () => {
            const isStill = before === socket.writableLength && asked.bytes > 0;
            before = socket.writableLength;
            return isStill;
          },
          { timeout: 10_000, interval: 200 },
        )
        .toBe(true);
      // What the kernels hold, and what one reading had.
      expect(asked.bytes).toBeLessThan(TOTAL / 8);
      expect(socket.bytesWritten - socket.writableLength).toBeLessThan(TOTAL / 2);
      asked.takes = () => true;
      asked.call.resume();
      await asked.over();
      expect([asked.bytes, asked.told.at(-1)]).toEqual([TOTAL, "end"]);
      expect((await answered(answer("next"))).content).toBe("next");
      expect(api.connections).toHaveLength(1);
    });

    test("keeps also the end back", async () => {
      const asked = begin();
      asked.takes = () => false;
      await asked.hears("data");
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked.told.at(-1)).toBe("data");
      asked.call.resume();
      expect((await asked.over()).told).toEqual(["sent", "head 200", "data", "end"]);
    });

    test("before the answer holds back its head", async () => {
      const asked = begin();
      asked.call.pause();
      await asked.hears("sent");
      await expect.poll(() => api.connections[0]?.received, SOON).toContain("\r\n\r\n");
      const other = await call();
      expect([other.content, asked.told]).toEqual(["ok", ["sent"]]);
      asked.call.resume();
      expect((await asked.over()).content).toBe("ok");
    });

    test("does not lose the end that came by closing", async () => {
      api.onHead = ({ socket }) => socket.end("HTTP/1.1 200 OK\r\n\r\nall");
      const asked = begin();
      asked.takes = () => false;
      await asked.hears("data");
      asked.call.resume();
      expect((await asked.over()).told).toEqual(["sent", "head 200", "data", "end"]);
    });
  });

  describe("a call that is given up", () => {
    test.each(["before the answer", "amid the answer", "amid the request"])(
      "%s closes its connection, and hears nothing more",
      async (when) => {
        api.onHead = ({ socket }) => {
          if (when === "amid the answer") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        };
        const asked = begin(when === "amid the request" ? { method: "POST", body: 9 } : {});
        if (when === "amid the answer") await asked.hears("data");
        else await expect.poll(() => api.connections[0]?.received, SOON).toContain("\r\n\r\n");
        const before = [...asked.told];
        asked.call.abort();
        expect([asked.call.write(Buffer.from("x")), asked.call.end()]).toEqual([true, undefined]);
        asked.call.pause();
        asked.call.resume();
        asked.call.abort();
        await closed(0);
        expect(asked.told).toEqual(before);
      },
    );

    test("before it has a connection opens none", async () => {
      const asked = begin();
      asked.call.abort();
      expect((await call()).content).toBe("ok");
      expect(asked.told).toEqual([]);
      expect(api.connections.filter(({ received }) => received !== "")).toHaveLength(1);
    });
  });

  describe("an API server that closes", () => {
    test("an idle connection is called on another one", async () => {
      await call();
      api.connections[0]!.socket.end();
      await closed(0);
      expect((await call()).content).toBe("ok");
      expect(api.connections).toHaveLength(2);
    });

    test("a kept one as it is used again is told, and may be called once more on a fresh one", async () => {
      // Two kept ones, so that the second try could go wrong again.
      await Promise.all([call(), call()]);
      api.onHead = (connection) => {
        if (api.connections.indexOf(connection) < 2) connection.socket.destroy();
        else connection.socket.write(answer("fresh"));
      };
      const { told } = await call();
      expect(told).toEqual(["sent", expect.stringMatching(/^error (ECONNRESET|EPIPE)$/)]);
      expect((await call({ isRetry: true })).content).toBe("fresh");
      expect(api.connections).toHaveLength(3);
    });

    test.each([
      ["before its answer", "", "ECONNRESET"],
      ["within the head", "HTTP/1.1 200 OK\r\nConte", "ECONNRESET"],
      [
        "within content of known length",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        "ERR_ANSWER_INCOMPLETE",
      ],
      [
        "within a chunk",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        "ERR_ANSWER_INCOMPLETE",
      ],
      [
        "before the last chunk",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "ERR_ANSWER_INCOMPLETE",
      ],
    ])("%s breaks the call off", async (_when, text, code) => {
      api.onHead = ({ socket }) => socket.end(text);
      const asked = await call();
      expect(asked.told.at(-1)).toBe(`error ${code}`);
      expect(asked.told).not.toContain("end");
      await closed(0);
    });

    test("its half only is closed whole, once its answer has come", async () => {
      api.onHead = ({ socket }) => socket.end(answer("last"));
      expect((await call()).content).toBe("last");
      await closed(0);
    });
  });

  describe("connections", () => {
    test("are as many as there are calls, and each call gets its own answer", async () => {
      api.onHead = ({ socket }, head) => {
        const path = head.split(" ")[1]!;
        setTimeout(() => socket.write(answer(path)), Number(path.slice(1)) % 7);
      };
      const numbers = Array.from({ length: 40 }, (_, number) => `/${number}`);
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(numbers.map((path) => call({ path })));
        expect(answers.map(({ content }) => content)).toEqual(numbers);
      }
      expect(api.connections).toHaveLength(40);
    });

    test("that were used last are used first", async () => {
      const [first, second] = [begin({ path: "/first" }), begin({ path: "/second" })];
      await Promise.all([first.over(), second.over()]);
      for (let count = 0; count < 5; count++) await call();
      expect(api.connections.map(({ pieces }) => pieces.length).sort()).toEqual([1, 6]);
    });

    test("are used again in the turn after the one in which an answer ended", async () => {
      const begun: RecordedCall[] = [];
      const asked = begin();
      asked.onEnd = () => setImmediate(() => begun.push(begin()));
      await expect.poll(() => begun[0]?.told.at(-1), SOON).toBe("end");
      expect(api.connections).toHaveLength(1);
    });
  });
});
