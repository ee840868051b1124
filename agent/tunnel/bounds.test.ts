import { once } from "node:events";
import type { Duplex } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { MOST_STREAMS } from "../../lib/tunnels/protocol/http2.ts";
import { Lab } from "../testing/lab.ts";
import type { HubConnection, TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

// What a hub that is broken, or somebody who took its place, can do to an agent.

const lab = new Lab();
afterEach(() => lab.close());
const connected = (hub: TestHub): Promise<HubConnection> => until(() => hub.connections[0], "a connection");

test("refuses a thousand streams to elsewhere, and those that there are go on", async () => {
  const hub = await lab.hub();
  lab.agent(lab.environment(hub, await lab.server()));
  await connected(hub);
  const first = await hub.connect();
  const flood = Array.from({ length: 1_000 }, () =>
    hub.connect("127.0.0.1:22").catch((error) => error.message),
  );
  first.write("one");
  expect(String((await once(first, "data"))[0])).toBe("one");
  expect(new Set(await Promise.all(flood))).toEqual(new Set(["this agent opens its own API server only"]));
  first.write("two");
  expect(String((await once(first, "data"))[0])).toBe("two");
  first.destroy();
});

test("opens no more streams than it takes", async () => {
  const hub = await lab.hub();
  const agent = lab.agent(lab.environment(hub, await lab.server()));
  await connected(hub);
  agent.counters.open += MOST_STREAMS - 1;
  const last = await hub.connect();
  const refusal = await hub.connect().catch(({ headers }) => headers);
  expect(refusal).toMatchObject({ ":status": 503, "kubewitness-problem": "limit" });
  last.destroy();
  await until(() => agent.counters.open === MOST_STREAMS - 1, "its end");
  (await hub.connect()).destroy();
});

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function frame(type: number, { flags = 0, stream = 0, length = 0, body = Buffer.alloc(0) }): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length || body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}
const many = (count: number, one: Buffer) => Buffer.concat(Array.from({ length: count }, () => one));
const PREFACE = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, {})]);
/** A header as HPACK's literal with a name of its own (RFC 7541, section 6.2.2). */
const literal = (name: string, value: string) =>
  Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
const HEADERS = literal(":method", "CONNECT");

test.each([
  ["what is no HTTP/2", Buffer.from("GET / HTTP/1.1\r\n\r\n".repeat(100))],
  ["a frame larger than it takes", Buffer.concat([PREFACE, frame(0, { stream: 1, length: 0xff_ff_ff })])],
  [
    "headers that never end",
    Buffer.concat([
      PREFACE,
      frame(1, { stream: 1, body: HEADERS }),
      many(50_000, frame(9, { stream: 1, body: HEADERS })),
    ]),
  ],
  ["settings without end", Buffer.concat([PREFACE, many(200_000, frame(4, {}))])],
])("ends a connection that sends %s, and comes back", async (_what, bytes) => {
  let ended: Promise<unknown> = Promise.resolve();
  const misbehave = (socket: Duplex) => {
    ended = once(socket, "close");
    socket.resume();
    socket.write(bytes);
  };
  const hub = await lab.hub({ misbehave });
  lab.agent(lab.environment(hub, await lab.server()));
  const { session } = await connected(hub);
  await ended;
  expect(session.destroyed).toBe(false);
});

test("holds little of what a hub does not read, and other streams go on", async () => {
  const block = Buffer.alloc(256 * 1024, 97);
  const hub = await lab.hub();
  let sent = 0;
  let closed = false;
  const port = await lab.server((socket) => {
    const pour = () => {
      while (sent < 1_000_000_000) {
        sent += block.length;
        if (!socket.write(block)) return void socket.once("drain", pour);
      }
    };
    socket.once("data", (data) => {
      if (String(data) !== "pour") return socket.end(data);
      socket.on("close", () => {
        closed = true;
      });
      pour();
    });
  });
  lab.agent(lab.environment(hub, port));
  await connected(hub);
  const unread = await hub.connect();
  unread.write("pour");
  let before = -1;
  await until(() => {
    const stands = sent > 0 && sent === before;
    before = sent;
    return stands;
  }, "a standstill");
  // What the kernel holds for two sockets, and HTTP/2's window.
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  const other = await hub.connect();
  other.end("other");
  expect(String((await once(other, "data"))[0])).toBe("other");
  // And gives up what is left of it when the hub does.
  unread.destroy();
  await until(() => closed, "the end of the connection to the API server");
});
