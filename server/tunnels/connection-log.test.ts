import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { systemContext } from "../../lib/context.ts";
import { getAgent } from "../../lib/tunnels/agents/data.ts";
import { listConnections } from "../../lib/tunnels/connections/data.ts";
import { endLeftConnections } from "../../lib/tunnels/connections/keeper.ts";
import type { AgentSession } from "../../lib/tunnels/hub/agent-session.ts";
import { joinedAgent } from "../../lib/tunnels/testing/joining-agent.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { startConnectionLog } from "./connection-log.ts";

const SOON = { timeout: 15_000, interval: 20 };
const ctx = systemContext("test");

let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
});
afterEach(() => vi.useRealTimers());
afterAll(() => installation.close());

test("a process that was taken for gone while it had no database says again what it has, and ends it itself", async () => {
  const input = { name: "far", endpoint: "https://kubernetes.default.svc", connection: "tunnel" as const };
  const cluster = await registerCluster({ ctx, input: { ...input, credential: { kind: "none" } } });
  const { agentId: id } = await joinedAgent(
    { admin: ctx, stranger: { ...ctx, sourceIp: "203.0.113.7" } },
    { cluster: cluster.id },
  );
  const introduction = {
    version: "0.1.0",
    tags: [],
    instance: "pod-1",
    credential: "gateway",
    connected: [],
  };
  const session = {
    ...{ agent: { id }, introduction, address: "203.0.113.7", ending: null as string | null },
    traffic: { calls: 3, bytesIn: 100, bytesOut: 2_000 },
  };
  const connected = session as unknown as AgentSession;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const log = startConnectionLog({ hub: "replica-1", process: "gateway-1" });
  await log.opened(connected);
  const before = await lastEventNo(installation);
  const state = async () => (await getAgent({ ctx, input: { id } })).state;
  await installation.pool.query("update tunnel_connections set seen_at = now() - interval '1 minute'");
  await endLeftConnections();
  expect(await state()).toBe("away");
  vi.advanceTimersByTime(5_000);
  await expect.poll(state, SOON).toBe("connected");
  const { open, ended } = await listConnections({ ctx, agentId: id });
  expect([open.length, ended.length]).toEqual([1, 0]);

  session.ending = "the agent is about to end";
  log.closed(connected);
  await log.stop();
  expect(await state()).toBe("away");
  expect(await readEvents(installation, before)).toMatchObject([
    { operation: "Disconnect", after: { ending: "the gateway's process was gone" } },
    { operation: "Connect", after: { instance: "pod-1", address: "203.0.113.7" } },
    { operation: "Disconnect", after: { ending: "the agent is about to end" } },
  ]);
});
