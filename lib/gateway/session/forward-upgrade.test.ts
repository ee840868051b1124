import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { freePort } from "../../../test/free-ports.ts";
import { PolicyRule } from "../../access/policy/schema.ts";
import { SpdyFrameEncoder } from "../../wire/spdy-encode.ts";
import {
  encodeClose,
  encodeFrame,
  encodeFrameHeader,
  WEBSOCKET_OPCODE,
} from "../../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { until } from "../testing/memory-recorder.ts";
import { connectRaw, exchange, type RawConnection } from "../testing/raw-client.ts";
import { decideByRole } from "../testing/real-decisions.ts";
import {
  ALICE_TOKEN,
  ALICE_TOKEN_ID,
  aliceToken,
  allow,
  deny,
  startTestGateway,
  type TestGateway,
} from "../testing/test-gateway.ts";
import { testUpstream } from "../testing/test-upstream.ts";
import { EXEC, spdyHead, webSocketHead } from "../testing/upgrade-heads.ts";
import { acceptSpdy, acceptWebSocket } from "../testing/upstream-session.ts";

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.recorder.gate = null;
  gateway.recorder.failing = false;
  gateway.decide = allow;
  gateway.tokens.set(ALICE_TOKEN, aliceToken());
  api.seen.length = 0;
  api.onUpgrade = (_request, socket) => void socket.destroy();
  api.onRequest = (_request, response) => void response.end("{}");
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const MASK = Buffer.from([1, 2, 3, 4]);
const message = (channel: number, data: string) =>
  encodeFrame({
    opcode: WEBSOCKET_OPCODE.binary,
    payload: Buffer.concat([Buffer.from([channel]), Buffer.from(data)]),
  });
const exit = (code: number) =>
  JSON.stringify({
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `exit code ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  });

/** Opens a session on which the API server holds on to its end of the connection. */
async function openSession(head = webSocketHead()): Promise<{ client: RawConnection; server: Duplex }> {
  let server: Duplex | null = null;
  api.onUpgrade = (request, socket) => {
    server = socket;
    socket.on("error", () => socket.destroy());
    socket.resume();
    if (request.headers.upgrade === "websocket") acceptWebSocket(request, socket);
    else acceptSpdy(socket);
  };
  const client = await connectRaw(gateway.port);
  client.write(head);
  await client.receive(/^HTTP\/1\.1 101 /);
  return { client, server: server! };
}

test("an upgrade in HTTP/1.0 is ignored (RFC 9110 §7.8): a session is refused, a watch an ordinary one", async () => {
  const inOldHttp = (head: string) => head.replace("HTTP/1.1", "HTTP/1.0");
  expect(await exchange(gateway.port, inOldHttp(webSocketHead()))).toMatch(/^HTTP\/1\.1 400 /);
  expect(await exchange(gateway.port, inOldHttp(spdyHead()))).toMatch(/^HTTP\/1\.1 400 /);
  expect(api.seen).toEqual([]);
  const watch = webSocketHead({ path: "/api/v1/pods?watch=1" });
  expect(await exchange(gateway.port, inOldHttp(watch))).toMatch(/^HTTP\/1\.1 200 /);
  expect(api.seen.map(({ headers }) => headers.upgrade)).toEqual([undefined]);
  expect((await gateway.recorder.atLeast(4)).map(({ httpStatus }) => httpStatus)).toEqual([
    400, 400, 200, 200,
  ]);
});

describe("an upgrade of another API, such as a virtual machine's console", () => {
  const CONSOLE = "/apis/subresources.kubevirt.io/v1/namespaces/shop/virtualmachineinstances/v/console";
  const head = () => webSocketHead({ path: CONSOLE, protocols: ["plain.kubevirt.io"] });
  const table = (resources: string[]) => {
    const rule = PolicyRule.parse({ effect: "allow", verbs: ["get"], apiGroups: ["*"], resources });
    const role = { name: "vm", kubernetesGroups: ["vm"], impersonateUsers: [], impersonateGroups: [] };
    return decideByRole({ ...role, rules: [rule] });
  };

  test("is a session where the role names it, and the record says that its content is not watched", async () => {
    gateway.decide = table(["virtualmachineinstances/console"]);
    const { client, server } = await openSession(head());
    expect(gateway.recorder.intents).toHaveLength(1);
    expect(client.received()).toContain("Sec-WebSocket-Protocol: plain.kubevirt.io");
    client.write("login: root");
    server.write("welcome");
    await client.receive(/welcome$/);
    server.end();
    await client.closed();
    const what = { resource: "virtualmachineinstances/console", resourceName: "v", verb: "get" };
    expect(await gateway.recorder.atLeast(2)).toMatchObject([
      {
        ...what,
        stage: "start",
        httpStatus: 101,
        message: "Session started: virtualmachineinstances/console; its content is not watched",
      },
      {
        ...what,
        stage: "end",
        bytesIn: 11,
        bytesOut: 7,
        exitCode: null,
        message: "Session ended: virtualmachineinstances/console; its content was not watched",
      },
    ]);
  });

  test("is on the record whatever is said of reads", async () => {
    const decide = table(["virtualmachineinstances/console"]);
    gateway.decide = (input) => ({ ...decide(input), auditReads: false });
    const recordIntent = vi.spyOn(gateway.recorder, "recordIntent");
    const { client, server } = await openSession(head());
    expect(recordIntent.mock.lastCall?.at(1)).toMatchObject({ auditReads: true });
    recordIntent.mockRestore();
    server.end();
    await client.closed();
  });

  test.each([["*"], ["virtualmachineinstances/*"], ["*/console"], ["virtualmachineinstances"]])(
    "is refused to a role for %j, which does not name it",
    async (...resources) => {
      gateway.decide = table(resources);
      const answer = await exchange(gateway.port, head());
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain("a role must name virtualmachineinstances/console");
      expect(api.seen).toEqual([]);
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 403, resourceName: "v" }]);
    },
  );

  test("ends with the access that it began with", async () => {
    gateway.decide = table(["virtualmachineinstances/console"]);
    const { client } = await openSession(head());
    gateway.decide = table(["*"]);
    await client.closed();
    expect((await gateway.recorder.atLeast(2))[1]).toMatchObject({ stage: "end", result: "failure" });
  });
});

describe("a session", () => {
  test("over WebSocket has a row when it starts and one when it ends, with its exit code", async () => {
    api.onUpgrade = (request, socket) => {
      acceptWebSocket(request, socket);
      socket.write(message(1, "hello\n"));
      socket.write(message(3, exit(7)));
      socket.end(encodeClose(1000));
    };
    const text = await exchange(gateway.port, webSocketHead());
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(text).toContain("Sec-WebSocket-Protocol: v5.channel.k8s.io");
    expect(text).toContain("hello\n");
    const [start, end] = gateway.recorder.entries;
    expect(start).toMatchObject({
      stage: "start",
      verb: "create",
      resource: "pods/exec",
      resourceName: "web-1",
      namespace: "shop",
      message: "Session started: ls -l",
      httpStatus: 101,
      result: "success",
      exitCode: null,
      durationMs: null,
      body: {
        text: "command:\n  - ls\n  - -l\ncontainer: web\nstdin: false\nstdout: true\nstderr: false\ntty: false\n",
      },
    });
    expect(end).toMatchObject({
      stage: "end",
      callId: start?.callId,
      message: "Session ended, exit code 7",
      exitCode: 7,
      result: "success",
    });
    expect(end?.bytesOut).toBeGreaterThan(140);
    // Again when the recording has begun: where the gateway is killed, the row that says so has its id, too.
    expect(gateway.recorder.intents).toMatchObject([
      { callId: start?.callId, verb: "create", recordingId: null },
      { callId: start?.callId, verb: "create", recordingId: start?.recordingId },
    ]);
    expect(JSON.stringify(api.seen)).not.toContain(ALICE_TOKEN);
    expect(api.seen[0]?.headers).toMatchObject({
      "impersonate-user": "alice@example.com",
      upgrade: "websocket",
    });
  });

  test("over SPDY passes bytes unchanged both ways", async () => {
    const { client, server } = await openSession(spdyHead());
    expect(client.received()).toContain("X-Stream-Protocol-Version: v4.channel.k8s.io");
    expect(api.seen[0]?.rawHeaders.filter((value) => value.endsWith("channel.k8s.io"))).toHaveLength(2);
    const frame = new SpdyFrameEncoder().ping(1);
    const echoed: Buffer[] = [];
    server.on("data", (chunk: Buffer) => echoed.push(chunk));
    client.write(frame);
    await until(() => Buffer.concat(echoed).length === frame.length, "the frame");
    expect(Buffer.concat(echoed).equals(frame)).toBe(true);
    client.socket.destroy();
    const [, end] = await gateway.recorder.atLeast(2);
    expect(end).toMatchObject({
      stage: "end",
      bytesIn: frame.length,
      bytesOut: 0,
      message: "Session ended: the client left",
    });
  });

  test("starts for the client when its row is durable, and ends when the last one is", async () => {
    let release = () => {};
    gateway.recorder.gate = new Promise((resolve) => {
      release = resolve;
    });
    api.onUpgrade = (request, socket) => acceptWebSocket(request, socket);
    const client = await connectRaw(gateway.port);
    client.write(webSocketHead());
    await gateway.recorder.atLeast(1);
    expect(client.received()).toBe("");
    release();
    await client.receive(/^HTTP\/1\.1 101 /);
    client.socket.destroy();
    await gateway.recorder.atLeast(2);
  });

  test("that the cluster ends while its start is being recorded is over when that is", async () => {
    let release = () => {};
    gateway.recorder.gate = new Promise((resolve) => {
      release = resolve;
    });
    api.onUpgrade = (request, socket) => {
      acceptWebSocket(request, socket);
      socket.end();
    };
    const client = await connectRaw(gateway.port);
    client.write(webSocketHead());
    await gateway.recorder.atLeast(1);
    await until(() => api.connections() === 0, "the cluster's connection to end");
    release();
    await client.closed();
    expect(client.received()).toMatch(/^HTTP\/1\.1 101 /);
    expect((await gateway.recorder.atLeast(2))[1]).toMatchObject({
      stage: "end",
      message: "Session ended: the cluster closed the connection",
    });
  });

  test("takes its token from the subprotocol, which the cluster never sees", async () => {
    const carrier = `base64url.bearer.authorization.k8s.io.${Buffer.from(ALICE_TOKEN).toString("base64url")}`;
    const { client } = await openSession(
      webSocketHead({ token: null, protocols: [carrier, "v4.channel.k8s.io"] }),
    );
    expect(client.received()).toContain("Sec-WebSocket-Protocol: v4.channel.k8s.io");
    expect(api.seen[0]?.headers["sec-websocket-protocol"]).toBe("v4.channel.k8s.io");
    client.socket.destroy();
    await gateway.recorder.atLeast(2);
  });

  test("offers the cluster no extensions, which would hide its frames", async () => {
    const { client } = await openSession(
      webSocketHead({ lines: ["Sec-WebSocket-Extensions: permessage-deflate"] }),
    );
    expect(api.seen[0]?.headers).not.toHaveProperty("sec-websocket-extensions");
    client.socket.destroy();
    await gateway.recorder.atLeast(2);
  });

  test("moves much data with a slow reader and bounded memory", async () => {
    const { client, server } = await openSession();
    const total = 64 * 2 ** 20;
    const piece = randomBytes(2 ** 20);
    piece[0] = 1;
    client.socket.pause();
    let written = 0;
    const header = encodeFrameHeader({ opcode: WEBSOCKET_OPCODE.binary, length: piece.length });
    const more = () => {
      while (written < total) {
        written += piece.length;
        server.write(header);
        if (!server.write(piece)) return void server.once("drain", more);
      }
    };
    more();
    await delay(200);
    expect(written).toBeLessThan(total / 2);
    let received = 0;
    client.socket.removeAllListeners("data");
    client.socket.on("data", (chunk: Buffer) => {
      received += chunk.length;
    });
    client.socket.resume();
    await until(() => received === total + (total / piece.length) * header.length, "all data");
    client.socket.destroy();
    const [, end] = await gateway.recorder.atLeast(2);
    expect(end?.bytesOut).toBe(received);
  });

  test("whose protocol is violated is closed and says so", async () => {
    const { client } = await openSession(spdyHead());
    const encoder = new SpdyFrameEncoder();
    const open = (streamId: number) =>
      encoder.synStream({ streamId, headers: new Map([["streamtype", ["stdout"]]]) });
    client.write(Buffer.concat([open(1), open(3)]));
    await client.closed();
    const [, end] = await gateway.recorder.atLeast(2);
    expect(end).toMatchObject({ stage: "end", result: "failure" });
    expect(end?.message).toMatch(/^Session ended: the protocol was violated/);
  });

  test.each([
    [
      "a WebSocket frame beyond the limit",
      encodeFrameHeader({ opcode: 2, length: 64 * 2 ** 20, maskKey: MASK }),
    ],
    ["an unmasked frame", message(0, "x")],
    ["bytes that are no frame", Buffer.alloc(64, 0xff)],
  ])("is closed after %s", async (_what, bytes) => {
    const { client } = await openSession();
    client.write(bytes);
    await client.closed();
    expect((await gateway.recorder.atLeast(2))[1]).toMatchObject({ stage: "end", result: "failure" });
  });

  test("in a subprotocol that cannot be watched is cut: an answer would have it begun again over SPDY", async () => {
    api.onUpgrade = (request, socket) => acceptWebSocket(request, socket, "v9.channel.k8s.io");
    expect(await exchange(gateway.port, webSocketHead({ protocols: ["v9.channel.k8s.io"] }))).toBe("");
    expect(gateway.recorder.entries).toMatchObject([
      { stage: "complete", httpStatus: null, message: expect.stringContaining("cannot be watched") },
    ]);
  });

  test("hides secrets of the command", async () => {
    const { client } = await openSession(
      webSocketHead({ path: `${EXEC}?command=mysql&command=--password%3Dhunter2hunter2&command=-e` }),
    );
    client.socket.destroy();
    await gateway.recorder.atLeast(2);
    const rows = JSON.stringify([gateway.recorder.entries, gateway.recorder.intents]);
    expect(rows).not.toContain("hunter2hunter2");
    expect(rows).toContain("mysql");
  });
});

describe("a session ends with its caller's access", () => {
  const ways: [string, () => void, string][] = [
    ["a revoked token", () => gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID }), "access was revoked"],
    [
      "a revoked grant",
      () => {
        gateway.decide = deny("no role is granted to you");
        gateway.changePolicy();
      },
      "access was revoked",
    ],
    [
      "a disabled person",
      () => {
        gateway.tokens.delete(ALICE_TOKEN);
        gateway.revoke({ kind: "user", id: aliceToken().actor.id });
      },
      "access was revoked",
    ],
    [
      "a decision that is another now, told by nobody",
      () => {
        gateway.decide = deny("no more");
      },
      "access was revoked",
    ],
    [
      "a removed cluster",
      () => gateway.revoke({ kind: "cluster", id: gateway.clusters.get("prod")!.cluster.id }),
      "access was revoked",
    ],
  ];

  test.each(ways)("%s", async (_what, revoke, message) => {
    const { client, server } = await openSession();
    revoke();
    await client.closed();
    await until(() => server.destroyed, "the cluster's end");
    expect((await gateway.recorder.atLeast(2))[1]).toMatchObject({
      stage: "end",
      result: "failure",
      message: `Session ended: ${message}`,
    });
  });

  test("before the cluster has answered: it may have begun, and is not said to be refused", async () => {
    api.onUpgrade = () => {};
    const clients = await Promise.all([connectRaw(gateway.port), connectRaw(gateway.port)]);
    clients[0].write(webSocketHead());
    clients[1].write(spdyHead());
    await until(() => api.seen.length === 2, "the upgrades");
    gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });
    const [webSocket, spdy] = await Promise.all(clients.map((client) => client.closed()));
    expect(webSocket).toBe("");
    expect(spdy).toMatch(/^HTTP\/1\.1 424 [\s\S]*is not known: access was revoked/);
    const row = { result: "failure", message: expect.stringContaining("is not known: access was revoked") };
    expect(gateway.recorder.entries).toMatchObject([row, row]);
  });

  test("an expired token", async () => {
    gateway.tokens.set(ALICE_TOKEN, aliceToken(3_000));
    const { client } = await openSession();
    await client.closed();
    expect((await gateway.recorder.atLeast(2))[1]?.message).toBe("Session ended: the access token expired");
  });

  test("but not with somebody else's", async () => {
    const { client } = await openSession();
    gateway.revoke({ kind: "token", id: "another" });
    gateway.revoke({ kind: "user", id: "another" });
    gateway.revoke({ kind: "group", id: "another" });
    await delay(100);
    expect(client.socket.destroyed).toBe(false);
    client.socket.destroy();
    await gateway.recorder.atLeast(2);
  });
});

describe("an upgrade that is refused", () => {
  const smuggled = "GET /k8s/clusters/prod/api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n";

  test("by the cluster: the answer passes, both connections close, nothing else passes (CVE-2018-1002105)", async () => {
    const status = JSON.stringify({ kind: "Status", message: 'pods "web-1" not found', code: 404 });
    api.onUpgrade = (_request, socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", () => {
        throw new Error("something passed");
      });
      socket.write(
        `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${status.length}\r\n\r\n${status}`,
      );
    };
    const text = await exchange(gateway.port, webSocketHead() + smuggled);
    expect(text).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(text.endsWith(status)).toBe(true);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(gateway.recorder.entries).toMatchObject([
      { stage: "complete", httpStatus: 404, result: "failure", message: 'pods "web-1" not found' },
    ]);
    await until(() => api.connections() === 0, "the cluster's connection to close");
  });

  test("by an ordinary answer of 200", async () => {
    api.onUpgrade = (_request, socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsecrets");
    };
    const text = await exchange(gateway.port, spdyHead() + smuggled);
    expect(text).toMatch(/^HTTP\/1\.1 502 [\s\S]*The cluster answered without the upgrade \(200\)/);
    expect(text).not.toMatch(/ok$|secrets/);
    expect(gateway.recorder.entries).toMatchObject([
      { stage: "complete", httpStatus: 502, result: "failure" },
    ]);
  });

  test("a watch that is answered without the upgrade passes nothing that is not on the record", async () => {
    api.onUpgrade = (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{"type":"secrets"}\r\n');
    };
    const head = webSocketHead({ path: "/api/v1/namespaces/a/secrets?watch=1" });
    expect(await exchange(gateway.port, head)).not.toContain("type");
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 502, verb: "watch", result: "failure" }]);
  });

  test("with plain words, which are on the record", async () => {
    api.onUpgrade = (_request, socket) =>
      void socket.write(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 17\r\n\r\nno such protocol\n",
      );
    expect(await exchange(gateway.port, spdyHead())).toMatch(/^HTTP\/1\.1 400 [\s\S]*no such protocol\n$/);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 400, message: "no such protocol" }]);
  });

  test.each([301, 307])("by a redirect %i, which does not pass (CVE-2020-8559)", async (code) => {
    api.onUpgrade = (_request, socket) =>
      void socket.write(`HTTP/1.1 ${code} X\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n`);
    const text = await exchange(gateway.port, webSocketHead());
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(text).not.toMatch(/location/i);
    expect(api.seen).toHaveLength(1);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 502 }]);
  });

  test.each([
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"],
    ["no protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ])("by a 101 to %s", async (_what, answer) => {
    api.onUpgrade = (_request, socket) => {
      socket.write(answer);
      setTimeout(() => socket.destroy(), 500);
    };
    expect(await exchange(gateway.port, webSocketHead())).toBe("");
    expect(await exchange(gateway.port, spdyHead())).toMatch(
      /^HTTP\/1\.1 424 [\s\S]*(may have begun|not known)/,
    );
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: null, result: "failure" },
      { httpStatus: 424, result: "failure" },
    ]);
  });

  test("by the gateway: 401, 403 and 404 are Status answers and the connection closes", async () => {
    expect(await exchange(gateway.port, webSocketHead({ token: null }) + smuggled)).toMatch(
      /^HTTP\/1\.1 401 [\s\S]*Status/,
    );
    gateway.decide = deny('pods "web-1" is forbidden');
    expect(await exchange(gateway.port, spdyHead() + smuggled)).toMatch(/^HTTP\/1\.1 403 [\s\S]*forbidden/);
    expect(gateway.recorder.entries.map((entry) => [entry.httpStatus, entry.verb, entry.stage])).toEqual([
      [401, "create", "complete"],
      [403, "create", "complete"],
    ]);
    expect(api.seen).toEqual([]);
  });

  test.each([
    ["SPDY by GET", spdyHead({ method: "GET" })],
    ["WebSocket by POST", webSocketHead({ method: "POST", lines: ["Content-Length: 0"] })],
    ["WebSocket by PUT", webSocketHead({ method: "PUT", lines: ["Content-Length: 0"] })],
    ["a body", `${webSocketHead({ lines: ["Content-Length: 4"] })}abcd`],
    ["a resource that has no sessions", webSocketHead({ path: "/api/v1/namespaces/a/secrets/b" })],
    ["no resource", webSocketHead({ path: "/version" })],
    ["two protocols", webSocketHead({ lines: ["Upgrade: SPDY/3.1", "Connection: close"] })],
    [
      "a token alone for a subprotocol",
      webSocketHead({
        token: null,
        protocols: [
          `base64url.bearer.authorization.k8s.io.${Buffer.from(ALICE_TOKEN).toString("base64url")}`,
        ],
      }),
    ],
    [
      "two tokens",
      webSocketHead({ protocols: ["base64url.bearer.authorization.k8s.io.eA", "v4.channel.k8s.io"] }),
    ],
  ])("for %s is recorded and reaches no cluster", async (_what, head) => {
    expect(await exchange(gateway.port, head)).toMatch(/^HTTP\/1\.1 40[01] /);
    expect(gateway.recorder.entries).toHaveLength(1);
    expect(api.seen).toEqual([]);
  });

  test("an unreachable cluster is a 502: nothing was sent", async () => {
    const url = `https://127.0.0.1:${await freePort()}`;
    const gone = testUpstream({ url, ca: null, token: "credential" });
    gateway.addCluster("gone", gone);
    const head = webSocketHead().replace("/clusters/prod/", "/clusters/gone/");
    expect(await exchange(gateway.port, head)).toMatch(/^HTTP\/1\.1 502 [\s\S]*refuses connections/);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 502 }]);
    await gone.calls.destroy();
  });

  test("a cluster that breaks off may have begun the session: nothing that a client would repeat", async () => {
    api.onUpgrade = (_request, socket) => void socket.destroy();
    expect(await exchange(gateway.port, webSocketHead())).toBe("");
    const text = await exchange(gateway.port, spdyHead());
    expect(text).toMatch(/^HTTP\/1\.1 424 [\s\S]*is not known/);
    expect(text).not.toMatch(/retry-after/i);
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: null, result: "failure", message: expect.stringContaining("not known") },
      { httpStatus: 424, result: "failure" },
    ]);
  });

  test("a client that leaves while it waits is recorded", async () => {
    api.onUpgrade = () => {};
    const client = await connectRaw(gateway.port);
    client.write(webSocketHead());
    await until(() => api.seen.length === 1, "the upgrade");
    client.socket.destroy();
    expect(await gateway.recorder.atLeast(1)).toMatchObject([
      {
        stage: "complete",
        message: expect.stringMatching(/^The client left before the session was opened\./),
      },
    ]);
  });
});

test("a session that cannot be recorded is closed at once, and by nothing that opens it again", async () => {
  api.onUpgrade = (request, socket) => {
    gateway.recorder.failing = true;
    if (request.headers.upgrade === "websocket") acceptWebSocket(request, socket);
    else acceptSpdy(socket);
  };
  expect(await exchange(gateway.port, webSocketHead())).toBe("");
  gateway.recorder.failing = false;
  const text = await exchange(gateway.port, spdyHead());
  expect(text).toMatch(/^HTTP\/1\.1 424 [\s\S]*may have begun/);
  expect(text).not.toMatch(/retry-after/i);
});

test("a watch over WebSocket and a proxied program's WebSocket pass and have two rows", async () => {
  for (const [path, text] of [
    ["/api/v1/pods?watch=true", "Watch ended"],
    ["/api/v1/namespaces/a/services/web/proxy/ws", "Proxied connection ended"],
  ] as const) {
    gateway.recorder.clear();
    const { client, server } = await openSession(webSocketHead({ path, protocols: [] }));
    server.end();
    await client.closed();
    expect(await gateway.recorder.atLeast(2)).toMatchObject([
      { stage: "start" },
      { stage: "end", message: text },
    ]);
  }
});

test("another Upgrade than WebSocket or SPDY is ignored", async () => {
  const head = spdyHead({ path: "/api/v1/pods", method: "GET" }).replace("Upgrade: SPDY/3.1", "Upgrade: h2c");
  const client = await connectRaw(gateway.port);
  client.write(head);
  await client.receive(/^HTTP\/1\.1 200 OK/);
  client.socket.destroy();
  expect(api.seen[0]?.headers).not.toHaveProperty("upgrade");
});
