import { startTestCluster, type TestCluster } from "kubewitness-sandbox/kubernetes/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { systemContext } from "../../context.ts";
import type { Fresh } from "../../db/keep-fresh.ts";
import { registerCluster } from "../mutations.ts";
import { findCluster, startClusterRegistry } from "../registry.ts";
import { listNamespaces } from "./list.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
let registry: Fresh;
let cluster: TestCluster;

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  registry = await startClusterRegistry({ pollMs: 200 });
  cluster = await startTestCluster();
  await updateBuiltInRoles({ ctx });
});
afterAll(async () => {
  await cluster.close();
  await registry.stop();
  await installation.close();
});

async function register(name: string, change: object = {}): Promise<string> {
  const { id } = await registerCluster({
    ctx,
    input: {
      name,
      endpoint: cluster.sandbox.url,
      certificateAuthority: cluster.certificates.ca,
      credential: { kind: "token", token: "gateway-token" },
      ...change,
    },
  });
  await expect.poll(() => findCluster(name)).not.toBeNull();
  return id;
}

test("a cluster tells its namespaces to who grants a role there", async () => {
  const id = await register("tells");
  const answer = await listNamespaces({ ctx, input: { id, role: "read-only" } });
  expect(answer).toMatchObject({ complete: true, problem: null });
  expect(answer.namespaces).toContain("default");
  expect(answer.namespaces).not.toContain("no-such-namespace");
});

test("a cluster that does not tell is no error: the answer says why", async () => {
  const refusing = await register("refuses", { credential: { kind: "token", token: "nobody-token" } });
  expect(await listNamespaces({ ctx, input: { id: refusing, role: "read-only" } })).toEqual({
    namespaces: null,
    complete: false,
    problem: "the cluster answered 403 when asked for its namespaces",
  });
  const away = await register("away", { endpoint: "https://127.0.0.1:9" });
  expect(await listNamespaces({ ctx, input: { id: away, role: "read-only" } })).toMatchObject({
    problem: "the cluster could not be asked for its namespaces",
  });
});

test("what is not known is named", async () => {
  const id = await register("known");
  await expect(listNamespaces({ ctx, input: { id, role: "nobody" } })).rejects.toThrow('role: got "nobody"');
  await expect(
    listNamespaces({ ctx, input: { id: crypto.randomUUID(), role: "read-only" } }),
  ).rejects.toMatchObject({ code: "not_found" });
});
