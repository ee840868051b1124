import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import https from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { testCertificates } from "../testing/certificates.ts";
import { until } from "../testing/memory-recorder.ts";
import { connectRaw, exchange } from "../testing/raw-client.ts";
import { send } from "../testing/request.ts";
import { ALICE_TOKEN, ALICE_TOKEN_ID, startTestGateway, type TestGateway } from "../testing/test-gateway.ts";
import { testUpstream } from "../testing/test-upstream.ts";

let api: ApiServer;
let gateway: TestGateway;
let list: ApiServer["onRequest"];

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  list = api.onRequest;
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.recorder.gate = null;
  gateway.recorder.failing = false;
  api.seen.length = 0;
  api.onRequest = list;
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const call = (path: string, options: Partial<Parameters<typeof send>[0]> = {}) =>
  send({ port: gateway.port, path: `prod${path}`, ...options });

const head = (method: string, path: string, ...lines: string[]) =>
  [
    `${method} /k8s/clusters/prod${path} HTTP/1.1`,
    ...["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`],
    ...lines,
    "\r\n",
  ].join("\r\n");

/** A request whose response the test reads by itself. */
async function open(path: string): Promise<import("node:http").IncomingMessage> {
  const { ca } = await testCertificates();
  const request = https.get({
    host: "127.0.0.1",
    port: gateway.port,
    ca,
    agent: false,
    path: `/k8s/clusters/prod${path}`,
    headers: { Authorization: `Bearer ${ALICE_TOKEN}` },
  });
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  response.on("error", () => undefined);
  return response;
}

describe("the end of an answer waits for the record", () => {
  test.each([
    ["of known length", { "Content-Length": "4" }],
    ["in chunks", {}],
  ])("an answer %s", async (_what, headers) => {
    api.onRequest = (_request, response) => response.writeHead(200, headers).end("body");
    let release = () => {};
    gateway.recorder.gate = new Promise((resolve) => {
      release = resolve;
    });
    const connection = await connectRaw(gateway.port);
    connection.write(head("GET", "/api/v1/pods", "Connection: close"));
    await gateway.recorder.atLeast(1);
    expect(connection.received()).not.toContain("body");
    release();
    expect(await connection.closed()).toMatch(/200 OK[\s\S]*body/);
  });

  test("a list that streams goes on but for its latest piece", async () => {
    let more = (_text: string) => {};
    let end = () => {};
    api.onRequest = (_request, response) => {
      more = (text) => response.write(text);
      end = () => response.end();
      response.write("one.");
    };
    const connection = await connectRaw(gateway.port);
    connection.write(head("GET", "/api/v1/pods", "Connection: close"));
    await until(() => api.seen.length === 1, "the call");
    more("two.");
    await connection.receive(/one\./);
    expect(gateway.recorder.entries).toHaveLength(0);
    end();
    expect(await connection.closed()).toMatch(/two\.\r\n0\r\n\r\n$/);
    expect(gateway.recorder.entries).toMatchObject([{ bytesOut: 8, stage: "complete" }]);
  });

  test("an answer cut short by a failing record is not complete", async () => {
    let end = () => {};
    api.onRequest = (_request, response) => {
      response.write("one.");
      setImmediate(() => response.write("two."));
      end = () => response.end();
    };
    const connection = await connectRaw(gateway.port);
    connection.write(head("GET", "/api/v1/pods", "Connection: close"));
    await connection.receive(/one\./);
    gateway.recorder.failing = true;
    end();
    expect(await connection.closed()).not.toMatch(/0\r\n\r\n$/);
  });
});

describe("bytes pass unchanged", () => {
  test("a gzip body, chunked without a length, both ways", async () => {
    const body = randomBytes(300_000);
    api.onRequest = (request, response) => {
      response.writeHead(200, {
        "Content-Encoding": "gzip",
        "Content-Type": request.headers["content-type"],
      });
      request.pipe(response);
    };
    const answer = await call("/api/v1/namespaces/a/configmaps", {
      method: "POST",
      headers: { "Content-Type": "application/vnd.kubernetes.protobuf", "Transfer-Encoding": "chunked" },
      body,
    });
    expect(answer.body.equals(body)).toBe(true);
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(gateway.recorder.entries).toMatchObject([{ bytesIn: 300_000, bytesOut: 300_000 }]);
    expect(gateway.recorder.entries[0]?.body?.sha256).toBe(createHash("sha256").update(body).digest("hex"));
  });

  test("HEAD has the length and no body", async () => {
    api.onRequest = (_request, response) => response.writeHead(200, { "Content-Length": "1234" }).end();
    const answer = await call("/api/v1/namespaces/a/pods/b", { method: "HEAD" });
    expect([answer.headers["content-length"], answer.body.length]).toEqual(["1234", 0]);
    expect(gateway.recorder.entries).toMatchObject([{ verb: "get", httpStatus: 200 }]);
  });

  test("204 and 304 have no body", async () => {
    for (const status of [204, 304]) {
      api.onRequest = (_request, response) => response.writeHead(status).end();
      expect((await call("/openapi/v2")).status).toBe(status);
    }
  });

  test("trailers", async () => {
    api.onRequest = (_request, response) => {
      response.writeHead(200, { Trailer: "X-Sum" });
      response.write("x");
      response.addTrailers({ "X-Sum": "42" });
      response.end();
    };
    expect((await call("/api/v1/pods")).trailers).toEqual({ "x-sum": "42" });
  });

  test.each([
    ["beside a length", { "Content-Length": "2", Trailer: "X-Sum" }, "GET", 200],
    ["of an answer to HEAD", { Trailer: "X-Sum" }, "HEAD", 200],
    ["of an answer that has no body", { Trailer: "X-Sum" }, "GET", 204],
  ])("trailers %s are announced by clusters, and have no room", async (_what, headers, method, status) => {
    api.onRequest = ({ socket }) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const body = "Content-Length" in headers ? "ok" : "";
      socket.end(`HTTP/1.1 ${status} X\r\n${lines.join("")}Connection: close\r\n\r\n${body}`);
    };
    const answer = await call("/api/v1/namespaces/a/pods/b", { method });
    expect([answer.status, answer.headers.trailer]).toEqual([status, undefined]);
    expect(answer.body.toString()).toBe("Content-Length" in headers ? "ok" : "");
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: status, result: "success" }]);
  });

  test("trailers are not announced to a client of HTTP/1.0, which knows no chunks", async () => {
    api.onRequest = (_request, response) => response.writeHead(200, { Trailer: "X-Sum" }).end("ok");
    const head10 = head("GET", "/api/v1/pods").replace("HTTP/1.1", "HTTP/1.0");
    expect(await exchange(gateway.port, head10)).toMatch(/^HTTP\/1\.1 200 [\s\S]*ok$/);
  });

  test("the query and an escaped path, to the letter", async () => {
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%20x?a=%2F%2f&b=+&c='";
    await call(path);
    expect(api.seen[0]?.url).toBe(path);
  });

  test("a cluster below a path", async () => {
    const { ca } = await testCertificates();
    const url = `${api.upstream.endpoint.origin}/base`;
    gateway.addCluster("nested", testUpstream({ url, ca, token: "t" }));
    await send({ port: gateway.port, path: "nested/api/v1/pods" });
    await send({ port: gateway.port, path: "nested" });
    expect(api.seen.map((seen) => seen.url)).toEqual(["/base/api/v1/pods", "/base/"]);
  });
});

describe("Expect: 100-continue", () => {
  test("is answered when the call is forwarded", async () => {
    api.onRequest = (request, response) => {
      request.resume().on("end", () => response.end("done"));
    };
    const connection = await connectRaw(gateway.port);
    connection.write(
      head(
        "POST",
        "/api/v1/namespaces/a/pods",
        "Expect: 100-continue",
        "Content-Length: 2",
        "Connection: close",
      ),
    );
    await connection.receive(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    connection.write("{}");
    expect(await connection.closed()).toMatch(/200 OK[\s\S]*done$/);
    expect(api.seen[0]?.headers).not.toHaveProperty("expect");
  });

  test("a refused call is not asked for its body, and the connection ends", async () => {
    gateway.decide = () => ({ allowed: false, reason: "no" });
    const text = await exchange(
      gateway.port,
      head("POST", "/api/v1/namespaces/a/pods", "Expect: 100-continue", "Content-Length: 2"),
    );
    gateway.decide = (await import("../testing/test-gateway.ts")).allow;
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    expect(text).not.toContain("100 Continue");
  });
});

describe("long-running calls", () => {
  const watch = "/api/v1/pods?watch=true";

  test("a watch has a row when it starts and one when it ends", async () => {
    let end = () => {};
    api.onRequest = (_request, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.write('{"type":"ADDED"}\n');
      end = () => response.end();
    };
    const response = await open(watch);
    const [first] = (await once(response, "data")) as [Buffer];
    expect(first.toString()).toBe('{"type":"ADDED"}\n');
    expect(gateway.recorder.entries).toMatchObject([
      { stage: "start", message: "Watch started", httpStatus: 200, durationMs: null, bytesOut: null },
    ]);
    // Where the gateway is killed now, the next start says that it was interrupted.
    expect(gateway.recorder.intents).toMatchObject([
      { callId: gateway.recorder.entries[0]?.callId, verb: "watch", stage: "start" },
    ]);
    const over = once(response.resume(), "end");
    end();
    await over;
    const [start, last] = gateway.recorder.entries;
    expect(last).toMatchObject({ stage: "end", message: "Watch ended", result: "success", bytesOut: 17 });
    expect(last?.callId).toBe(start?.callId);
    expect(last?.durationMs).toBeGreaterThanOrEqual(0);
  });

  test("the head of a quiet watch comes at once", async () => {
    api.onRequest = (_request, response) => response.writeHead(200).flushHeaders();
    const response = await open(watch);
    expect(response.statusCode).toBe(200);
    response.destroy();
    await gateway.recorder.atLeast(2);
  });

  test("a client that leaves ends the upstream call at once", async () => {
    let upstreamClosed = false;
    api.onRequest = (_request, response) => {
      response.write("x");
      response.on("close", () => {
        upstreamClosed = true;
      });
    };
    const response = await open("/api/v1/namespaces/a/pods/b/log?follow=true");
    await once(response, "data");
    response.destroy();
    await until(() => upstreamClosed, "the upstream call's end");
    const [, last] = await gateway.recorder.atLeast(2);
    expect(last).toMatchObject({ stage: "end", message: "Log stream ended", result: "success", bytesOut: 1 });
  });

  test("a watch that the cluster refuses has one row", async () => {
    api.onRequest = (_request, response) => response.writeHead(410).end("gone");
    expect((await call(watch)).status).toBe(410);
    expect(gateway.recorder.entries).toMatchObject([{ stage: "complete", httpStatus: 410 }]);
  });

  test("a watch that the cluster breaks off ends broken for the client too", async () => {
    api.onRequest = (_request, response) => {
      response.write("x");
      setImmediate(() => response.destroy());
    };
    await expect(call(watch)).rejects.toThrow();
    expect(await gateway.recorder.atLeast(2)).toMatchObject([
      { stage: "start" },
      { stage: "end", result: "failure", message: "The cluster broke the answer off." },
    ]);
  });
});

describe("calls that break off", () => {
  test("a client that leaves before an answer", async () => {
    api.onRequest = () => {};
    const connection = await connectRaw(gateway.port);
    connection.write(head("GET", "/api/v1/pods"));
    await until(() => api.seen.length === 1, "the call");
    connection.socket.destroy();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([
      { result: "failure", httpStatus: null, message: "The client left before the answer was complete." },
    ]);
    await until(
      () => gateway.gateway !== undefined && api.connections() === 0,
      "the upstream connection's end",
    );
  });

  test("a client that leaves in the middle of its body", async () => {
    let aborted = false;
    api.onRequest = (request) =>
      request
        .on("error", () => {
          aborted = true;
        })
        .resume();
    const connection = await connectRaw(gateway.port);
    connection.write(`${head("POST", "/api/v1/namespaces/a/pods", "Content-Length: 100")}half`);
    await until(() => api.seen.length === 1, "the call");
    connection.socket.destroy();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([
      { result: "failure", bytesIn: 4, verb: "create" },
    ]);
    await until(() => aborted, "the upstream call's end");
  });

  test("a cluster that breaks an answer of known length off", async () => {
    api.onRequest = (_request, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("x".repeat(50), () => response.destroy());
    };
    await expect(call("/api/v1/pods")).rejects.toThrow();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([{ result: "failure", httpStatus: 200 }]);
  });

  test("an answer that comes before the body was read", async () => {
    api.onRequest = (_request, response) => response.writeHead(413).end("too large");
    const text = await exchange(
      gateway.port,
      `${head("POST", "/api/v1/namespaces/a/pods", "Content-Length: 100000000")}${"x".repeat(1000)}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*too large\r\n0\r\n\r\n$/);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 413 }]);
  });

  test("a reason phrase that is none", async () => {
    api.onRequest = ({ socket }) => socket.end("HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok");
    const answer = await call("/api/v1/pods");
    expect([answer.status, answer.body.toString()]).toEqual([200, "ok"]);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 200 }]);
  });

  test.each([
    ["a change whose body still comes", "/api/v1/namespaces/a/pods", "Content-Length: 100", "half"],
    [
      "what passes through a proxy",
      "/api/v1/namespaces/a/services/web/proxy/upload",
      "Content-Length: 0",
      "",
    ],
  ])("%s ends with the access", async (_what, path, length, body) => {
    api.onRequest = (request) => request.on("error", () => undefined).resume();
    const connection = await connectRaw(gateway.port);
    connection.write(head("POST", path, length) + body);
    await until(() => api.seen.length === 1, "the call");
    gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });
    await connection.closed();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([
      { result: "failure", message: expect.stringMatching(/^The call was ended: access was revoked/) },
    ]);
  });

  test("a change that still waits for a connection to its cluster ends with the access, and never gets there", async () => {
    const { ca } = await testCertificates();
    let received = 0;
    const connections: Socket[] = [];
    const silent = createServer((socket) => {
      connections.push(socket);
      socket.on("error", () => undefined).on("data", () => received++);
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    gateway.addCluster("slow", testUpstream({ url, ca, token: null }));
    const connection = await connectRaw(gateway.port);
    const path = "/api/v1/namespaces/a/pods/x";
    connection.write(head("DELETE", path).replace("/prod/", "/slow/"));
    await until(() => received > 0, "the handshake's beginning");
    gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });
    await connection.closed();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([
      { result: "failure", httpStatus: null, message: "The call was ended: access was revoked" },
    ]);
    await until(
      () => connections.every(({ destroyed, readableEnded }) => destroyed || readableEnded),
      "its end",
    );
    silent.close();
  });

  test("a change that the cluster has whole is finished", async () => {
    const waiting: (() => void)[] = [];
    api.onRequest = (request, response) =>
      request.resume().on("end", () => waiting.push(() => response.writeHead(201).end()));
    const created = call("/api/v1/namespaces/a/pods", { method: "POST", body: "{}" });
    await until(() => waiting.length === 1, "the whole call");
    gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });
    waiting[0]?.();
    expect((await created).status).toBe(201);
  });

  test("a connection that the cluster had closed is not a failed read", async () => {
    await call("/api/v1/pods");
    let dropped = false;
    api.onRequest = (request, response) => {
      if (dropped) return list(request, response);
      dropped = true;
      response.socket?.destroy();
    };
    expect((await call("/api/v1/pods")).status).toBe(200);
    dropped = false;
    expect((await call("/api/v1/namespaces/a/pods/x", { method: "DELETE" })).status).toBe(424);
  });
});

describe("answers that are not passed on", () => {
  test.each([301, 302, 303, 307, 308, 300])("redirect %i", async (status) => {
    api.onRequest = (_request, response) =>
      response.writeHead(status, { Location: "https://elsewhere/api" }).end();
    const answer = await call("/api/v1/pods");
    expect(answer.status).toBe(502);
    expect(answer.headers).not.toHaveProperty("location");
    expect(api.seen).toHaveLength(1);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 502, result: "failure" }]);
  });

  const PROGRAM = "/api/v1/namespaces/a/services/https:web:8443/proxy";
  test.each([
    ["/login?next=%2Fa#top", null],
    [`${PROGRAM}/login?next=%2Fa#top`, `${PROGRAM}/login?next=%2Fa#top`],
    [
      "/api/v1/namespaces/a/services/https%3Aweb%3A8443/proxy/x",
      "/api/v1/namespaces/a/services/https%3Aweb%3A8443/proxy/x",
    ],
    [`https://CLUSTER${PROGRAM}/login`, `${PROGRAM}/login`],
    [`http://CLUSTER${PROGRAM}/`, `${PROGRAM}/`],
    [`//CLUSTER${PROGRAM}/`, `${PROGRAM}/`],
    [`${PROGRAM}`, `${PROGRAM}`],
    ["login", `${PROGRAM}/deep/login`],
    ["../up", `${PROGRAM}/up`],
    ["?page=2", `${PROGRAM}/deep/page?page=2`],
    ["../../../../../secrets", null],
    ["%2e%2e/../../../../secrets", null],
    [`${PROGRAM}/../../../secrets`, null],
    [`${PROGRAM}-of-another/x`, null],
    ["/api/v1/namespaces/a/services/other/proxy/x", null],
    ["/api/v1/namespaces/a/secrets", null],
    ["https://evil.example/x", null],
    ["//evil.example/x", null],
    ["https:\\\\evil.example\\x", null],
    ["/\\evil.example/x", null],
    [`https://me:secret@CLUSTER${PROGRAM}/`, null],
    [`https://CLUSTER:1${PROGRAM}/`, null],
    ["javascript:alert(1)", null],
    ["", null],
  ])("a proxied program's redirect to %j stays below it, or is not passed on", async (location, followed) => {
    const { host } = api.upstream.endpoint;
    api.onRequest = (_request, response) =>
      response.writeHead(302, { Location: location.replace("CLUSTER", host) }).end();
    const answer = await call(`${PROGRAM}/deep/page`);
    if (followed === null) {
      expect(answer.status).toBe(502);
      expect(answer.headers).not.toHaveProperty("location");
      return;
    }
    expect([answer.status, answer.headers.location]).toEqual([302, `/k8s/clusters/prod${followed}`]);
  });

  test("two places to go are none", async () => {
    const places = [`${PROGRAM}/a`, "https://evil.example/"];
    api.onRequest = (_request, response) => response.writeHead(302, { Location: places }).end();
    expect((await call(`${PROGRAM}/`)).status).toBe(502);
  });

  test("where a proxied program made something is told at the gateway's path, too", async () => {
    api.onRequest = (_request, response) => response.writeHead(201, { Location: `${PROGRAM}/1` }).end();
    const answer = await call(`${PROGRAM}/`);
    expect([answer.status, answer.headers.location]).toEqual([201, `/k8s/clusters/prod${PROGRAM}/1`]);
  });

  test("401 of the gateway's own credential; a proxied program's own is passed", async () => {
    api.onRequest = (_request, response) => response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
    expect((await call("/api/v1/pods")).json().message).toContain("credential");
    const proxied = await call("/api/v1/namespaces/a/services/web/proxy/");
    expect([proxied.status, proxied.headers["www-authenticate"]]).toEqual([401, "Basic"]);
  });
});

test("a credential that the cluster refuses is renewed, and a call without a body made again", async () => {
  const upstream = { ...api.upstream };
  let current = "Bearer old";
  upstream.authorization = async () => current;
  upstream.authorizationAtHand = () => current;
  upstream.credentialRefused = () => {
    current = "Bearer new";
    return true;
  };
  gateway.addCluster("renewing", upstream);
  api.onRequest = (request, response) => {
    const status = request.headers.authorization === "Bearer new" ? 200 : 401;
    response.writeHead(status).end("{}");
  };
  const headers = { "Impersonate-User": "alice", "Impersonate-Group": "Authorization" };
  const answer = await send({ port: gateway.port, path: "renewing/api/v1/pods", headers });
  expect(answer.status).toBe(200);
  expect(api.seen.at(-1)?.headers["impersonate-group"]).toBe("Authorization");
  expect(api.seen.map((seen) => seen.headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 200, result: "success" }]);
  current = "Bearer old";
  const write = { port: gateway.port, path: "renewing/api/v1/namespaces/a/pods", method: "POST", body: "{}" };
  expect((await send(write)).status).toBe(502);
  expect((await send(write)).status).toBe(200);
});

test("a slow reader holds the cluster back, and memory stays flat", async () => {
  const total = 384 * 2 ** 20;
  const block = Buffer.alloc(2 ** 20, "x");
  let written = 0;
  api.onRequest = (_request, response) => {
    const more = () => {
      while (written < total) {
        written += block.length;
        if (!response.write(block)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  };
  const response = await open("/api/v1/namespaces/a/pods/b/log");
  const first = await new Promise<Buffer>((resolve) =>
    response.once("data", (chunk: Buffer) => {
      response.pause();
      resolve(chunk);
    }),
  );
  let before = -1;
  await until(() => {
    const still = before === written;
    before = written;
    return still && written > 0;
  }, "the cluster to be held back");
  expect(written).toBeLessThan(total / 4);
  let received = first.length;
  const baseline = process.memoryUsage().rss;
  let peak = 0;
  response.on("data", (chunk: Buffer) => {
    received += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  });
  response.resume();
  await once(response, "end");
  expect(received).toBe(total);
  expect(peak - baseline).toBeLessThan(160 * 2 ** 20);
  expect(await gateway.recorder.atLeast(1)).toMatchObject([{ bytesOut: total }]);
}, 300_000);
