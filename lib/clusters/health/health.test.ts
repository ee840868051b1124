import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { Agent, request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../test/free-ports.ts";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { type Authority, createAuthority, issueServerCertificate } from "../../pki/issue-certificate.ts";
import { ExecPlugin } from "../credentials/schema.ts";
import { getCluster, listClusters, registeredCluster } from "../data.ts";
import { registerCluster, updateCluster } from "../mutations.ts";
import type { ClusterHealth } from "../schema.ts";
import { checkCluster } from "./check-cluster.ts";
import { examineCluster } from "./examine.ts";
import { type HealthChecks, keepClustersChecked } from "./keep-checked.ts";

// What a check says of clusters that are really there, of addresses where none is, and of accounts that may too much.

const ctx = systemContext("test");
const jwt = (claims: object) =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join(".");
const IN_FIVE_DAYS = Math.floor(Date.now() / 1_000) + 5 * 86_400;
const ENDING = jwt({ exp: IN_FIVE_DAYS });

let installation: TestInstallation;
let sandbox: SandboxCluster;
let authority: Authority;
let other: Server;
let checks: HealthChecks;

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  authority = await createAuthority("the cluster's");
  const { certificate, key } = await issueServerCertificate(authority, { hosts: ["127.0.0.1"] });
  const gateway = { user: "system:serviceaccount:kubewitness:gateway", groups: [] };
  sandbox = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: {
      gateway,
      [ENDING]: gateway,
      master: { user: "root", groups: ["system:masters"] },
      reader: { user: "reader", groups: [] },
      nobody: { user: "nobody", groups: [] },
    },
  });
  other = createTlsServer({ cert: certificate, key }, (_, response) => response.end("<html>")) as Server;
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await checks?.stop();
  other.close();
  await sandbox.close();
  await installation.close();
});

const urlOf = (server: Server) => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

let count = 0;
async function register(given: { endpoint?: string; token?: string; certificateAuthority?: string }) {
  const { endpoint = sandbox.url, token = "gateway", certificateAuthority = authority.certificate } = given;
  const credential = { kind: "token" as const, token };
  const name = `c${++count}`;
  return registerCluster({ ctx, input: { name, endpoint, certificateAuthority, credential } });
}

async function check(given: Parameters<typeof register>[0]): Promise<ClusterHealth> {
  const { id } = await register(given);
  return checkCluster({ ctx, input: { id } });
}

const steps = ({ findings }: ClusterHealth) => findings.map(({ step, severity }) => `${step}: ${severity}`);

test("a cluster that works is healthy, with its version, its certificate's end and how long a call takes", async () => {
  const health = await check({});
  expect(health).toMatchObject({ state: "healthy", findings: [], credentialExpiresAt: null });
  expect(health.version).toMatch(/^v1\.\d+/);
  expect(health.latencyMs).toBeGreaterThan(0);
  expect(new Date(health.certificateExpiresAt!).getTime()).toBeGreaterThan(Date.now());
});

test("says where on the way it ends, and what to do next", async () => {
  const stranger = await createAuthority("a stranger's");
  const nothing = `https://127.0.0.1:${await freePort()}`;
  const plain = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const cases: [Parameters<typeof register>[0], string, RegExp][] = [
    [{ endpoint: nothing }, "connection: failing", /nothing listens at its address \(ECONNREFUSED\)/],
    [
      { certificateAuthority: stranger.certificate },
      "certificate: failing",
      /authority that is not known here/,
    ],
    [{ endpoint: sandbox.url.replace("127.0.0.1", "localhost") }, "certificate: failing", /for another name/],
    [{ endpoint: urlOf(plain) }, "certificate: failing", /TLS fails/],
    [{ endpoint: urlOf(other) }, "answer: failing", /no Kubernetes API server \(200 for \/version\)/],
    [{ token: "unknown" }, "authentication: failing", /does not take the credential \(401\)/],
    [{ token: "nobody" }, "impersonation: failing", /may not impersonate people/],
  ];
  for (const [given, where, says] of cases) {
    const health = await check(given);
    expect(health.state).toBe("failing");
    expect(steps(health)).toEqual([where]);
    expect(health.findings[0]).toMatchObject({
      problem: expect.stringMatching(says),
      next: expect.stringMatching(/\w.*\.$/),
    });
  }
  plain.close();
});

test("an account that may impersonate system:masters or read secrets by itself is unsafe", async () => {
  const health = await check({ token: "master" });
  expect(health.state).toBe("unsafe");
  expect(steps(health)).toEqual(Array(4).fill("privileges: unsafe"));
  expect(health.findings.map(({ problem }) => problem).join()).toMatch(/system:masters.*read every secret/);
});

test("an account that may get secrets is unsafe, also where it may not list them", async () => {
  const name = "gets-secrets";
  const rules = [
    { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
    { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] },
  ];
  await create("clusterroles", { kind: "ClusterRole", metadata: { name }, rules });
  const apiGroup = "rbac.authorization.k8s.io";
  await create("clusterrolebindings", {
    ...{ kind: "ClusterRoleBinding", metadata: { name } },
    roleRef: { apiGroup, kind: "ClusterRole", name },
    subjects: [{ apiGroup, kind: "User", name: "reader" }],
  });
  const { findings } = await check({ token: "reader" });
  expect(findings.map(({ problem }) => problem)).toEqual([
    "the gateway's own account may read every secret by itself",
  ]);
});

async function create(resource: string, object: object): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: authority.certificate } });
  const { statusCode, body } = await request(`${sandbox.url}/apis/rbac.authorization.k8s.io/v1/${resource}`, {
    ...{ method: "POST", dispatcher },
    headers: { authorization: "Bearer master", "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "rbac.authorization.k8s.io/v1", ...object }),
  });
  expect(statusCode, await body.text()).toBe(201);
  await dispatcher.close();
}

test("a credential that ends soon is a warning, with the day", async () => {
  const health = await check({ token: ENDING });
  expect(health).toMatchObject({ state: "warning" });
  expect(health.credentialExpiresAt).toBe(new Date(IN_FIVE_DAYS * 1_000).toISOString());
  expect(health.findings).toEqual([
    expect.objectContaining({
      step: "credential",
      problem: expect.stringMatching(/^the gateway's credential ends in [45] days$/),
    }),
  ]);
  expect(JSON.stringify(health)).not.toContain(ENDING);
});

test("each cluster is checked by itself, by one of several replicas, and anew when it is changed", async () => {
  const { id } = await register({});
  expect((await getCluster({ ctx, input: { id } })).health).toBeNull();
  checks = keepClustersChecked({ tickMs: 3_600_000 });
  const second = keepClustersChecked({ tickMs: 3_600_000 });
  await Promise.all([checks.runOnce(), second.runOnce()]);
  await second.stop();
  const known = await listClusters({ ctx });
  expect(known.every(({ health }) => health !== null)).toBe(true);
  const healthOf = async () => (await getCluster({ ctx, input: { id } })).health;
  const before = await healthOf();
  expect(before).toMatchObject({ state: "healthy" });
  await checks.runOnce();
  expect(await healthOf()).toEqual(before);
  await updateCluster({ ctx, input: { id, credential: { kind: "token", token: "unknown" } } });
  expect(await healthOf()).toBeNull();
  await checks.runOnce();
  expect(await healthOf()).toMatchObject({ state: "failing" });
  await database()
    .$executeRaw`update cluster_health set due_at = now() - interval '1 s' where cluster_id = ${id}::uuid`;
  const { checkedAt } = (await healthOf())!;
  await checks.runOnce();
  expect((await healthOf())!.checkedAt > checkedAt).toBe(true);
});

test("what another version found and this one does not know keeps no cluster from being shown", async () => {
  const { id } = await register({});
  const odd = JSON.stringify({ ...(await checkCluster({ ctx, input: { id } })), state: "tired" });
  await database()
    .$executeRaw`update cluster_health set health = ${odd}::jsonb where cluster_id = ${id}::uuid`;
  expect((await getCluster({ ctx, input: { id } })).health).toBeNull();
  expect((await listClusters({ ctx })).find((each) => each.id === id)).toMatchObject({ health: null });
});

test("labels are kept, shown and changed as a whole; what is none is refused at its field", async () => {
  const { id, name, labels } = await register({});
  expect(labels).toEqual({});
  await updateCluster({ ctx, input: { id, labels: { env: "prod", "acme.example/team": "payments" } } });
  expect((await getCluster({ ctx, input: { id } })).labels).toEqual({
    env: "prod",
    "acme.example/team": "payments",
  });
  await updateCluster({ ctx, input: { id, labels: { env: "" } } });
  expect((await listClusters({ ctx })).find((each) => each.name === name)!.labels).toEqual({ env: "" });
  const refused: Record<string, string>[] = [
    ...[{ "": "x" }, { "a b": "x" }],
    ...[{ env: "-x" }, { env: "x".repeat(64) }],
  ];
  for (const wrong of refused) {
    await expect(updateCluster({ ctx, input: { id, labels: wrong } })).rejects.toThrow(/takes/);
  }
});

test("a credential plugin that does not end is what is said, in time", async () => {
  const { id } = await register({});
  const plugin = ExecPlugin.parse({
    apiVersion: "client.authentication.k8s.io/v1",
    command: "sleep",
    args: ["3"],
  });
  await updateCluster({ ctx, input: { id, credential: { kind: "exec", plugin } } });
  const row = await database().cluster.findUniqueOrThrow({ where: { id } });
  const { findings } = await examineCluster(registeredCluster(row), { deadlineMs: 100 });
  expect(findings).toEqual([
    {
      step: "credential",
      severity: "failing",
      problem: "the gateway's credential for it is not there within 0.1 s",
      next: expect.stringMatching(/another credential\.$/),
    },
  ]);
});
