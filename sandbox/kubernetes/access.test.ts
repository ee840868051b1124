import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectlVersions, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.close());

async function status(target: string, init: Parameters<TestCluster["fetch"]>[1] = {}) {
  const response = await cluster.fetch(target, init);
  return { code: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("an unknown token is 401, with kube-apiserver's Status", async () => {
  const { code, body } = await status("/api/v1/namespaces", { token: "wrong" });
  expect(code).toBe(401);
  expect(body).toEqual({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Unauthorized",
    reason: "Unauthorized",
    code: 401,
  });
});

test("a client certificate says who it is by CN and O", async () => {
  const who = await cluster.run(["auth", "whoami", "-o", "json"], { user: "carol" });
  expect(JSON.parse(who).status.userInfo).toEqual({
    username: "carol",
    groups: ["system:masters", "system:authenticated"],
  });
});

test("the gateway's own account may only impersonate", async () => {
  const own = await cluster.kubectl(["-n", "payments", "get", "pods"], { user: "gateway" });
  expect(own.stderr).toContain(
    'pods is forbidden: User "system:serviceaccount:kubewitness:gateway" cannot list resource "pods" in API group "" in the namespace "payments"',
  );
  const as = ["--as=alice@acme.example", "--as-group=kubewitness:developer"];
  const other = await cluster.run(["-n", "payments", "get", "pods", ...as], { user: "gateway" });
  expect(other).toContain("postgres-0");
});

test("what the impersonated groups may do is what their bindings say", async () => {
  const can = async (group: string, ...question: string[]) => {
    const asked = [
      "auth",
      "can-i",
      ...question,
      "-n",
      "payments",
      "--as=someone",
      `--as-group=kubewitness:${group}`,
    ];
    return (await cluster.kubectl(asked, { user: "gateway" })).stdout.trim();
  };
  expect(await can("read-only", "get", "pods")).toBe("yes");
  expect(await can("read-only", "get", "secrets")).toBe("no");
  expect(await can("read-only", "list", "nodes")).toBe("yes");
  expect(await can("read-only", "list", "persistentvolumes")).toBe("yes");
  expect(await can("read-only", "get", "nodes.metrics.k8s.io")).toBe("yes");
  expect(await can("read-only", "get", "nodes", "--subresource=proxy")).toBe("no");
  expect(await can("read-only", "delete", "namespaces")).toBe("no");
  expect(await can("read-only", "create", "pods/exec")).toBe("no");
  expect(await can("developer", "create", "pods/exec")).toBe("yes");
  expect(await can("developer", "get", "pods/exec")).toBe("yes");
  expect(await can("developer", "create", "clusterroles")).toBe("no");
  expect(await can("cluster-admin", "delete", "nodes")).toBe("yes");
  const asUnbound = ["auth", "can-i", "get", "pods", "--as=someone", "--as-group=ops"];
  expect((await cluster.kubectl(asUnbound, { user: "gateway" })).stdout.trim()).toBe("no");
  const asMaster = ["auth", "can-i", "get", "pods", "--as=someone", "--as-group=system:masters"];
  expect((await cluster.kubectl(asMaster, { user: "gateway" })).stderr).toContain("cannot impersonate");
});

test("impersonation shows in whoami, extras included", async () => {
  const as = {
    "Impersonate-User": "alice",
    "Impersonate-Group": "ops",
    "Impersonate-Extra-acme.example%2Fteam": "payments",
  };
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { body } = await status("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    method: "POST",
    token: "gateway-token",
    headers: { ...as, "content-type": "application/json" },
    body: JSON.stringify(review),
  });
  expect((body.status as { userInfo: unknown }).userInfo).toEqual({
    username: "alice",
    groups: ["ops", "system:authenticated"],
    extra: { "acme.example/team": ["payments"] },
  });
});

test("impersonation without permission is 403 and names what was wanted", async () => {
  const asUser = await status("/api/v1/pods", {
    token: "nobody-token",
    headers: { "Impersonate-User": "bob" },
  });
  expect(asUser.code).toBe(403);
  expect(asUser.body.message).toBe(
    'users "bob" is forbidden: User "nobody" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
  const account = { "Impersonate-User": "system:serviceaccount:payments:default" };
  const asAccount = await status("/api/v1/pods", { token: "nobody-token", headers: account });
  expect(asAccount.body.message).toBe(
    'serviceaccounts "default" is forbidden: User "nobody" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "payments"',
  );
});

test("a group without a user is an internal error, as the API server has it", async () => {
  const response = await cluster.fetch("/api/v1/pods", {
    headers: { "Impersonate-Group": "system:masters" },
  });
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('Internal Server Error: "/api/v1/pods": requested');
});

test("refusals carry name, group and kind", async () => {
  const { code, body } = await status("/apis/apps/v1/namespaces/payments/deployments/ledger/scale", {
    token: "nobody-token",
  });
  expect(code).toBe(403);
  expect(body.message).toBe(
    'deployments.apps "ledger" is forbidden: User "nobody" cannot get resource "deployments/scale" in API group "apps" in the namespace "payments"',
  );
  expect(body.details).toEqual({ name: "ledger", group: "apps", kind: "deployments" });
});

test("everybody authenticated reads discovery; nobody else reads anything but health", async () => {
  expect((await status("/apis", { token: "nobody-token" })).code).toBe(200);
  expect((await status("/metrics", { token: "nobody-token" })).body.message).toBe(
    'forbidden: User "nobody" cannot get path "/metrics"',
  );
});

test("a token of a service account is that account", async () => {
  const token = (await cluster.run(["-n", "payments", "create", "token", "ci-deployer"])).trim();
  const allowed = await status("/apis/apps/v1/namespaces/payments/deployments", { token });
  expect(allowed.code).toBe(200);
  const refused = await status("/apis/apps/v1/namespaces/checkout/deployments", { token });
  expect(refused.body.message).toContain(
    'User "system:serviceaccount:payments:ci-deployer" cannot list resource "deployments"',
  );
});

test("a role made now is in force now", async () => {
  const before = await cluster.kubectl(["get", "nodes"], { user: "nobody" });
  expect(before.code).toBe(1);
  await cluster.run(["create", "clusterrole", "see-nodes", "--verb=get,list", "--resource=nodes"]);
  await cluster.run([
    "create",
    "clusterrolebinding",
    "nobody-sees-nodes",
    "--clusterrole=see-nodes",
    "--user=nobody",
  ]);
  expect(await cluster.run(["get", "nodes"], { user: "nobody" })).toContain("acme-cp-1");
  await cluster.run(["delete", "clusterrolebinding", "nobody-sees-nodes"]);
  expect((await cluster.kubectl(["get", "nodes"], { user: "nobody" })).code).toBe(1);
});

test.each([kubectlVersions[0], kubectlVersions.at(-1)])(
  "kubectl %s is told why it may not exec",
  async (version) => {
    const as = ["--as=rita", "--as-group=kubewitness:read-only"];
    const refused = await cluster.kubectl(["-n", "payments", "exec", "postgres-0", ...as, "--", "id"], {
      user: "gateway",
      ...(version === undefined ? {} : { version }),
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'User "rita" cannot create resource "pods/exec" in API group "" in the namespace "payments"',
    );
  },
);

test("a WebSocket exec asks for the verb get, as servers up to 1.34 do", async () => {
  const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  const target = "/api/v1/namespaces/payments/pods/postgres-0/exec?command=id&stdout=true";
  const message = await new Promise<string>((resolve, reject) => {
    const { ca } = cluster.certificates;
    const authorization = "Bearer nobody-token";
    const key = { "sec-websocket-key": Buffer.alloc(16).toString("base64") };
    const sent = request(`${cluster.sandbox.url}${target}`, {
      ca,
      headers: { ...headers, ...key, authorization },
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.once("end", () => resolve(JSON.parse(text).message));
    });
    sent.end();
  });
  expect(message).toBe(
    'pods "postgres-0" is forbidden: User "nobody" cannot get resource "pods/exec" in API group "" in the namespace "payments"',
  );
});
