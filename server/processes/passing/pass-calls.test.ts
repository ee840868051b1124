import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../../lib/gateway/testing/api-server.ts";
import { until } from "../../../lib/gateway/testing/memory-recorder.ts";
import {
  ALICE_TOKEN,
  allow,
  deny,
  startTestGateway,
  type TestGateway,
} from "../../../lib/gateway/testing/test-gateway.ts";
import { spdyHead, webSocketHead } from "../../../lib/gateway/testing/upgrade-heads.ts";
import { acceptSpdy, acceptWebSocket } from "../../../lib/gateway/testing/upstream-session.ts";
import { closeServers } from "../../drain.ts";
import { createWebServer } from "../../listeners.ts";
import { passTo } from "../testing/pass-to.ts";
import { PASSED_HEAD } from "./passed-head.ts";

// One gateway behind two ports of the console's kind: on one it takes calls itself, to the other they come through http-proxy, the tunnel and a Unix
// socket. Whatever is sent, answers, rows and what the cluster sees are the same.

let api: ApiServer;
let gateway: TestGateway;
let direct: Server;
let passed: Server;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  direct = createWebServer(gateway.gateway, []);
  passed = createWebServer(passTo(gateway.gateway), []);
  for (const server of [direct, passed]) await once(server.listen(0, "127.0.0.1"), "listening");
});
beforeEach(() => {
  gateway.decide = allow;
  api.onRequest = answerInChunks;
  api.onUpgrade = (request, socket) => {
    socket.on("data", (chunk: Buffer) => socket.write(chunk));
    if (request.headers.upgrade === "websocket") acceptWebSocket(request, socket);
    else acceptSpdy(socket);
  };
});
afterAll(async () => {
  await closeServers([direct, passed], 0);
  await gateway.close();
  await api.close();
});

/** With repeated headers, odd case, trailers, and the body that came. */
function answerInChunks(request: IncomingMessage, response: ServerResponse): void {
  const trailer = request.method === "HEAD" ? [] : ["Trailer", "X-Sum"];
  const headers = ["X-Twice", "1", "x-twice", "2", ...trailer, "Content-Type", "text/plain"];
  response.writeHead(200, "Just Fine", headers);
  request.on("data", (chunk: Buffer) => response.write(chunk));
  request.on("end", () => {
    response.addTrailers([["X-Sum", "42"]]);
    response.end("over");
  });
}

/** Sends bytes, half-closing nothing, and yields all that comes until the server closes. */
async function exchange(
  server: Server,
  text: string,
  then: [pattern: RegExp, more: string][] = [],
): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let received = "";
  socket.on("error", () => socket.destroy());
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
    while (then[0]?.[0].test(received)) socket.write(then.shift()![1]);
  });
  // The client closes after the server, as HTTP has it.
  socket.on("end", () => socket.end());
  socket.write(Buffer.from(text, "latin1"));
  await once(socket, "close");
  return received;
}

const VARYING: [RegExp, string][] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID"],
  [/Date: [^\r]+/gi, "Date: NOW"],
];
const masked = (text: string) => VARYING.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text);

/** All that can be seen of it: the answer with its head's lines sorted, the rows, what the cluster got. */
async function seenOf(server: Server, text: string, then: [RegExp, string][] = []) {
  gateway.recorder.clear();
  api.seen.length = 0;
  const answer = masked(await exchange(server, text, [...then]));
  await until(() => gateway.recorder.entries.length > 0, "a row");
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const [line, ...headers] = head.split("\r\n");
  const rows = gateway.recorder.entries.map((entry) => ({
    ...entry,
    callId: "",
    executedAt: 0,
    durationMs: 0,
  }));
  return {
    answer: { line, headers: headers.toSorted(), rest },
    rows: JSON.parse(masked(JSON.stringify(rows))),
    cluster: JSON.parse(masked(JSON.stringify(api.seen))),
  };
}

const head = (line: string, lines: string[]) =>
  [line, "Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "Connection: close", ...lines, "\r\n"].join(
    "\r\n",
  );
const to = (path: string, lines: string[] = [], method = "GET") =>
  head(`${method} /k8s/clusters/prod${path} HTTP/1.1`, lines);
const PODS = "/api/v1/namespaces/shop/pods";
const PROGRAM = "/api/v1/namespaces/shop/services/web/proxy";
const CHUNKED = ["Transfer-Encoding: chunked", "Content-Type: application/json"];
const FORGED = Buffer.from(
  JSON.stringify({
    method: "GET",
    url: "/k8s/clusters/prod/api/v1/secrets",
    httpVersion: "1.1",
    rawHeaders: [],
    headers: {},
    remoteAddress: "203.0.113.7",
  }),
).toString("base64url");

const CALLS: [what: string, text: string, then?: [RegExp, string][]][] = [
  ["a list", to(`${PODS}?limit=500`)],
  ["a target in odd encodings", to(`${PROGRAM}/%2F;a=b//c/%7E?q=%20&&x=%00//y`)],
  ["a path that can be read in two ways", to("/api/v1//pods")],
  ["an absolute target", head("GET http://gateway/k8s/clusters/prod/api HTTP/1.1", [])],
  [
    "headers of one name in several lines and in odd case",
    to(PODS, ["X-A: 1", "x-a: 2", "X-B: \xe9", "aCCept: */*"]),
  ],
  ["no token", `GET /k8s/clusters/prod/api HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n`],
  ["two tokens", to(PODS, ["Authorization: Bearer other"])],
  ["no Host", `GET /k8s/clusters/prod/api HTTP/1.1\r\nConnection: close\r\n\r\n`],
  ["a cluster that there is not", head("GET /k8s/clusters/none/api HTTP/1.1", [])],
  ["a body with its length", `${to(PODS, ["Content-Length: 2"], "POST")}{}`],
  ["a body in chunks, with a trailer", `${to(PODS, CHUNKED, "POST")}2\r\n{}\r\n0\r\nX-End: 1\r\n\r\n`],
  ["a DELETE with a body in chunks", `${to(`${PODS}/a`, CHUNKED, "DELETE")}2\r\n{}\r\n0\r\n\r\n`],
  ["an OPTIONS with a body in chunks", `${to(`${PROGRAM}/`, CHUNKED, "OPTIONS")}2\r\n{}\r\n0\r\n\r\n`],
  ["a HEAD", to(`${PROGRAM}/`, [], "HEAD")],
  ["HTTP/1.0", head("GET /k8s/clusters/prod/api HTTP/1.0", [])],
  [
    "a body that waits to be asked for",
    to(PODS, ["Expect: 100-continue", "Content-Length: 2"], "POST"),
    [[/100 Continue/, "{}"]],
  ],
  ["an expectation that there is not", `${to(PODS, ["Expect: 200-ok", "Content-Length: 2"], "POST")}{}`],
  ["a chunk's size that is none", `${to(PODS, CHUNKED, "POST")}zz\r\n{}\r\n0\r\n\r\n`],
  [
    "a length and chunks",
    `${to(PODS, ["Content-Length: 6", "Transfer-Encoding: chunked"], "POST")}0\r\n\r\nGET /`,
  ],
  ["what is no HTTP", "GET /k8s/clusters/prod/api HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n"],
  ["a head that is too large", to(PODS, [`X-A: ${"a".repeat(1_200_000)}`])],
  [
    "an upgrade that is ignored",
    to(PODS, ["Upgrade: h2c"]).replace("Connection: close", "Connection: Upgrade"),
  ],
  ["an upgrade to no session", webSocketHead({ path: `${PODS}?limit=1` })],
  ["CONNECT", "CONNECT prod:443 HTTP/1.1\r\nHost: prod:443\r\n\r\n"],
  ["the header that passes heads, written by the client", to(PODS, [`${PASSED_HEAD}: ${FORGED}`])],
  [
    "the same with a forwarded address",
    to(PODS, [`${PASSED_HEAD}: ${FORGED}`, "X-Forwarded-For: 203.0.113.7"]),
  ],
];

test.each(CALLS)("%s", async (_what, text, then = []) => {
  const came = await seenOf(passed, text, then);
  expect(came).toEqual(await seenOf(direct, text, then));
  expect(came.answer.line).toMatch(/^HTTP\/1\.1 \d{3} /);
  for (const row of came.rows) expect(row.clientIp).toBe("127.0.0.1");
  expect(came.cluster.some(({ url }: { url: string }) => url.includes("secrets"))).toBe(false);
});

test("a chunk that is none: the same, but for what the cluster had until it was found", async () => {
  const text = `${to(PODS, CHUNKED, "POST")}2\r\nabc\r\n0\r\n\r\n`;
  const seen = async (server: Server) => {
    const { answer, rows } = await seenOf(server, text);
    return { answer, rows: rows.map((row: object) => ({ ...row, body: null, bytesIn: 0 })) };
  };
  const came = await seen(passed);
  expect(came.answer.line).toBe("HTTP/1.1 400 Bad Request");
  expect(came.rows).toHaveLength(1);
  expect(came).toEqual(await seen(direct));
});

test("a refusal", async () => {
  gateway.decide = deny("no");
  const text = `${to(PODS, ["Expect: 100-continue", "Content-Length: 2"], "POST")}`;
  const came = await seenOf(passed, text);
  expect(came.answer.line).toBe("HTTP/1.1 403 Forbidden");
  expect(came).toEqual(await seenOf(direct, text));
});

test("an answer before the body has come whole is read, and the connection ends", async () => {
  api.onRequest = (_request, response) => response.writeHead(413, { "Content-Length": "8" }).end("too long");
  const text = `${to(PODS, ["Content-Length: 3000000"], "POST").replace("Connection: close\r\n", "")}${"x".repeat(500_000)}`;
  const came = await seenOf(passed, text);
  expect(came.answer).toMatchObject({ line: "HTTP/1.1 413 Payload Too Large", rest: ["too long"] });
  expect(came.answer.headers).toContain("Connection: close");
});

test("two calls of one connection, one of them in chunks", async () => {
  const keep = (text: string) => text.replace("Connection: close\r\n", "");
  const text = `${keep(to(PODS, CHUNKED, "POST"))}2\r\n{}\r\n0\r\n\r\n${to(PODS)}`;
  const answer = await exchange(passed, text);
  expect(answer.match(/HTTP\/1\.1 200 Just Fine/g)).toHaveLength(2);
});

test("calls sent behind each other on one connection take the gateway process one at a time", async () => {
  // More than may wait for it at once: each would take a connection of its own.
  const stranger = "GET /k8s/clusters/prod/api HTTP/1.1\r\nHost: gateway\r\n";
  const answer = await exchange(
    passed,
    `${`${stranger}\r\n`.repeat(1_500)}${stranger}Connection: close\r\n\r\n`,
  );
  expect(answer.match(/HTTP\/1\.1 503 /g)).toBeNull();
  expect(answer.match(/HTTP\/1\.1 401 /g)).toHaveLength(1_501);
});

describe("a session", () => {
  test.each([
    ["WebSocket", webSocketHead({ path: `${PODS}/a/portforward?ports=80` })],
    ["SPDY", spdyHead({ path: `${PODS}/a/portforward` })],
  ])("over %s passes both ways to the byte, and ends with the client", async (_what, text) => {
    gateway.recorder.clear();
    const socket = connect((passed.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
    });
    socket.write(text);
    await until(() => received.includes("\r\n\r\n"), "the answer's head");
    expect(received).toMatch(/^HTTP\/1\.1 101 /);
    socket.destroy();
    const [start, end] = await gateway.recorder.atLeast(2);
    expect([start?.stage, start?.clientIp, end?.stage]).toEqual(["start", "127.0.0.1", "end"]);
  });
});

test("a client that leaves ends the call at its cluster", async () => {
  const gone = Promise.withResolvers<void>();
  api.onRequest = (_request, response) => {
    response.writeHead(200).write("first");
    response.once("close", gone.resolve);
  };
  const socket = connect((passed.address() as AddressInfo).port, "127.0.0.1");
  socket.write(to(`${PODS}?watch=true`));
  await once(socket, "data");
  socket.destroy();
  await gone.promise;
});

test("where no process takes calls nothing is done, and the client is told so", async () => {
  const server = createWebServer(passTo(gateway.gateway, { listens: false }), []);
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    for (const text of [to(PODS), webSocketHead()]) {
      const answer = await exchange(server, text);
      expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).toContain("no gateway process takes calls at the moment; nothing was done");
      // client-go sends such a call again by itself, and no other.
      expect(answer).toContain("\r\nRetry-After: 1\r\n");
    }
  } finally {
    await closeServers([server], 0);
  }
});
