import type { Duplex } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeChannelMessage, findChannelProtocol } from "../../wire/channel-protocol.ts";
import { encodeClose, encodeFrame, WEBSOCKET_OPCODE } from "../../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { connectRaw, exchange, type RawConnection } from "../testing/raw-client.ts";
import { recordSessions } from "../testing/recorded-role.ts";
import {
  ALICE_TOKEN,
  ALICE_TOKEN_ID,
  aliceToken,
  allow,
  startTestGateway,
  type TestGateway,
} from "../testing/test-gateway.ts";
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
  gateway.recordings.clear();
  gateway.decide = allow;
  gateway.tokens.set(ALICE_TOKEN, aliceToken());
  api.seen.length = 0;
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const MASK = Buffer.from([1, 2, 3, 4]);
const binary = (channel: number, data: string | Buffer) =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
const fromServer = (channel: number, data: string | Buffer) =>
  encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: binary(channel, data) });
const fromClient = (channel: number, data: string) =>
  encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: binary(channel, data), maskKey: MASK });
const SUCCESS = fromServer(3, JSON.stringify({ metadata: {}, status: "Success" }));

/** A session that shows this, in turn, and succeeds. */
function showing(...frames: Buffer[]): void {
  api.onUpgrade = (request, socket) => {
    acceptWebSocket(request, socket);
    for (const frame of frames) socket.write(frame);
    socket.write(SUCCESS);
    socket.end(encodeClose(1000));
  };
}

/** The one recording, once it is closed. */
async function closed() {
  await expect.poll(() => gateway.recordings.ends.length).toBe(1);
  const end = gateway.recordings.ends[0]!;
  expect(gateway.recordings.isWhole(end)).toBe(true);
  return {
    end,
    session: gateway.recordings.sessions[0]!,
    events: gateway.recordings.events(end.recordingId),
  };
}

test("a recording says who, where, what and how it ended, and both rows have its id", async () => {
  showing(fromServer(1, "out\n"), fromServer(2, "err\n"));
  await exchange(gateway.port, webSocketHead());
  const { end, session, events } = await closed();
  const [start, last] = gateway.recorder.entries;
  expect(session).toMatchObject({
    recordingId: start?.recordingId,
    startedAt: start?.executedAt,
    actor: { kind: "user", name: "Alice Example", email: "alice@example.com" },
    cluster: { name: "prod" },
    kind: "exec",
    namespace: "shop",
    pod: "web-1",
    container: "web",
    commandLine: "ls -l",
    tty: false,
    role: "developer",
    clientIp: "127.0.0.1",
    accessMethod: "CLI",
    protocol: "v5.channel.k8s.io",
    callId: start?.callId,
    tokenId: ALICE_TOKEN_ID,
    inputRecorded: false,
  });
  expect(last).toMatchObject({ stage: "end", recordingId: start?.recordingId });
  expect(events.map(({ code, data }) => [code, data])).toEqual([
    ["o", "out\n"],
    ["e", "err\n"],
    ["x", "0"],
  ]);
  expect(end).toMatchObject({
    outcome: {
      ending: "completed",
      result: "success",
      message: "Session ended, exit code 0",
      exitCode: 0,
      protocol: "v5.channel.k8s.io",
    },
    outputBytes: 8,
  });
  expect(end.outcome.bytesOut).toBe(last?.bytesOut);
});

test("what is typed at a terminal is kept only where the role says so; sizes always are", async () => {
  const path = `${EXEC}?command=sh&stdin=true&stdout=true&tty=true`;
  const typed = [fromClient(4, '{"Width":100,"Height":30}'), fromClient(0, "hunter2\r")];
  for (const recordInput of [false, true]) {
    gateway.recordings.clear();
    gateway.decide = recordSessions("required", { recordInput });
    const { client, server } = await openSession(webSocketHead({ path }));
    for (const frame of typed) client.write(frame);
    server.write(fromServer(1, "$ "));
    await client.receive(/\$ $/);
    server.write(SUCCESS);
    server.end(encodeClose(1000));
    await client.closed();
    const { end, session } = await closed();
    expect(session).toMatchObject({ tty: true, inputRecorded: recordInput });
    expect(end).toMatchObject({ columns: 100, rows: 30 });
    expect(gateway.recordings.text(end.recordingId, "i")).toBe(recordInput ? "hunter2\r" : "");
    expect(gateway.recordings.cast(end.recordingId).includes("hunter2")).toBe(recordInput);
  }
});

describe("how it ended is told apart:", () => {
  test.each<[string, (session: OpenSession) => void, string]>([
    ["the client left", ({ client }) => client.socket.destroy(), "disconnected"],
    ["the cluster broke off", ({ server }) => void server.destroy(), "disconnected"],
    ["access was revoked", () => gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID }), "revoked"],
    ["the protocol was violated", ({ client }) => client.write(Buffer.alloc(64, 0xff)), "disconnected"],
  ])("%s", async (_what, act, ending) => {
    const session = await openSession(webSocketHead());
    act(session);
    expect((await closed()).end.outcome).toMatchObject({ ending, exitCode: null });
  });
});

test("a session that the cluster refuses leaves no recording, and its row no id", async () => {
  api.onUpgrade = (_request, socket) =>
    void socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  expect(await exchange(gateway.port, webSocketHead())).toMatch(/^HTTP\/1\.1 403 /);
  await expect.poll(() => gateway.recordings.forgotten.length).toBe(1);
  expect(gateway.recordings.forgotten[0]).toBe(gateway.recordings.sessions[0]?.recordingId);
  expect(await gateway.recorder.atLeast(1)).toMatchObject([{ httpStatus: 403, recordingId: null }]);
});

test.each([
  ["a port-forward", "/api/v1/namespaces/shop/pods/web-1/portforward?ports=80", "v4.channel.k8s.io"],
  ["a proxied program", "/api/v1/namespaces/shop/services/web/proxy/ws", "chat"],
])("%s has no recording", async (_what, path, protocol) => {
  const { client } = await openSession(webSocketHead({ path, protocols: [protocol] }));
  client.socket.destroy();
  await gateway.recorder.atLeast(2);
  expect(gateway.recordings.sessions).toEqual([]);
});

test.each([
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "base64.channel.k8s.io",
  "",
])("in WebSocket's subprotocol %j what is shown is recorded", async (name) => {
  const protocol = findChannelProtocol(name)!;
  const message = (channel: number, data: string) =>
    encodeFrame({
      opcode: protocol.base64 ? WEBSOCKET_OPCODE.text : WEBSOCKET_OPCODE.binary,
      payload: encodeChannelMessage(protocol, channel, Buffer.from(data)),
    });
  api.onUpgrade = (request, socket) => {
    acceptWebSocket(request, socket);
    socket.write(message(1, "ünïcode ✓\n"));
    socket.write(message(2, "err\n"));
    socket.end(encodeClose(1000));
  };
  await exchange(gateway.port, webSocketHead({ protocols: name === "" ? [] : [name] }));
  const { end } = await closed();
  const said = (code: "o" | "e") => gateway.recordings.text(end.recordingId, code);
  expect([said("o"), said("e")]).toEqual(["ünïcode ✓\n", "err\n"]);
  expect(end.outcome.protocol).toBe(name);
});

test("over SPDY the protocol's version is the one that both sides agreed to", async () => {
  const { client } = await openSession(spdyHead());
  client.socket.destroy();
  expect((await closed()).end.outcome.protocol).toBe("SPDY/3.1 v4.channel.k8s.io");
});

test("secrets of the command are in no recording's header", async () => {
  showing();
  await exchange(
    gateway.port,
    webSocketHead({ path: `${EXEC}?command=mysql&command=--password%3Dhunter2hunter2` }),
  );
  const { end, session } = await closed();
  expect(session.commandLine).toMatch(/^mysql /);
  expect(JSON.stringify(session) + gateway.recordings.cast(end.recordingId)).not.toContain("hunter2hunter2");
});

test("a role without recordings has none", async () => {
  gateway.decide = recordSessions("off");
  showing();
  await exchange(gateway.port, webSocketHead());
  expect(await gateway.recorder.atLeast(2)).toMatchObject([{ recordingId: null }, { recordingId: null }]);
  expect(gateway.recordings.sessions).toEqual([]);
});

interface OpenSession {
  client: RawConnection;
  server: Duplex;
}

/** Opens a session on which the API server holds on to its end of the connection. */
async function openSession(head: string): Promise<OpenSession> {
  const opened = Promise.withResolvers<Duplex>();
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    if (request.headers.upgrade === "websocket") acceptWebSocket(request, socket);
    else acceptSpdy(socket);
    opened.resolve(socket);
  };
  const client = await connectRaw(gateway.port);
  client.write(head);
  await client.receive(/^HTTP\/1\.1 101 /);
  return { client, server: await opened.promise };
}
