import https from "node:https";
import { startTestCluster, type TestCluster } from "kubewitness-sandbox/kubernetes/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { createDepartment } from "../access/departments/mutations.ts";
import { createGrant } from "../access/grants/mutations.ts";
import { createNodePool } from "../access/node-pools/mutations.ts";
import { auditScope } from "../access/permission.ts";
import { createProject, deleteProject, updateProject } from "../access/projects/mutations.ts";
import { listRequests } from "../audit/request-audit/read.ts";
import { resolveNodePool, resolveProject } from "../clusters/members/resolve.ts";
import { registerCluster } from "../clusters/mutations.ts";
import { systemContext } from "../context.ts";
import { createPerson } from "../identity/people/mutations.ts";
import { issueToken } from "../identity/tokens/mutations.ts";
import { testCertificates } from "./testing/certificates.ts";
import { type HouseGateway, startHouseGateway } from "./testing/house-gateway.ts";
import { send } from "./testing/request.ts";

// Grants on projects, departments and node pools, by the house's own services, at a cluster of the sandbox.

const ctx = systemContext("test");
let installation: TestInstallation;
let cluster: TestCluster;
let gateway: HouseGateway;
let ca: string;

beforeAll(async () => {
  ({ ca } = await testCertificates());
  installation = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  [cluster, gateway] = await Promise.all([startTestCluster(), startHouseGateway(installation)]);
  await registerCluster({
    ctx,
    input: {
      name: "prod-1",
      endpoint: cluster.sandbox.url,
      certificateAuthority: cluster.certificates.ca,
      credential: { kind: "token", token: "gateway-token" },
      labels: { env: "prod" },
    },
  });
  for (const name of ["shop-web", "shop-api", "beside"])
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
}, 120_000);
afterAll(async () => {
  await gateway.close();
  await cluster.close();
  await installation.close();
});

let people = 0;

/** A person with a token, whose role `developer` counts where `scope` says. */
async function aPerson(
  scope: { project?: string; department?: string; nodePool?: string },
  role = "developer",
) {
  const name = `person-${++people}`;
  const { id } = await createPerson({ ctx, input: { name, email: `${name}@example.com`, groups: [] } });
  await createGrant({ ctx, input: { role, subjectKind: "user", subject: `${name}@example.com`, ...scope } });
  const { token } = await issueToken({ ctx, input: { name: "test", userId: id } });
  const get = async (path: string) => {
    const { status, json } = await send({ port: gateway.port, path: `prod-1${path}`, token });
    return { status, message: status === 200 ? undefined : json().message };
  };
  return { email: `${name}@example.com`, token, get };
}

const inProd = (...namespaces: string[]) => [{ clusters: [], clusterLabels: { env: "prod" }, namespaces }];

/** A watch: what it has said so far, and whether it is over. */
function watch(path: string, token: string) {
  const seen = { status: 0, over: false };
  const request = https.request(
    {
      ...{ host: "127.0.0.1", port: gateway.port, ca, agent: false },
      path: `/k8s/clusters/prod-1${path}`,
      headers: { authorization: `Bearer ${token}` },
    },
    (response) => {
      seen.status = response.statusCode ?? 0;
      response.resume();
      response.once("close", () => {
        seen.over = true;
      });
    },
  );
  request.on("error", () => {
    seen.over = true;
  });
  request.end();
  return { seen, close: () => request.destroy() };
}

const counts = (get: (path: string) => Promise<{ status: number }>, path: string, status = 200) =>
  expect.poll(async () => (await get(path)).status).toBe(status);

describe("a grant on a project", () => {
  test("counts in its namespaces on its clusters, and not beside them", async () => {
    const project = await createProject({ ctx, input: { name: "shop", members: inProd("shop-*") } });
    const { get } = await aPerson({ project: "shop" });
    await counts(get, "/api/v1/namespaces/shop-web/pods");
    expect((await get("/api/v1/namespaces/shop-api")).status).toBe(200);
    const beside = await get("/api/v1/namespaces/beside/pods");
    expect(beside.status).toBe(403);
    expect(beside.message).toContain("role developer covers project shop");
    for (const path of ["/api/v1/pods", "/api/v1/namespaces/beside", "/api/v1/nodes"])
      expect([path, (await get(path)).status]).toEqual([path, 403]);
    expect(await resolveProject({ ctx, input: { id: project.id } })).toEqual({
      clusters: [
        { cluster: { id: expect.any(String), name: "prod-1" }, names: ["shop-api", "shop-web"], open: [] },
      ],
    });
  });

  test("ends what runs in a namespace that the project loses, and nothing else", async () => {
    const { id } = await createProject({
      ctx,
      input: { name: "two", members: inProd("shop-web", "shop-api") },
    });
    const { get, token } = await aPerson({ project: id });
    await counts(get, "/api/v1/namespaces/shop-web/pods");
    const kept = watch("/api/v1/namespaces/shop-web/pods?watch=true", token);
    const lost = watch("/api/v1/namespaces/shop-api/pods?watch=true", token);
    await expect.poll(() => [kept.seen.status, lost.seen.status]).toEqual([200, 200]);
    await updateProject({ ctx, input: { id, members: inProd("shop-web") } });
    await expect.poll(() => lost.seen.over).toBe(true);
    expect((await get("/api/v1/namespaces/shop-api/pods")).status).toBe(403);
    expect(kept.seen.over).toBe(false);
    kept.close();
  });

  test("goes by the labels of namespaces as they are", async () => {
    const label = (name: string, team: string) =>
      cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { team } } });
    await label("shop-web", "a");
    const members = [{ clusters: ["prod-*"], namespaceLabels: { team: "a" } }];
    await createProject({ ctx, input: { name: "labelled", members } });
    const { get, token } = await aPerson({ project: "labelled" });
    await counts(get, "/api/v1/namespaces/shop-web/pods");
    expect((await get("/api/v1/namespaces/beside/pods")).status).toBe(403);
    const running = watch("/api/v1/namespaces/shop-web/pods?watch=true", token);
    await expect.poll(() => running.seen.status).toBe(200);
    await label("shop-web", "b");
    await expect.poll(() => running.seen.over).toBe(true);
    await counts(get, "/api/v1/namespaces/shop-web/pods", 403);
  });

  test("keeps the project from being deleted, which is an event", async () => {
    const { id } = await createProject({ ctx, input: { name: "granted", members: inProd("shop-web") } });
    const { email } = await aPerson({ project: "granted" });
    await expect(deleteProject({ ctx, input: { id } })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`developer to user ${email}`),
    });
    const events = await readEvents(installation, 0);
    expect(events.at(-1)).toMatchObject({
      action: "Delete",
      entityType: "Project",
      entityId: id,
      entityName: "granted",
      status: "Failed",
    });
  });
});

test("a grant on a department counts in its projects; the record has both, as they were at the call", async () => {
  const { id } = await createProject({ ctx, input: { name: "billing", members: inProd("shop-api") } });
  await createDepartment({ ctx, input: { name: "finance", projects: ["billing"] } });
  const { get, email } = await aPerson({ department: "finance" });
  await counts(get, "/api/v1/namespaces/shop-api/configmaps");
  expect((await get("/api/v1/namespaces/shop-web/configmaps")).status).toBe(403);
  await updateProject({ ctx, input: { id, name: "invoices", members: inProd("beside") } });

  const found = async (filter: string) => {
    const query = {
      from: "now-1h",
      to: "now+1h",
      timeZone: "UTC",
      limit: 100,
      filter: `email = ${email} AND ${filter}`,
    };
    const { entries } = await listRequests({ ctx, scope: auditScope(ctx), query });
    return entries.map(({ namespace, httpStatus, projects, departments }) => ({
      namespace,
      httpStatus,
      projects,
      departments,
    }));
  };
  const [call] = await expect
    .poll(async () => found("department = finance AND httpStatus = 200"))
    .not.toEqual([])
    .then(() => found("project = billing AND httpStatus = 200"));
  expect(call).toMatchObject({ namespace: "shop-api", departments: ["finance"] });
  expect(call?.projects).toContain("billing");
  expect(await found("project = invoices")).toEqual([]);
  await expect(found("project = bilings")).rejects.toMatchObject({
    code: "invalid_argument",
    message: expect.stringContaining('there is no project "bilings"'),
  });
  await expect(found("department = nobody")).rejects.toThrow('there is no department "nobody"');
});

describe("a grant on a node pool", () => {
  const node = (name: string, pool: string) =>
    cluster.apply({ apiVersion: "v1", kind: "Node", metadata: { name, labels: { pool } } });
  /** A pod that is on its node at once. */
  const pod = (name: string, nodeName: string) =>
    cluster.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop-web" },
      spec: { nodeName, containers: [{ name: "c", image: "nginx" }] },
    });
  const PODS = "/api/v1/namespaces/shop-web/pods";

  test("covers its nodes and the pods on them, and nothing else", async () => {
    await node("gpu-1", "gpu");
    await node("cpu-1", "cpu");
    await pod("on-gpu", "gpu-1");
    await pod("on-cpu", "cpu-1");
    const pool = await createNodePool({
      ctx,
      input: { name: "gpu", members: [{ clusters: ["prod-*"], nodeLabels: { pool: "gpu" } }] },
    });
    const { get, token } = await aPerson({ nodePool: "gpu" }, "read-only");
    await counts(get, "/api/v1/nodes/gpu-1");
    // A container that has not started has no log yet.
    await counts(get, `${PODS}/on-gpu/log`);
    const allowed = [`${PODS}/on-gpu`, `${PODS}/on-gpu/log`, `${PODS}?fieldSelector=spec.nodeName%3Dgpu-1`];
    for (const path of allowed) expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect((await get("/api/v1/pods?fieldSelector=spec.nodeName%3D%3Dgpu-1")).status).toBe(200);
    const refused = [
      ...["/api/v1/nodes", "/api/v1/nodes/cpu-1", PODS, "/api/v1/pods", `${PODS}/on-cpu`, `${PODS}/none`],
      ...[`${PODS}?fieldSelector=spec.nodeName%3Dcpu-1`, `${PODS}?fieldSelector=spec.nodeName!%3Dgpu-1`],
      ...["/api/v1/namespaces/shop-web/configmaps", "/api/v1/namespaces/shop-web/services"],
    ];
    for (const path of refused) expect([path, (await get(path)).status]).toEqual([path, 403]);
    expect(await resolveNodePool({ ctx, input: { id: pool.id } })).toMatchObject({
      clusters: [{ names: ["gpu-1"], open: [] }],
    });

    // A pod of the same name on another node is another pod.
    await cluster.run(["delete", "pod", "on-gpu", "--namespace", "shop-web", "--now"]);
    await pod("on-gpu", "cpu-1");
    await counts(get, `${PODS}/on-gpu`, 403);

    // A node that leaves the pool takes what runs by it along.
    const running = watch(`${PODS}?watch=true&fieldSelector=spec.nodeName%3Dgpu-1`, token);
    await expect.poll(() => running.seen.status).toBe(200);
    await node("gpu-1", "cpu");
    await expect.poll(() => running.seen.over).toBe(true);
    expect((await get("/api/v1/nodes/gpu-1")).status).toBe(403);
  });
});
