import net from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tunnelTransport } from "../../clusters/transports/tunnel.ts";
import { until } from "../../gateway/testing/memory-recorder.ts";
import type { AgentLink } from "./agent-link.ts";
import { chooseLinks } from "./choose-links.ts";
import { linksOf } from "./links.ts";
import { type HubLab, startHubLab, type TestIdentity } from "./testing/hub-lab.ts";
import {
  connectAgent,
  dialRaw,
  type NotTaken,
  type ScriptedAgent,
  type ScriptedAgentOptions,
  type StreamAnswer,
} from "./testing/scripted-agent.ts";

const SOON = { timeout: 15_000, interval: 20 };
/** So that whoever does not answer is gone after some seconds, and nobody else is on a busy machine. */
const HEARTBEAT_MS = 500;
const echo: StreamAnswer = (stream) => {
  stream.respond({ ":status": 200 });
  stream.pipe(stream);
};

let lab: HubLab;
const agents: ScriptedAgent[] = [];
beforeAll(async () => {
  lab = await startHubLab({ heartbeatMs: HEARTBEAT_MS });
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close();
  await until(() => lab.hub.sessions.size === 0, "the agents' end");
});
afterAll(() => lab.close());

async function connect(
  identity: TestIdentity,
  change: Partial<ScriptedAgentOptions> = {},
): Promise<ScriptedAgent> {
  const before = linksOf(identity.clusterId);
  const agent = await connectAgent({ port: lab.port, ca: lab.ca, identity, onStream: echo, ...change });
  agents.push(agent);
  await until(
    () => linksOf(identity.clusterId).some((link) => !before.includes(link)),
    "the agent's connection",
  );
  return agent;
}
const only = (identity: TestIdentity): AgentLink => {
  const links = linksOf(identity.clusterId);
  expect(links).toHaveLength(1);
  return links[0]!;
};
const openTo = (identity: TestIdentity) => only(identity).open(AbortSignal.timeout(15_000));
const next = (stream: Duplex) =>
  new Promise<string>((resolve) => stream.once("data", (data) => resolve(String(data))));
const ends = (stream: Duplex) => new Promise<void>((resolve) => stream.resume().once("close", resolve));

/** A way to a port that one day swallows all that is said, as where a machine or a link is gone: nothing is closed. */
async function startWay(port: number) {
  const ends = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const onward = net.connect(port, "127.0.0.1");
    for (const each of [socket, onward]) ends.add(each.on("error", () => each.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    swallow: () => {
      for (const each of ends) each.unpipe().resume();
    },
    close: () => {
      server.close();
      for (const each of ends) each.destroy();
    },
  };
}

describe("a connection", () => {
  test("that does not answer is gone after three heartbeats, and what it carries ends", async () => {
    const identity = await lab.join();
    const way = await startWay(lab.port);
    await connect(identity, { port: way.port });
    const ended = ends(await openTo(identity));
    way.swallow();
    await ended;
    await expect.poll(() => linksOf(identity.clusterId), SOON).toEqual([]);
    await expect.poll(() => lab.closed.at(-1)?.ending, SOON).toContain("gone");
    way.close();
  });

  test("to a replica that the agent has one to already is answered with 409, and who the others are", async () => {
    const identity = await lab.join();
    const again = dialRaw({ port: lab.port, ca: lab.ca, identity, introduction: { connected: [lab.hubId] } });
    const refused = await again.then(
      () => null,
      (error: NotTaken) => error,
    );
    expect(refused?.status).toBe(409);
    expect(refused?.headers).toMatchObject({ "kubewitness-hub": lab.hubId, "kubewitness-hubs": lab.hubId });
  });

  test("of the same process replaces the former, of another one it does not", async () => {
    const identity = await lab.join();
    const first = await connect(identity);
    await connect(identity, { introduction: { instance: "other" } });
    expect(linksOf(identity.clusterId)).toHaveLength(2);
    await connect(identity);
    await first.closed;
    await expect.poll(() => linksOf(identity.clusterId), SOON).toHaveLength(2);
  });

  test("is told when replicas come", async () => {
    const agent = await connect(await lab.join());
    lab.addHub("7d4f");
    await expect.poll(() => agent.told, SOON).toEqual([[lab.hubId, "7d4f"]]);
  });

  test("of a revoked agent ends at once, and its calls", async () => {
    const identity = await lab.join();
    const agent = await connect(identity);
    const ended = ends(await openTo(identity));
    lab.revoke(identity.id);
    await Promise.all([ended, agent.closed]);
    await expect.poll(() => linksOf(identity.clusterId), SOON).toEqual([]);
  });
});

describe("a call goes", () => {
  const choose = (identity: TestIdentity, tag: string | null = null) => {
    const links = chooseLinks({ clusterId: identity.clusterId, credential: "gateway", tag });
    return Array.isArray(links) ? links.map(({ agent }) => agent.name) : links;
  };

  test("by the agent with the fewest calls under way", async () => {
    const busy = await lab.join({ name: "busy" });
    const idle = await lab.join({ name: "idle", clusterId: busy.clusterId });
    await connect(busy);
    await connect(idle);
    const [link] = linksOf(busy.clusterId).filter(({ agent }) => agent.name === "busy");
    const end = link!.begin();
    for (const _ of [1, 2, 3]) expect(choose(busy)).toEqual(["idle", "busy"]);
    end();
    expect(new Set([1, 2, 3, 4].map(() => (choose(busy) as string[])[0]))).toEqual(new Set(["idle", "busy"]));
  });

  test("by agents with the tag alone, as they are tagged now", async () => {
    const eu = await lab.join({ name: "eu-1", tags: ["eu"] });
    const us = await lab.join({ name: "us-1", tags: ["us"], clusterId: eu.clusterId });
    await connect(eu);
    await connect(us);
    expect(choose(eu, "eu")).toEqual(["eu-1"]);
    expect(choose(eu, "asia")).toEqual({ problem: "tag" });
    lab.change({ ...us, tags: ["asia"] });
    expect(choose(eu, "asia")).toEqual(["us-1"]);
  });

  test("by no agent of another credential mode", async () => {
    const identity = await lab.join();
    await connect(identity, { introduction: { credential: "agent" } });
    expect(choose(identity)).toEqual({ problem: "mode" });
  });
});

describe("draining", () => {
  test("of an agent: what is under way goes on, and new calls go elsewhere", async () => {
    const ending = await lab.join({ name: "ending" });
    const agent = await connect(ending);
    const stream = await openTo(ending);
    agent.session.close();
    await expect.poll(() => linksOf(ending.clusterId)[0]?.isDraining, SOON).toBe(true);
    expect(chooseLinks({ clusterId: ending.clusterId, credential: "gateway", tag: null })).toEqual({
      problem: "draining",
    });
    stream.write("still there");
    expect(await next(stream)).toBe("still there");
    stream.end();
    await agent.closed;
    await expect.poll(() => linksOf(ending.clusterId), SOON).toEqual([]);
  });

  test("of an agent that is asked at that very moment: another one is", async () => {
    const ending = await lab.join({ name: "ending" });
    const staying = await lab.join({ name: "staying", clusterId: ending.clusterId });
    const agent = await connect(ending);
    await connect(staying);
    const cluster = {
      id: ending.clusterId,
      name: "far",
      agentTag: null,
      tunnelCredential: "gateway" as const,
    };
    const transport = tunnelTransport(cluster);
    agent.session.close();
    const address = { host: "api-server", port: 443 };
    const streams = await Promise.all(
      Array.from({ length: 8 }, () => transport.dial(address, AbortSignal.timeout(15_000))),
    );
    for (const stream of streams) {
      stream.write("here");
      expect(await next(stream)).toBe("here");
      stream.destroy();
    }
  });

  test("of the hub: the agent is told to go, and what is under way goes on", async () => {
    const other = await startHubLab();
    const identity = await other.join();
    const agent = await connectAgent({ port: other.port, ca: other.ca, identity, onStream: echo });
    await until(() => linksOf(identity.clusterId).length === 1, "the agent's connection");
    const stream = await openTo(identity);
    const told = new Promise((resolve) => agent.session.once("goaway", resolve));
    const drained = other.hub.drain(15_000);
    await told;
    stream.write("still there");
    expect(await next(stream)).toBe("still there");
    stream.end();
    await drained;
    await expect(dialRaw({ port: other.port, ca: other.ca, identity })).rejects.toMatchObject({
      status: 503,
    });
    await other.close();
  });
});

test("a stream that nobody reads holds back no other, and no more than its window", async () => {
  const identity = await lab.join();
  let sent = 0;
  await connect(identity, {
    onStream: (stream) => {
      stream.respond({ ":status": 200 });
      if (agents[0]!.asked.length > 20) return stream.pipe(stream);
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!stream.destroyed && stream.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      stream.on("drain", more);
      return more();
    },
  });
  const slow = await Promise.all(Array.from({ length: 20 }, () => openTo(identity)));
  // 20 windows of 1 MB are more than the connection's own: whatever is not read must not count there.
  await expect.poll(() => sent, SOON).toBeGreaterThan(18 * 2 ** 20);
  const quick = await openTo(identity);
  quick.write("quick");
  expect(await next(quick)).toBe("quick");
  expect(sent).toBeLessThan(20 * 3 * 2 ** 20);
  for (const stream of [...slow, quick]) stream.destroy();
});
