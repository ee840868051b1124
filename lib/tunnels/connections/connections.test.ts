import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { registerCluster } from "../../clusters/mutations.ts";
import { type Context, systemContext } from "../../context.ts";
import { getAgent, listAgents } from "../agents/data.ts";
import { removeAgent, revokeAgent, updateAgent } from "../agents/mutations.ts";
import { joinedAgent } from "../testing/joining-agent.ts";
import { listConnections } from "./data.ts";
import { endLeftConnections, forgetOldConnections } from "./keeper.ts";
import { logConnect, logDisconnect, logTraffic } from "./log.ts";

let installation: TestInstallation;
let clusterId: string;
const ctx = systemContext("test");
const outside: Context = { ...ctx, sourceIp: "203.0.113.7" };
const traffic = { calls: 3, bytesIn: 100, bytesOut: 2_000 };

beforeAll(async () => {
  installation = await createTestInstallation();
  const credential = { kind: "none" as const };
  const input = { name: "inside", endpoint: "https://kubernetes.default.svc", connection: "tunnel" as const };
  clusterId = (await registerCluster({ ctx, input: { ...input, credential } })).id;
});
afterAll(() => installation.close());

const newAgent = async (tags: string[] = []) =>
  (await joinedAgent({ admin: ctx, stranger: outside }, { cluster: clusterId, tags })).agentId;
const connect = (agentId: string, { process = "gateway-1", tags = [] as string[] } = {}) =>
  logConnect(outside, { agentId, instance: "pod-1", hub: "replica-1", process, version: "0.0.9", tags });
const stateOf = async (id: string) => (await getAgent({ ctx, input: { id } })).state;

test("an agent is new, connected, away and revoked, with what passed; coming and going are events, each connection is in the log", async () => {
  const id = await newAgent();
  expect(await stateOf(id)).toBe("new");
  const before = await lastEventNo(installation);
  const [first, second] = [await connect(id), await connect(id, { process: "gateway-2" })];
  await logTraffic([
    { id: first, ...traffic },
    { id: second, ...traffic },
  ]);
  expect(await getAgent({ ctx, input: { id } })).toMatchObject({
    ...{ state: "connected", connections: 2, calls: 6, bytesIn: 200, bytesOut: 4_000 },
    ...{ version: "0.0.9", isOlder: true, address: "203.0.113.7" },
  });
  await logDisconnect(ctx, { id: first, ending: "the link broke", traffic });
  expect(await stateOf(id)).toBe("connected");
  await logDisconnect(ctx, { id: second, ending: "the agent drained", traffic: { ...traffic, calls: 4 } });
  await logDisconnect(ctx, { id: second, ending: "again", traffic });
  expect(await stateOf(id)).toBe("away");
  expect(await readEvents(installation, before)).toMatchObject([
    { operation: "Connect", entityId: id, clusterName: "inside", sourceIp: "203.0.113.7" },
    { operation: "Disconnect", entityId: id, after: { ending: "the agent drained" } },
  ]);
  const { open, ended } = await listConnections({ ctx, agentId: id });
  expect(open).toEqual([]);
  expect(ended.map(({ process, ending, calls }) => ({ process, ending, calls }))).toEqual([
    { process: "gateway-2", ending: "the agent drained", calls: 4 },
    { process: "gateway-1", ending: "the link broke", calls: 3 },
  ]);
  await revokeAgent({ ctx, input: { id } });
  expect(await stateOf(id)).toBe("revoked");
  await expect(connect(id)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("one that flaps fills the log and not Event History, which says how many it left out", async () => {
  const id = await newAgent();
  const before = await lastEventNo(installation);
  for (let at = 0; at < 15; at++)
    await logDisconnect(ctx, { id: await connect(id), ending: "the link broke", traffic });
  expect(await readEvents(installation, before)).toHaveLength(20);
  expect((await listConnections({ ctx, agentId: id })).ended).toHaveLength(15);
  await installation.pool.query(
    "update tunnel_agents set events_since = now() - interval '61 minutes' where id = $1",
    [id],
  );
  const next = await lastEventNo(installation);
  await connect(id);
  expect(await readEvents(installation, next)).toMatchObject([
    { operation: "Connect", after: { withoutEvent: 10 } },
  ]);
});

test("what a process left that is gone is ended, and old connections are forgotten", async () => {
  const id = await newAgent();
  const [left, old] = [await connect(id), await connect(id)];
  await logDisconnect(ctx, { id: old, ending: "the link broke", traffic });
  const at = (sql: string, ...values: unknown[]) => installation.pool.query(sql, values);
  await at("update tunnel_connections set seen_at = now() - interval '1 minute' where id = $1", left);
  await at("update tunnel_connections set until = now() - interval '4000 days' where id = $1", old);
  await endLeftConnections();
  await forgetOldConnections();
  expect(await listConnections({ ctx, agentId: id })).toMatchObject({
    open: [],
    ended: [{ id: left, ending: "the gateway's process was gone" }],
  });
  expect(await stateOf(id)).toBe("away");
});

test("tags are what the agent says, until an administrator has said other ones", async () => {
  const id = await newAgent(["from-start"]);
  const tags = async () => (await getAgent({ ctx, input: { id } })).tags;
  expect(await tags()).toEqual(["from-start"]);
  await connect(id, { tags: ["eu", "fast"] });
  expect(await tags()).toEqual(["eu", "fast"]);
  await updateAgent({ ctx, input: { id, name: "renamed", tags: ["us"] } });
  await connect(id, { tags: ["eu"] });
  expect(await getAgent({ ctx, input: { id } })).toMatchObject({ name: "renamed", tags: ["us"] });
});

test("lists filter by cluster, state and text, a page at a time, and forget who is removed", async () => {
  const credential = { kind: "token" as const, token: "s3cret" };
  const input = { name: "listed", endpoint: "https://192.0.2.9", credential };
  const cluster = (await registerCluster({ ctx, input })).id;
  const join = (name: string) => joinedAgent({ admin: ctx, stranger: outside }, { cluster, name });
  const [north, south] = [await join("north"), await join("south")];
  await connect(south.agentId);
  const names = async (query: Parameters<typeof listAgents>[0]["query"]) =>
    (await listAgents({ ctx, query: { cluster, ...query } })).agents.map(({ name }) => name);
  expect(await names({})).toEqual(["north", "south"]);
  expect(await names({ limit: 1, offset: 1 })).toEqual(["south"]);
  expect(await names({ state: "connected" })).toEqual(["south"]);
  expect(await names({ search: "NOR" })).toEqual(["north"]);
  expect(await names({ search: "%" })).toEqual([]);
  await removeAgent({ ctx, input: { id: north.agentId } });
  expect(await listAgents({ ctx, query: { cluster } })).toMatchObject({ total: 1 });
});
