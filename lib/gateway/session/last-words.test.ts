import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ChannelMessageParser } from "../../wire/channel-messages.ts";
import { encodeChannelMessage, findChannelProtocol } from "../../wire/channel-protocol.ts";
import { SpdyFrameEncoder } from "../../wire/spdy-encode.ts";
import { SpdyFrameParser } from "../../wire/spdy-frames.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { connectRaw, type RawConnection } from "../testing/raw-client.ts";
import { recordSessions } from "../testing/recorded-role.ts";
import {
  ALICE_TOKEN,
  ALICE_TOKEN_ID,
  aliceToken,
  startTestGateway,
  type TestGateway,
} from "../testing/test-gateway.ts";
import { EXEC, spdyHead, webSocketHead } from "../testing/upgrade-heads.ts";
import { acceptSpdy, acceptWebSocket } from "../testing/upstream-session.ts";

const LONG = { timeout: 15_000 };
const MESSAGE = "Kubewitness ended this session: access was revoked";
const TTY = `${EXEC}?command=sh&stdin=true&stdout=true&tty=true`;
const PLAIN = `${EXEC}?command=sh&stdout=true&stderr=true`;
const PIPED = `${EXEC}?command=sh&stdout=true`;
/** Out of an editor's screen. */
const TTY_TEXT = `\x1b[?1047l\x1b[?25h\x1b[m\r\n\r\n${MESSAGE}\r\n`;

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.recordings.clear();
  gateway.recordings.failing = null;
  gateway.recordings.gate = null;
  gateway.decide = recordSessions("best_effort");
  gateway.tokens.set(ALICE_TOKEN, aliceToken());
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

interface Session {
  client: RawConnection;
  server: Duplex;
  /** What came behind the 101. */
  received(): Buffer;
}

async function open(head: string, version?: string): Promise<Session> {
  const opened = Promise.withResolvers<Duplex>();
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    if (request.headers.upgrade === "websocket") acceptWebSocket(request, socket);
    else acceptSpdy(socket, version);
    opened.resolve(socket);
  };
  const client = await connectRaw(gateway.port);
  client.write(head);
  const answer = await client.receive(/^HTTP\/1\.1 101 [\s\S]*?\r\n\r\n/);
  const headLength = answer.indexOf("\r\n\r\n") + 4;
  return {
    client,
    server: await opened.promise,
    received: () => Buffer.from(client.received(), "latin1").subarray(headLength),
  };
}

const revoke = () => gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });

/** What came on each channel, and the code of CLOSE. */
function readChannels(protocolName: string, bytes: Buffer) {
  const channels: Record<number, string> = {};
  let close: number | null = null;
  const parser = new ChannelMessageParser({
    from: "server",
    protocol: findChannelProtocol(protocolName)!,
    handler: {
      wantsData: () => true,
      onData: (channel, _length, data) => {
        channels[channel] = (channels[channel] ?? "") + data?.toString();
      },
      onControl: (opcode, payload) => {
        if (opcode === WEBSOCKET_OPCODE.close) close = payload.readUInt16BE(0);
      },
    },
  });
  parser.push(bytes);
  return { channels, close: close as number | null };
}

const STATUS = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: MESSAGE,
  reason: "Forbidden",
  code: 403,
};

describe.each(["v5.channel.k8s.io", "v4.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io", ""])(
  "over WebSocket %j",
  (name) => {
    const protocol = findChannelProtocol(name)!;
    const frame = (channel: number, data: string) =>
      encodeFrame({
        opcode: protocol.base64 ? WEBSOCKET_OPCODE.text : WEBSOCKET_OPCODE.binary,
        payload: encodeChannelMessage(protocol, channel, Buffer.from(data)),
      });
    const head = (path: string) => webSocketHead({ path, protocols: name === "" ? [] : [name] });

    test.each([
      ["a terminal on its screen", TTY, 1, TTY_TEXT],
      ["a session without one on stderr", PLAIN, 2, `\n${MESSAGE}\n`],
      ["a pipe, which gets nothing of it", PIPED, 1, ""],
    ])("tells %s, and the client by a failure and CLOSE", async (_what, path, channel, text) => {
      const { client, server, received } = await open(head(path));
      server.write(frame(1, "output "));
      await expect.poll(() => received().length, LONG).toBeGreaterThan(0);
      revoke();
      await client.closed();
      const { channels, close } = readChannels(name, received());
      const expected: Record<number, string> = { 1: "output " };
      if (text !== "") expected[channel] = (expected[channel] ?? "") + text;
      const { 3: error = "", ...shown } = channels;
      expect(shown).toEqual(expected);
      if (protocol.jsonStatus) expect(JSON.parse(error)).toEqual(STATUS);
      else expect(error).toBe(MESSAGE);
      expect(close).toBe(1000);
    });

    test("waits for the end of the frame under way, and lets nothing behind it pass", async () => {
      const { client, server, received } = await open(head(TTY));
      const half = frame(1, "the first half, and the second");
      server.write(half.subarray(0, half.length - 8));
      await expect.poll(() => received().length, LONG).toBe(half.length - 8);
      revoke();
      expect(gateway.recorder.entries).toHaveLength(1);
      server.write(Buffer.concat([half.subarray(half.length - 8), frame(1, "secret of later")]));
      await client.closed();
      const { channels } = readChannels(name, received());
      expect(channels[1]).toBe(`the first half, and the second${TTY_TEXT}`);
    });
  },
);

/** The streams of an exec as kubectl opens them, and the cluster's answers. */
function spdyStreams(types: string[]) {
  const [client, server] = [new SpdyFrameEncoder(), new SpdyFrameEncoder()];
  const ids = new Map(types.map((type, index) => [type, 2 * index + 1]));
  return {
    ids,
    opened: Buffer.concat(
      types.map((type) =>
        client.synStream({ streamId: ids.get(type)!, headers: new Map([["streamtype", [type]]]) }),
      ),
    ),
    taken: Buffer.concat(
      types.map((type) => server.synReply({ streamId: ids.get(type)!, headers: new Map() })),
    ),
    data: (type: string, text: string) =>
      Buffer.concat([server.dataHeader(ids.get(type)!, text.length), Buffer.from(text)]),
  };
}

/** What came on each stream, which of them ended, and whether GOAWAY came last. */
function readStreams(bytes: Buffer) {
  const texts: Record<number, string> = {};
  const ended: number[] = [];
  let goneAway = false;
  const parser = new SpdyFrameParser({
    from: "server",
    handler: {
      onData: (streamId, chunk) => {
        expect(goneAway).toBe(false);
        texts[streamId] = (texts[streamId] ?? "") + Buffer.from(chunk).toString();
      },
      onDataEnd: ({ streamId, fin }) => {
        if (fin) ended.push(streamId);
      },
      onGoAway: () => {
        goneAway = true;
      },
    },
  });
  parser.push(bytes);
  return { texts, ended, goneAway: goneAway as boolean };
}

describe.each(["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"])(
  "over SPDY %s",
  (version) => {
    test.each([
      ["a terminal on its screen", TTY, ["error", "stdin", "stdout", "resize"], "stdout", TTY_TEXT],
      ["a session without one on stderr", PLAIN, ["error", "stdout", "stderr"], "stderr", `\n${MESSAGE}\n`],
      ["a pipe, which gets nothing of it", PIPED, ["error", "stdout"], "stdout", ""],
    ])("tells %s, and the client by a failure and GOAWAY", async (_what, path, types, stream, text) => {
      const { client, server, received } = await open(spdyHead({ path }), version);
      const spdy = spdyStreams(types);
      let came = 0;
      server.on("data", (chunk: Buffer) => {
        came += chunk.length;
      });
      client.write(spdy.opened);
      await expect.poll(() => came, { ...LONG, interval: 5 }).toBe(spdy.opened.length);
      server.write(spdy.taken);
      server.write(spdy.data("stdout", "output "));
      await expect.poll(() => received().includes("output "), LONG).toBe(true);
      revoke();
      await client.closed();
      const { texts, ended, goneAway } = readStreams(received());
      const id = (type: string) => spdy.ids.get(type)!;
      const { [id("error")]: error = "", ...shown } = texts;
      const expected = { [id("stdout")]: "output " };
      if (text !== "") expected[id(stream)] = (expected[id(stream)] ?? "") + text;
      expect(shown).toEqual(expected);
      if (version === "v4.channel.k8s.io") expect(JSON.parse(error)).toEqual(STATUS);
      else expect(error).toBe(MESSAGE);
      expect(ended).toContain(id("error"));
      expect(ended).toContain(id("stdout"));
      expect(goneAway).toBe(true);
    });
  },
);

test("where the cluster says nothing more of a frame, it is cut, and nothing follows it", async () => {
  const { client, server, received } = await open(webSocketHead({ path: TTY }));
  const half = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(100, 1) }).subarray(
    0,
    50,
  );
  server.write(half);
  await expect.poll(() => received().length, LONG).toBe(50);
  revoke();
  await client.closed();
  expect(received().equals(half)).toBe(true);
});

test("who does not read is waited for, and not for long; the cluster hears nothing of her from the beginning", async () => {
  const { client, server } = await open(webSocketHead({ path: TTY }));
  client.socket.pause();
  const atCluster: Buffer[] = [];
  server.on("data", (chunk: Buffer) => atCluster.push(chunk));
  const frame = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(64 * 1024, 1) });
  // Until the gateway takes no more.
  let waiting = false;
  while (!waiting) {
    waiting = !server.write(frame) && (await Promise.race([once(server, "drain"), nothingFor(500)]));
  }
  revoke();
  client.write(
    encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\0rm -rf /\r"), maskKey: MASK }),
  );
  await expect.poll(() => server.destroyed, LONG).toBe(true);
  await expect.poll(() => gateway.recorder.entries.length, LONG).toBe(2);
  expect(Buffer.concat(atCluster)).toHaveLength(0);
  client.socket.resume();
  await client.closed();
});

test("whoever asks for its end is named with the reason: on the screen, in the row and in the recording", async () => {
  const { client, server, received } = await open(webSocketHead({ path: TTY }));
  server.write(encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\u0001$ ") }));
  await expect.poll(() => received().includes("$ "), LONG).toBe(true);
  const { recordingId } = gateway.recordings.sessions[0]!;
  expect(gateway.requestEnd(recordingId, { by: "bob@acme.example", reason: "wrong cluster" })).toBe(true);
  await client.closed();
  const why = "terminated by bob@acme.example: wrong cluster";
  const { channels } = readChannels("v5.channel.k8s.io", received());
  expect(channels[1]).toContain(`Kubewitness ended this session: ${why}\r\n`);
  expect(gateway.recorder.entries[1]).toMatchObject({
    stage: "end",
    result: "failure",
    message: `Session ended: ${why}`,
    recordingId,
  });
  // The recording of a session before may be closed only now.
  const end = () => gateway.recordings.ends.find((each) => each.recordingId === recordingId);
  await expect
    .poll(() => end()?.outcome, LONG)
    .toMatchObject({
      ending: "terminated",
      result: "failure",
      message: `Session ended: ${why}`,
    });
  expect(gateway.recordings.text(recordingId, "o")).toBe(channels[1]);
  // It is over: nobody listens any more.
  await expect.poll(() => gateway.requestEnd(recordingId, { by: "eve", reason: "again" }), LONG).toBe(false);
});

test("what somebody wrote as a reason moves no cursor in another's terminal", async () => {
  const { client, received } = await open(webSocketHead({ path: TTY }));
  await expect.poll(() => gateway.recordings.sessions.length, LONG).toBe(1);
  const reason = "a\u001b[2J\u001b]0;title\u0007\r\nb\u202ec";
  gateway.requestEnd(gateway.recordings.sessions[0]!.recordingId, { by: "bob", reason });
  await client.closed();
  const { channels } = readChannels("v5.channel.k8s.io", received());
  expect(channels[1]).toContain("terminated by bob: a [2J ]0;title b c\r\n");
  expect(JSON.parse(channels[3] ?? "").message).toMatch(/bob: a \[2J \]0;title b c$/);
});

test("of a recording that must be and cannot go on, the person reads that", async () => {
  gateway.decide = recordSessions("required");
  const { client, server, received } = await open(webSocketHead({ path: TTY }));
  await expect.poll(() => gateway.recordings.sessions.length, LONG).toBe(1);
  gateway.recordings.failing = new Error("disk full");
  server.write(encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\u0001$ ") }));
  await client.closed();
  const { channels } = readChannels("v5.channel.k8s.io", received());
  expect(channels[1]).toMatch(/Kubewitness ended this session: .*record/);
  expect(JSON.parse(channels[3] ?? "")).toMatchObject({ status: "Failure" });
});

test.each([
  ["her access is revoked", () => revoke(), "access was revoked"],
  [
    "its recording cannot go on",
    () => {
      gateway.recordings.failing = new Error("disk full");
    },
    "it must be recorded, and its recording cannot go on",
  ],
])("in the middle of a flood, too, the person reads that %s", async (_what, act, why) => {
  gateway.decide = recordSessions("required");
  const { client, server, received } = await open(webSocketHead({ path: TTY }));
  const frame = encodeFrame({
    opcode: WEBSOCKET_OPCODE.binary,
    payload: Buffer.concat([Buffer.from([1]), Buffer.alloc(30_011, "x")]),
  });
  const closed = once(server, "close");
  const flood = (async () => {
    while (!server.destroyed) {
      if (!server.write(frame)) await Promise.race([once(server, "drain"), closed]);
    }
  })();
  await expect.poll(() => received().length, LONG).toBeGreaterThan(1_000_000);
  act();
  await client.closed();
  await flood;
  const { channels, close } = readChannels("v5.channel.k8s.io", received());
  expect(channels[1]?.slice(-200)).toContain(`Kubewitness ended this session: ${why}`);
  expect(close).toBe(1000);
});

test("a gateway that shuts down says so before it is gone", async () => {
  const leaving = await startTestGateway();
  leaving.addCluster("prod", api.upstream);
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
  };
  const client = await connectRaw(leaving.port);
  client.write(webSocketHead({ path: TTY }));
  const head = await client.receive(/^HTTP\/1\.1 101 [\s\S]*?\r\n\r\n/);
  await leaving.gateway.drain(0);
  const received = Buffer.from(await client.closed(), "latin1").subarray(head.indexOf("\r\n\r\n") + 4);
  const { channels } = readChannels("v5.channel.k8s.io", received);
  const message = "Kubewitness ended this session: the gateway is shutting down";
  expect(channels[1]).toContain(`${message}\r\n`);
  expect(JSON.parse(channels[3] ?? "")).toMatchObject({ message, reason: "ServiceUnavailable", code: 503 });
  await leaving.close();
});

describe("nothing is said", () => {
  test("where the command has ended, and said how", async () => {
    const { client, server, received } = await open(webSocketHead({ path: TTY }));
    const success = encodeFrame({
      opcode: WEBSOCKET_OPCODE.binary,
      payload: Buffer.from(`\u0003${JSON.stringify({ status: "Success" })}`),
    });
    server.write(success);
    await expect.poll(() => received().length, LONG).toBe(success.length);
    revoke();
    await client.closed();
    expect(received().equals(success)).toBe(true);
  });

  test("in a port-forward, which has no terminal", async () => {
    const path = "/api/v1/namespaces/shop/pods/web-1/portforward?ports=80";
    const { client, received } = await open(webSocketHead({ path, protocols: ["v4.channel.k8s.io"] }));
    revoke();
    await client.closed();
    expect(received()).toHaveLength(0);
  });
});

test("before the end not a byte is added or changed, whatever passes", async () => {
  const { client, server, received } = await open(webSocketHead({ path: TTY }));
  const frames = Array.from({ length: 200 }, (_, index) =>
    encodeFrame({
      opcode: WEBSOCKET_OPCODE.binary,
      payload: Buffer.alloc(1 + ((index * 977) % 9_000), index % 3),
    }),
  );
  const all = Buffer.concat(frames);
  for (let at = 0; at < all.length; at += 4_093) server.write(all.subarray(at, at + 4_093));
  await expect.poll(() => received().length, LONG).toBe(all.length);
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(received())).toBe(hash(all));
  revoke();
  await client.closed();
  expect(hash(received().subarray(0, all.length))).toBe(hash(all));
});

const MASK = Buffer.from([1, 2, 3, 4]);

function once(socket: Duplex, event: string): Promise<false> {
  return new Promise((resolve) => socket.once(event, () => resolve(false)));
}

function nothingFor(milliseconds: number): Promise<true> {
  return new Promise((resolve) => setTimeout(() => resolve(true), milliseconds));
}
