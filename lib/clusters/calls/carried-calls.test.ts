import net from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { DialError } from "../../tunnels/hub/dial-error.ts";
import type { Carrier, Carriers, Transport } from "../transports/transport.ts";
import { whenOpen } from "../transports/when-open.ts";
import { createUpstream, type Upstream } from "../upstream.ts";
import { RecordedCall } from "./testing/recorded-call.ts";
import { answer, type ScriptedApiServer, startScriptedApiServer } from "./testing/scripted-api-server.ts";

const SOON = { timeout: 20_000, interval: 5 };

/** Carries to the API server over a socket of its own, as an agent does over a stream. */
class TestCarrier implements Carrier {
  readonly agent: { name: string };
  underWay = 0;
  opened = 0;
  listeners = new Set<() => void>();
  failure: Error | null = null;

  constructor(name: string) {
    this.agent = { name };
  }

  begin(): () => void {
    this.underWay += 1;
    let isOver = false;
    return () => {
      if (!isOver) this.underWay -= 1;
      isOver = true;
    };
  }

  async open(signal: AbortSignal): Promise<net.Socket> {
    this.opened += 1;
    if (this.failure !== null) throw this.failure;
    const socket = net.connect(Number(api.upstream.endpoint.port), "127.0.0.1");
    await whenOpen(socket, "connect", signal);
    return socket;
  }

  onDraining(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

let api: ScriptedApiServer;
let carriers: TestCarrier[];
let choose: (tag: string | null) => Carriers;
let upstream: Upstream;

beforeAll(async () => {
  api = await startScriptedApiServer("http");
});
beforeEach(() => {
  api.connections.splice(0);
  api.onHead = ({ socket }) => socket.write(answer("ok"));
  carriers = ["one", "two", "three", "four"].map((name) => new TestCarrier(name));
  choose = (tag) => ({ carriers, tag });
  const transport: Transport = {
    name: "test",
    dial: async () => {
      throw new Error("calls go by a carrier");
    },
    carriers: (tag) => choose(tag),
  };
  const source = {
    atHand: () => ({ token: null, certificate: null }),
    current: async () => ({ token: null, certificate: null }),
    refused: () => false,
  };
  const destination = {
    ...{ endpoint: "http://cluster.invalid", certificateAuthority: null },
    ...{ tlsServerName: null, insecureSkipTlsVerify: false },
  };
  upstream = createUpstream(destination, { transport, source });
});
afterEach(() => upstream.calls.destroy());
afterAll(() => api.close());

const begin = (carrierTag: string | null = null) => new RecordedCall(upstream.calls, { carrierTag });
const call = (carrierTag: string | null = null) => begin(carrierTag).over();
const failAll = (failure: () => Error, count = carriers.length) => {
  for (const carrier of carriers.slice(0, count)) carrier.failure = failure();
};
const lost = () => DialError.lost("an agent");

test("a call goes by the best carrier, which is told and counted, on a connection that is kept", async () => {
  const { by, content } = await call("gpu");
  expect([by, content]).toEqual([{ agent: "one", tag: "gpu" }, "ok"]);
  await call();
  expect([carriers[0]!.opened, carriers[0]!.underWay, api.connections.length]).toEqual([1, 0, 1]);
  expect(api.connections[0]?.received).toContain("Host: cluster.invalid\r\n");
});

test("each call chooses anew, and goes by no other one's connection", async () => {
  await call();
  carriers.reverse();
  expect((await call()).by?.agent).toBe("four");
  expect(api.connections).toHaveLength(2);
});

test("a call is counted until it is over, however it ends", async () => {
  api.onHead = () => undefined;
  const [broken, givenUp, cut] = [begin(), begin(), begin()];
  await Promise.all([broken, givenUp, cut].map((each) => each.hears("sent")));
  const count = () => carriers[0]!.underWay;
  expect(count()).toBe(3);
  await expect.poll(() => api.connections.length, SOON).toBe(3);
  api.connections[0]!.socket.destroy();
  await Promise.race([broken.over(), givenUp.over(), cut.over()]);
  expect(count()).toBe(2);
  const left = [broken, givenUp, cut].filter(({ told }) => told.length === 1);
  left[0]!.call.abort();
  expect(count()).toBe(1);
  await upstream.calls.destroy();
  expect([count(), left[1]!.told]).toEqual([0, ["sent", "error ECONNABORTED"]]);
});

test("one that gives no connection is followed by the next, three in all", async () => {
  failAll(lost, 2);
  const { by, told } = await call();
  expect([by?.agent, told[0]]).toEqual(["three", "sent"]);
  failAll(lost, 3);
  const tried = carriers.map(({ opened }) => opened);
  await upstream.calls.close();
  const refused = await begin().over();
  expect(refused.error).toBeInstanceOf(DialError);
  expect(carriers.map(({ opened }, at) => opened - tried[at]!)).toEqual([1, 1, 1, 0]);
  expect(carriers.map(({ underWay }) => underWay)).toEqual([0, 0, 0, 0]);
});

test("one that takes too long is followed by the next; what is the same by each is not tried again", async () => {
  failAll(() => Object.assign(new Error("no connection within 10 s"), { code: "ETIMEDOUT" }), 1);
  expect((await call()).by?.agent).toBe("two");
  failAll(() => Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" }), 1);
  expect((await call()).told).toEqual(["error CERT_HAS_EXPIRED"]);
});

test("what was sent goes by no other carrier", async () => {
  api.onHead = ({ socket }) => socket.destroy();
  expect((await call()).told).toEqual(["sent", "error ECONNRESET"]);
  expect(carriers.map(({ opened }) => opened)).toEqual([1, 0, 0, 0]);
});

test("a carrier that drains loses its idle connections, and keeps what is under way until its end", async () => {
  api.onHead = ({ socket }, head) => head.includes("/api") && socket.write(answer("ok"));
  const slow = new RecordedCall(upstream.calls, { path: "/slow" });
  await slow.hears("sent");
  await call();
  for (const listener of [...carriers[0]!.listeners]) listener();
  const of = (path: string) => api.connections.find(({ received }) => received.includes(path))!;
  await expect.poll(() => of("/api").isClosed, SOON).toBe(true);
  of("/slow").socket.write(answer("late"));
  expect((await slow.over()).content).toBe("late");
  await expect.poll(() => of("/slow").isClosed, SOON).toBe(true);
});

test("close leaves nothing with the carriers", async () => {
  await call();
  expect(carriers[0]!.listeners.size).toBe(1);
  await upstream.calls.close();
  expect(carriers[0]!.listeners.size).toBe(0);
  await expect.poll(() => api.connections[0]?.isClosed, SOON).toBe(true);
  // Whoever had it before may still begin one.
  expect((await call()).content).toBe("ok");
  expect(carriers[0]!.listeners.size).toBe(0);
  await expect.poll(() => api.connections[1]?.isClosed, SOON).toBe(true);
});

test("where no carrier is there, the call fails with what is the matter", async () => {
  const missing = new AppError("unavailable", "no agent is connected");
  choose = () => {
    throw missing;
  };
  const asked = begin();
  expect(asked.told).toEqual([]);
  expect((await asked.over()).error).toBe(missing);
  const givenUp = begin();
  givenUp.call.abort();
  await call();
  expect(givenUp.told).toEqual([]);
});
