import { createPrivateKey } from "node:crypto";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../gateway/testing/memory-recorder.ts";
import { createAuthority, issueServerCertificate } from "../../pki/issue-certificate.ts";
import { createProof } from "../protocol/proof.ts";
import { linksOf } from "./links.ts";
import { END_HEADERS, FRAME, frame, literalHeader, SETTINGS, uint32 } from "./testing/frames.ts";
import { AUDIENCE, type HubLab, startHubLab, type TestIdentity } from "./testing/hub-lab.ts";
import { connectAgent, dialRaw, type NotTaken, type ScriptedAgentOptions } from "./testing/scripted-agent.ts";

// What somebody does who has an agent's certificate and keeps to nothing, or who has none. Over real sockets: a hub with another agent, whose calls must not notice.

const SOON = { timeout: 15_000, interval: 20 };
let lab: HubLab;
let good: TestIdentity;

beforeAll(async () => {
  lab = await startHubLab();
  good = await lab.join({ name: "good" });
  // It echoes.
  await connectAgent({
    ...{ port: lab.port, ca: lab.ca, identity: good },
    onStream: (stream) => {
      stream.respond({ ":status": 200 });
      stream.pipe(stream);
    },
  });
  await until(() => linksOf(good.clusterId).length === 1, "the other agent");
});
afterAll(() => lab.close());

const options = (identity: TestIdentity): ScriptedAgentOptions => ({ port: lab.port, ca: lab.ca, identity });
const refusal = (change: Partial<ScriptedAgentOptions> & { identity: TestIdentity }) =>
  dialRaw({ ...options(change.identity), ...change }).then(
    () => expect.fail("it was taken"),
    (error: NotTaken) => [error.status, error.message] as const,
  );

/** Whether the other agent carries bytes now. */
async function echoes(): Promise<boolean> {
  const [link] = linksOf(good.clusterId);
  const stream = await link!.open(AbortSignal.timeout(15_000));
  stream.write("ping");
  const [chunk] = await once(stream, "data");
  stream.destroy();
  return String(chunk) === "ping";
}
const once = (stream: Duplex, event: string) =>
  new Promise<unknown[]>((resolve) => stream.once(event, (...what) => resolve(what)));

describe("who is not the agent is not taken", () => {
  const claim = async (change: { certificate?: string; key?: string; agentId?: string; now?: number }) => {
    const identity = await lab.join();
    const proof = createProof({
      agentId: change.agentId ?? identity.id,
      audience: AUDIENCE,
      purpose: "connect",
      certificate: change.certificate ?? identity.certificate,
      key: change.key === undefined ? identity.key : createPrivateKey(change.key),
      ...(change.now !== undefined && { now: change.now }),
    });
    return refusal({ identity, proof });
  };

  test("a proof that somebody on the way has kept", async () => {
    const identity = await lab.join();
    const { id: agentId, certificate, key } = identity;
    const proof = createProof({ agentId, audience: AUDIENCE, purpose: "connect", certificate, key });
    const socket = await dialRaw({ ...options(identity), proof });
    expect(await refusal({ identity, proof })).toEqual([401, expect.stringContaining("used already")]);
    socket.destroy();
  });

  test("an old proof", async () => {
    expect(await claim({ now: Date.now() - 600_000 })).toEqual([401, expect.stringContaining("clocks")]);
  });

  test("a certificate of another authority, though it has the same name", async () => {
    const identity = await lab.join();
    const foreign = await issueServerCertificate(await createAuthority("agents of a test"), {
      hosts: [identity.id],
    });
    expect(await claim({ ...foreign, agentId: identity.id })).toEqual([
      401,
      expect.stringContaining("authority"),
    ]);
  });

  test("a certificate that has ended", async () => {
    const identity = await lab.join();
    const ended = await issueServerCertificate(lab.authority, { hosts: [identity.id], days: -1 });
    expect(await claim({ ...ended, agentId: identity.id })).toEqual([401, expect.stringContaining("ended")]);
  });

  test("an agent that says it is another", async () => {
    expect(await claim({ agentId: good.id })).toEqual([401, expect.stringContaining("another agent's")]);
  });

  test("nobody", async () => {
    const identity = await lab.join();
    expect(await refusal({ identity, headers: { Authorization: "" } })).toEqual([401, expect.anything()]);
    expect(await refusal({ identity, headers: { "Kubewitness-Agent-Tags": "a b" } })).toEqual([
      400,
      expect.anything(),
    ]);
    expect(await refusal({ identity, headers: { "Kubewitness-Agent-Version": "x".repeat(5_000) } })).toEqual([
      400,
      expect.anything(),
    ]);
  });

  test("a certificate serves the cluster that it was given for, whatever its agent says", async () => {
    const identity = await lab.join();
    const headers = { "Kubewitness-Agent-Cluster": good.clusterId, Cluster: good.clusterId };
    const agent = await connectAgent({ ...options(identity), headers });
    await expect.poll(() => linksOf(identity.clusterId).length, SOON).toBe(1);
    expect(linksOf(good.clusterId).map((link) => link.agent.name)).toEqual(["good"]);
    agent.close();
  });
});

describe("an agent that keeps to nothing ends its own connection alone", () => {
  /** Says these bytes after the 101, again and again until the hub has had enough; the hub's reason. */
  async function bomb(first: Buffer[], again: Buffer | null = null): Promise<string | null> {
    const identity = await lab.join();
    const socket = await dialRaw(options(identity));
    let isOpen = true;
    socket.once("close", () => {
      isOpen = false;
    });
    socket.resume();
    socket.write(Buffer.concat([SETTINGS, ...first]));
    const pour = () => {
      while (isOpen && again !== null && socket.write(again));
    };
    socket.on("drain", pour);
    pour();
    await expect.poll(() => isOpen, SOON).toBe(false);
    expect(await echoes()).toBe(true);
    return lab.closed.find((session) => session.agent.id === identity.id)?.ending ?? null;
  }
  const headers = (stream: number, payload: Buffer) =>
    frame(FRAME.headers, { stream, flags: END_HEADERS, payload });
  const STATUS_200 = Buffer.from([0x88]);

  test("what is no HTTP/2", () => bomb([Buffer.from("HTTP/1.1 200 OK\r\n\r\n")]));
  test("an answer to a call that was not its own", () => bomb([headers(41, STATUS_200)]));
  test("bytes for a call that was not its own", () =>
    bomb([frame(FRAME.data, { stream: 41, payload: Buffer.from("kind: Secret") })]));
  test("a stream of its own", () => bomb([headers(2, STATUS_200)]));
  test("a pushed answer", () =>
    bomb([
      frame(FRAME.pushPromise, {
        stream: 1,
        flags: END_HEADERS,
        payload: Buffer.concat([uint32(2), STATUS_200]),
      }),
    ]));
  test("a frame that is larger than may be", () =>
    bomb([frame(FRAME.data, { stream: 1, payload: Buffer.alloc(300_000) })]));
  test("a window that overflows", () => bomb([frame(FRAME.windowUpdate, { payload: uint32(0x7fffffff) })]));
  test("more settings than a frame may have", () =>
    bomb([frame(FRAME.settings, { payload: Buffer.alloc(6 * 64, Buffer.from([0, 3, 0, 0, 0, 1])) })]));
  test("a head without an end", () => {
    const more = frame(FRAME.continuation, { stream: 1, payload: literalHeader("x", "y".repeat(10_000)) });
    return bomb([frame(FRAME.headers, { stream: 1, payload: STATUS_200 })], more);
  });
});

describe("a flood takes a bounded amount of memory, and no call of another agent", () => {
  /** Sends for a second, and reads nothing of what the hub answers where it is told not to. */
  async function flood(bytes: Buffer, { reads }: { reads: boolean }): Promise<void> {
    const identity = await lab.join();
    const socket = await dialRaw(options(identity));
    if (reads) socket.resume();
    else socket.pause();
    socket.write(SETTINGS);
    let isOpen = true;
    socket.once("close", () => {
      isOpen = false;
    });
    const before = process.memoryUsage.rss();
    const many = Buffer.concat(Array.from({ length: 500 }, () => bytes));
    const end = performance.now() + 1_000;
    const pour = () => {
      while (isOpen && performance.now() < end && socket.write(many));
      if (!isOpen || performance.now() >= end) return;
      // What this side would keep, however much it is, says nothing of the hub.
      if (socket.writableNeedDrain) socket.once("drain", pour);
      else setImmediate(pour);
    };
    pour();
    const answered = [];
    while (performance.now() < end && isOpen) answered.push(await echoes());
    expect([...answered, await echoes()].every((each) => each)).toBe(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
    socket.destroy();
  }

  test.each([true, false])("pings, its reading %s", (reads) =>
    flood(frame(FRAME.ping, { payload: Buffer.alloc(8) }), { reads }),
  );
  test.each([true, false])("settings, its reading %s", (reads) => flood(SETTINGS, { reads }));
  test("resets", () => flood(frame(FRAME.reset, { stream: 1, payload: uint32(8) }), { reads: true }));
  test("empty frames of data", () => flood(frame(FRAME.data, { stream: 1 }), { reads: true }));
});

test("an agent that has been taken, and says nothing, is not a way to its cluster", async () => {
  const identity = await lab.join();
  const socket = await dialRaw(options(identity));
  expect(linksOf(identity.clusterId)).toEqual([]);
  socket.destroy();
});

test("answers that are as long as they can be are cut, and the call fails in words", async () => {
  const identity = await lab.join();
  const agent = await connectAgent({
    ...options(identity),
    onStream: (stream) =>
      stream.respond(
        { ":status": 502, "kubewitness-problem": "unreachable", "kubewitness-message": "x".repeat(4_000) },
        { endStream: true },
      ),
  });
  await expect.poll(() => linksOf(identity.clusterId).length, SOON).toBe(1);
  const failure = await linksOf(identity.clusterId)[0]!
    .open(AbortSignal.timeout(15_000))
    .catch((error: Error) => error);
  expect((failure as Error).message).toHaveLength(256);
  agent.close();
});
