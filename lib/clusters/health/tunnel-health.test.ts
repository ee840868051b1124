import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../gateway/testing/api-server.ts";
import { until } from "../../gateway/testing/memory-recorder.ts";
import { linksOf } from "../../tunnels/hub/links.ts";
import { type HubLab, startHubLab } from "../../tunnels/hub/testing/hub-lab.ts";
import {
  connectAgent,
  type ScriptedAgent,
  type ScriptedAgentOptions,
} from "../../tunnels/hub/testing/scripted-agent.ts";
import { refusalHeaders } from "../../tunnels/protocol/api-server-stream.ts";
import type { RegisteredCluster } from "../registry.ts";
import { examineCluster } from "./examine.ts";

// What a check says of a cluster that only its agents reach.

const CLUSTER: RegisteredCluster = {
  id: randomUUID(),
  name: "far",
  endpoint: "https://api-server.invalid:6443",
  certificateAuthority: null,
  tlsServerName: "localhost",
  insecureSkipTlsVerify: true,
  labels: {},
  connection: "tunnel",
  agentTag: null,
  tunnelCredential: "gateway",
  credential: null,
  revision: "1",
};

let hub: HubLab;
let api: ApiServer;
const agents: ScriptedAgent[] = [];
beforeAll(async () => {
  [hub, api] = await Promise.all([startHubLab(), startApiServer()]);
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close();
  await until(() => hub.hub.sessions.size === 0, "the agents' end");
});
afterAll(() => Promise.all([hub.close(), api.close()]));

async function connect(change: Partial<ScriptedAgentOptions> = {}): Promise<void> {
  const identity = await hub.join({ name: "far-1", clusterId: CLUSTER.id, tags: ["eu"] });
  agents.push(await connectAgent({ port: hub.port, ca: hub.ca, identity, ...change }));
  await until(() => hub.hub.sessions.size === 1, "the agent's connection");
}
const failing = async (change: Partial<RegisteredCluster> = {}) => {
  const { findings } = await examineCluster({ ...CLUSTER, ...change });
  return findings.find(({ severity }) => severity === "failing");
};

test("no agent is connected", async () => {
  expect(await failing()).toMatchObject({
    step: "tunnel",
    problem: "no agent is connected here",
    next: expect.stringContaining("page Agents"),
  });
});

test("none with the cluster's tag", async () => {
  await connect();
  expect(await failing({ agentTag: "us" })).toMatchObject({
    step: "tunnel",
    problem: 'no agent with the tag "us" is connected here',
  });
});

test("agents of the other credential mode", async () => {
  await connect();
  expect(await failing({ tunnelCredential: "agent" })).toMatchObject({
    step: "tunnel",
    problem: "its agents are configured for another credential mode than the cluster is",
    next: expect.stringContaining('"agent"'),
  });
});

test("an agent that cannot reach its API server", async () => {
  await connect({ apiServer: 1 });
  expect(await failing()).toMatchObject({
    step: "tunnel",
    problem: "its agent far-1 cannot reach the API server: nothing listens at its address (ECONNREFUSED)",
    next: expect.stringContaining("the agent is configured with"),
  });
});

test("an agent that says so itself, in its own words", async () => {
  const refusal = { problem: "limit" as const, code: null, message: "4096 streams are open" };
  await connect({ onStream: (stream) => stream.respond(refusalHeaders(refusal), { endStream: true }) });
  expect(await failing()).toMatchObject({
    problem: "its agent far-1 opened no connection: 4096 streams are open",
  });
});

test("leaves nothing with the agent's connection, which may stand for months", async () => {
  await connect({ apiServer: Number(api.upstream.endpoint.port) });
  const [link] = linksOf(CLUSTER.id);
  const onDraining = link!.onDraining.bind(link);
  const told: string[] = [];
  link!.onDraining = (listener) => {
    const leave = onDraining(listener);
    told.push("waits");
    return () => {
      told.push("leaves");
      leave();
    };
  };
  for (const _ of [1, 2]) expect((await examineCluster(CLUSTER)).latencyMs).not.toBeNull();
  expect(told).toEqual(["waits", "leaves", "waits", "leaves"]);
});

test("what the API server itself has is told as of any other", async () => {
  api.onRequest = (_request, response) => response.writeHead(401).end();
  await connect({ apiServer: Number(api.upstream.endpoint.port) });
  const health = await examineCluster(CLUSTER);
  expect(health.findings[0]).toMatchObject({ step: "authentication" });
  expect(health.certificateExpiresAt).not.toBeNull();
});
