import { createHash, randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FrameBoundary } from "../../wire/frame-boundary.ts";
import { SessionInspector, type SessionProtocol } from "../../wire/session-inspector.ts";
import { SpdyFrameEncoder } from "../../wire/spdy-encode.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../wire/websocket-frames.ts";
import { until } from "../testing/memory-recorder.ts";
import { startTunnel, type TunnelLab } from "../testing/tunnel-lab.ts";
import { protocolObserver } from "./protocol-observer.ts";
import type { Sender, SessionObserver } from "./session-observer.ts";

const MEBIBYTE = 2 ** 20;
/** More than the kernel buffers of two connections. */
const MUCH = 64 * MEBIBYTE;

/** An observer by its function; it takes its time and ends the session when it fails, unless said otherwise. */
function observer(
  observe: SessionObserver["observe"],
  { longestHoldMs = 60_000, whenFailed = "end-session" as "end-session" | "go-on" } = {},
): SessionObserver & { failures: Error[] } {
  const failures: Error[] = [];
  const onFailure = (error: Error) => {
    failures.push(error);
    return whenFailed;
  };
  return { name: "the recorder", longestHoldMs, observe, failures, onFailure };
}

/** An observer that holds whatever the one side sends until it is told to let go. */
function gate(sender: Sender, options?: Parameters<typeof observer>[1]) {
  const opened = Promise.withResolvers<void>();
  const seen: Buffer[] = [];
  const observe = (from: Sender, chunk: Buffer) => {
    if (from !== sender) return undefined;
    seen.push(chunk);
    return opened.promise;
  };
  return { ...observer(observe, options), seen, open: opened.resolve, fail: opened.reject };
}

/** Collects what comes on a connection. */
function collect(socket: Socket): () => Buffer {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}

function close({ client, cluster }: TunnelLab): void {
  client.destroy();
  cluster.destroy();
}

describe.each<
  [string, SessionProtocol, (pieces: Buffer[]) => { fromClient: Buffer[]; fromCluster: Buffer[] }]
>([
  ["WebSocket", { kind: "websocket", subprotocol: "v5.channel.k8s.io" }, webSocketSession],
  ["SPDY", { kind: "spdy", version: "v4.channel.k8s.io" }, spdySession],
])("a slow observer of a session over %s", (_name, protocol, session) => {
  test("gets every byte in order and so do both sides, though it holds both directions again and again", async () => {
    const pieces = Array.from({ length: 24 }, () => randomBytes(1 + Math.floor(Math.random() * MEBIBYTE)));
    const { fromClient, fromCluster } = session(pieces);
    const observed = { client: createHash("sha256"), cluster: createHash("sha256") };
    const holding = { client: false, cluster: false };
    let holds = 0;
    const slow = observer((sender, chunk) => {
      expect(holding[sender]).toBe(false);
      observed[sender].update(chunk);
      if (++holds % 3 !== 0) return undefined;
      holding[sender] = true;
      return delay(holds % 2).then(() => {
        holding[sender] = false;
      });
    });
    const inspector = new SessionInspector({ subresource: "exec", protocol });
    const tunnel = await startTunnel([protocolObserver(inspector), slow]);
    const [client, cluster] = [createHash("sha256"), createHash("sha256")];
    tunnel.client.on("data", (chunk) => client.update(chunk));
    tunnel.cluster.on("data", (chunk) => cluster.update(chunk));
    // The streams are there before anything comes on them.
    await send(tunnel.client, fromClient.slice(0, 1));
    await until(() => tunnel.record.bytesIn >= fromClient[0]!.length, "the first frames");
    const written = Promise.all([
      send(tunnel.client, fromClient.slice(1)),
      send(tunnel.cluster, fromCluster),
    ]);
    const sizes = [fromClient, fromCluster].map((chunks) => Buffer.concat(chunks).length);
    await until(() => tunnel.client.bytesRead === sizes[1] && tunnel.cluster.bytesRead === sizes[0], "all");
    await written;
    const sent = [fromClient, fromCluster].map((chunks) => hashOf(Buffer.concat(chunks)));
    expect([cluster.digest("hex"), client.digest("hex")]).toEqual(sent);
    expect([observed.client.digest("hex"), observed.cluster.digest("hex")]).toEqual(sent);
    expect(tunnel.record).toEqual({ bytesIn: sizes[0], bytesOut: sizes[1] });
    expect(slow.failures).toEqual([]);
    expect(inspector.command?.stdinBytes).toBe(Buffer.concat(pieces).length);
    close(tunnel);
    await tunnel.ended;
  });

  test("that holds one direction has its sender wait, in bounded memory, while the other one flows", async () => {
    const { fromClient, fromCluster } = session([randomBytes(64 * 1024)]);
    const held = gate("cluster");
    const tunnel = await startTunnel([held]);
    const received = collect(tunnel.client);
    const atCluster = collect(tunnel.cluster);
    const flood = Array.from({ length: MUCH / MEBIBYTE }, () => randomBytes(MEBIBYTE));
    let sent = 0;
    const sending = send(tunnel.cluster, [...fromCluster, ...flood], (bytes) => {
      sent += bytes;
    });
    await until(() => held.seen.length === 1, "the hold");
    // The sender has stopped: all buffers on the way are full.
    for (let before = -1; before !== sent; await delay(300)) before = sent;
    expect(sent).toBeLessThan(MUCH / 2);
    expect(tunnel.record.bytesOut).toBe(held.seen[0]!.length);
    expect(held.seen[0]!.length + tunnel.near.cluster.readableLength).toBeLessThanOrEqual(256 * 1024);
    expect(received()).toHaveLength(0);
    await send(tunnel.client, fromClient);
    const expected = Buffer.concat(fromClient);
    await until(() => atCluster().length === expected.length, "the other direction");
    expect(atCluster().equals(expected)).toBe(true);
    expect(held.seen).toHaveLength(1);

    held.open();
    await sending;
    const all = Buffer.concat([...fromCluster, ...flood]);
    await until(() => tunnel.client.bytesRead === all.length, "the rest");
    expect(hashOf(received())).toBe(hashOf(all));
    close(tunnel);
    await tunnel.ended;
  }, 60_000);
});

describe("what ends waits behind what is held", () => {
  test.each([
    ["ends in good order", (socket: Socket) => void socket.end()],
    ["breaks", (socket: Socket) => void socket.resetAndDestroy()],
  ])("where the cluster's connection %s", async (_how, end) => {
    const held = gate("cluster");
    const tunnel = await startTunnel([held]);
    const received = collect(tunnel.client);
    let isEnded = false;
    void tunnel.ended.then(() => {
      isEnded = true;
    });
    tunnel.cluster.write("first ");
    await until(() => held.seen.length === 1, "the hold");
    tunnel.cluster.write("second");
    await until(() => tunnel.near.cluster.readableLength === 6, "the second");
    end(tunnel.cluster);
    // Held by an observer, a connection is not read, and tells of its end late; nothing may come of it before.
    await delay(50);
    expect(isEnded).toBe(false);
    expect(received().toString()).toBe("");
    held.open();
    expect(await tunnel.ended).toEqual({ kind: "cluster-ended" });
    await until(() => received().toString() === "first second", "all that it said");
    close(tunnel);
  });

  test("where the client says that it is done", async () => {
    const held = gate("client");
    const tunnel = await startTunnel([held]);
    const received = collect(tunnel.cluster);
    let isDone = false;
    tunnel.cluster.on("end", () => {
      isDone = true;
    });
    tunnel.client.end("last words");
    await until(() => held.seen.length === 1 && tunnel.near.client.readableEnded, "the end");
    const said = collect(tunnel.client);
    tunnel.cluster.write("still here");
    await until(() => said().toString() === "still here", "the other direction");
    expect(isDone).toBe(false);
    held.open();
    await until(() => isDone, "the end behind it");
    expect(received().toString()).toBe("last words");
    tunnel.cluster.end();
    expect(await tunnel.ended).toEqual({ kind: "cluster-ended" });
    close(tunnel);
  });
});

describe("an observer that fails", () => {
  const FAILURES: [string, () => Promise<void>, RegExp][] = [
    [
      "throws",
      () => {
        throw new Error("the recording cannot be written: disk full");
      },
      /^the recording cannot be written: disk full$/,
    ],
    [
      "rejects",
      () => Promise.reject(new Error("the recording cannot be written: disk full")),
      /^the recording cannot be written: disk full$/,
    ],
    ["takes too long", () => new Promise(() => {}), /^the recorder took longer than 0\.05 s$/],
  ];

  test.each(FAILURES)(
    "and %s ends the session where it says so; what it did not see does not pass",
    async (_how, fail, message) => {
      const failing = observer((_sender, chunk) => (chunk.includes("secret") ? fail() : undefined), {
        longestHoldMs: 50,
      });
      const tunnel = await startTunnel([failing]);
      const received = collect(tunnel.client);
      tunnel.cluster.write("before");
      await until(() => received().toString() === "before", "what came before");
      tunnel.cluster.write("secret");
      expect(await tunnel.ended).toEqual({
        kind: "observer-failed",
        error: expect.objectContaining({ message: expect.stringMatching(message) }),
      });
      expect(failing.failures).toHaveLength(1);
      tunnel.near.client.end();
      await until(() => tunnel.client.readableEnded, "the end");
      expect(received().toString()).toBe("before");
      close(tunnel);
    },
  );

  test.each(FAILURES)(
    "and %s lets the frame under way end, and nothing behind it pass, where the client is to be told why",
    async (_how, fail, message) => {
      const frame = (text: string) =>
        encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from(`\u0001${text}`) });
      const failing = observer((_sender, chunk) => (chunk.includes("second") ? fail() : undefined), {
        longestHoldMs: 50,
      });
      const frames = new FrameBoundary("websocket");
      const tunnel = await startTunnel([failing], {}, frames);
      const received = collect(tunnel.client);
      const first = frame("the first half, the second half");
      tunnel.cluster.write(first.subarray(0, 18));
      await until(() => received().length === 18, "what came before");
      tunnel.cluster.write(Buffer.concat([first.subarray(18), frame("secret")]));
      expect(await tunnel.ended).toEqual({
        kind: "observer-failed",
        error: expect.objectContaining({ message: expect.stringMatching(message) }),
      });
      expect(frames.bytesLeft).toBe(0);
      tunnel.near.client.end();
      await until(() => tunnel.client.readableEnded, "the end");
      expect(received().equals(first)).toBe(true);
      close(tunnel);
    },
  );

  test("lets no more than 64 KiB of a frame pass that it did not see", async () => {
    const failing = observer((_sender, chunk) => {
      if (chunk.includes("second")) throw new Error("disk full");
      return undefined;
    });
    const frames = new FrameBoundary("websocket");
    const tunnel = await startTunnel([failing], {}, frames);
    const received = collect(tunnel.client);
    const large = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(MEBIBYTE) });
    tunnel.cluster.write(large.subarray(0, 100));
    await until(() => received().length === 100, "its beginning");
    tunnel.cluster.write("second");
    expect((await tunnel.ended).kind).toBe("observer-failed");
    tunnel.near.client.end();
    await until(() => tunnel.client.readableEnded, "the end");
    expect(received().length).toBeLessThanOrEqual(106);
    expect(frames.bytesLeft).toBeGreaterThan(0);
    close(tunnel);
  });

  test.each(FAILURES)(
    "and %s is not asked again where it says so; everything passes",
    async (_how, fail, message) => {
      let asked = 0;
      const failing = observer(
        () => {
          asked += 1;
          return fail();
        },
        { longestHoldMs: 50, whenFailed: "go-on" },
      );
      const other: string[] = [];
      const faithful = observer((_sender, chunk) => {
        other.push(chunk.toString());
        return undefined;
      });
      const tunnel = await startTunnel([failing, faithful]);
      const received = collect(tunnel.client);
      for (const text of ["one", "two", "three"]) {
        const before = received().length;
        tunnel.cluster.write(text);
        await until(() => received().length === before + text.length, text);
      }
      expect(received().toString()).toBe("onetwothree");
      expect(other).toEqual(["one", "two", "three"]);
      expect(asked).toBe(1);
      expect(failing.failures.map((error) => error.message)).toEqual([expect.stringMatching(message)]);
      tunnel.cluster.end();
      expect(await tunnel.ended).toEqual({ kind: "cluster-ended" });
      close(tunnel);
    },
  );

  test("lets go of both directions at once", async () => {
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const failing = observer((sender) => both[sender === "client" ? 0 : 1].promise, { whenFailed: "go-on" });
    const tunnel = await startTunnel([failing]);
    const [atClient, atCluster] = [collect(tunnel.client), collect(tunnel.cluster)];
    tunnel.client.write("up");
    tunnel.cluster.write("down");
    await until(() => tunnel.record.bytesIn === 2 && tunnel.record.bytesOut === 4, "both holds");
    both[0].reject(new Error("gone"));
    await until(() => atClient().length === 4 && atCluster().length === 2, "both directions");
    expect(failing.failures).toHaveLength(1);
    close(tunnel);
    await tunnel.ended;
  });
});

describe("while a direction is held", () => {
  test.each<[string, (tunnel: TunnelLab) => void]>([
    ["the client leaves", ({ client }) => void client.resetAndDestroy()],
    ["access ends", (tunnel) => tunnel.abort()],
  ])("%s: the session ends at once, and leaves nothing behind", async (_how, leave) => {
    // Those of the tunnel, and not the test runner's own.
    const [armed, cleared] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
    onTestFinished(() => void vi.restoreAllMocks());
    const held = gate("cluster");
    const tunnel = await startTunnel([held]);
    tunnel.cluster.write("never passed");
    await until(() => held.seen.length === 1, "the hold");
    expect(armed).toHaveBeenCalledTimes(1);
    leave(tunnel);
    expect(await tunnel.ended).toEqual({ kind: "client-ended" });
    const over = cleared.mock.calls.map(([timer]) => timer);
    expect(armed.mock.results.filter(({ value }) => !over.includes(value))).toEqual([]);
    expect(tunnel.near.cluster.destroyed).toBe(true);
    for (const name of ["data", "drain"]) {
      expect(tunnel.near.client.listenerCount(name)).toBe(0);
      expect(tunnel.near.cluster.listenerCount(name)).toBe(0);
    }
    // What it held is let go too late.
    held.open();
    await delay(0);
    expect(tunnel.near.client.bytesWritten).toBe(0);
    expect(held.failures).toEqual([]);
    close(tunnel);
  });
});

test("what nobody holds is passed on at once, in the same turn", async () => {
  const tunnel = await startTunnel([observer(() => undefined)]);
  const written: number[] = [];
  tunnel.near.cluster.on("data", () => written.push(tunnel.near.client.bytesWritten));
  tunnel.cluster.write("1234");
  await until(() => written.length === 1, "the chunk");
  expect(written).toEqual([4]);
  close(tunnel);
  await tunnel.ended;
});

test("what came with the heads is observed, and held, before what comes after", async () => {
  const held = gate("cluster");
  const tunnel = await startTunnel([held], { cluster: Buffer.from("head "), client: Buffer.from("typed") });
  const [atClient, atCluster] = [collect(tunnel.client), collect(tunnel.cluster)];
  tunnel.cluster.write("body");
  await until(() => atCluster().toString() === "typed", "the client's head");
  expect(held.seen.map(String)).toEqual(["head "]);
  held.open();
  await until(() => atClient().toString() === "head body", "the rest");
  close(tunnel);
  await tunnel.ended;
});

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes as fast as the connection takes it. */
async function send(
  socket: Socket,
  chunks: Buffer[],
  onSent: (bytes: number) => void = () => {},
): Promise<void> {
  for (const chunk of chunks) {
    onSent(chunk.length);
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once("drain", resolve));
  }
}

/** An exec's frames: each piece is typed by the client, and shown by the cluster. */
function webSocketSession(pieces: Buffer[]): { fromClient: Buffer[]; fromCluster: Buffer[] } {
  const mask = Uint8Array.of(4, 3, 2, 1);
  const message = (channel: number, piece: Buffer) => Buffer.concat([Buffer.from([channel]), piece]);
  const opcode = WEBSOCKET_OPCODE.binary;
  return {
    fromClient: pieces.map((piece) => encodeFrame({ opcode, payload: message(0, piece), maskKey: mask })),
    fromCluster: pieces.map((piece) => encodeFrame({ opcode, payload: message(1, piece) })),
  };
}

function spdySession(pieces: Buffer[]): { fromClient: Buffer[]; fromCluster: Buffer[] } {
  const encoder = new SpdyFrameEncoder();
  const streams = ["error", "stdin", "stdout"].map((type, index) =>
    encoder.synStream({ streamId: 2 * index + 1, headers: new Map([["streamtype", [type]]]) }),
  );
  const data = (streamId: number) =>
    pieces.flatMap((piece) => [encoder.dataHeader(streamId, piece.length), piece]);
  return { fromClient: [Buffer.concat(streams), ...data(3)], fromCluster: data(5) };
}
