import { getApi, waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { gatewayUrl } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expectOnPage, requestAuditUrl, rowOf } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";
import { checkVerb, type VerbCase } from "./support/verb-cases.ts";

/** Why alice is refused elsewhere. */
const COVERED = `role developer covers namespace ${CLUSTER.namespace}`;

const review = (resource: string) => ({
  verb: "create",
  resource,
  apiGroup: "authorization.k8s.io",
  httpStatus: 201,
  namespace: null,
  bytesIn: expect.any(Number),
});

/** A review that the gateway answered itself: the cluster, which knows the role alone, was not asked. */
const answeredNo = (verb: string, resource: string, apiGroup: string, namespace: string, why: string) => ({
  ...review("selfsubjectaccessreviews"),
  kubernetesGroups: [],
  message:
    `Answered by the gateway: no. User "alice@acme.example" cannot ${verb} resource "${resource}" ` +
    `in API group "${apiGroup}" in the namespace "${namespace}": ${why}`,
});

/** A call that the gateway refuses in these words. */
function refused(
  does: string,
  args: string[],
  { command, ...claims }: Omit<VerbCase["calls"][number], "message"> & { command: string },
  message: string,
): VerbCase {
  const call = { ...claims, message, httpStatus: 403, role: null, bytesOut: 0 };
  const stderr = `Error from server (Forbidden): ${message}\n`;
  return { does, args, code: 1, stdout: "", stderr, command, calls: [call] };
}

test.describe("who am I, and what may I", () => {
  const cases: VerbCase[] = [
    {
      does: "auth whoami names the person and the role's groups",
      args: ["auth", "whoami", "-o", "json"],
      stdout:
        /"username": "alice@acme\.example",\s+"groups": \[\s+"kubewitness:developer",\s+"system:authenticated"/,
      command: "kubectl auth whoami",
      calls: [{ ...review("selfsubjectreviews"), apiGroup: "authentication.k8s.io" }],
    },
    {
      does: "auth can-i says yes",
      args: ["-n", CLUSTER.namespace, "auth", "can-i", "create", "deployments"],
      stdout: "yes\n",
      command: "kubectl auth can-i",
      calls: [review("selfsubjectaccessreviews")],
    },
    {
      does: "auth can-i says no where the cluster would permit what the gateway refuses",
      args: ["-n", "checkout", "auth", "can-i", "delete", "pods"],
      code: 1,
      stdout: /^no/,
      command: "kubectl auth can-i",
      calls: [answeredNo("delete", "pods", "", "checkout", COVERED)],
    },
    {
      does: "auth can-i says no",
      args: ["-n", CLUSTER.namespace, "auth", "can-i", "create", "rolebindings"],
      code: 1,
      stdout: /^no/,
      command: "kubectl auth can-i",
      calls: [
        answeredNo(
          "create",
          "rolebindings",
          "rbac.authorization.k8s.io",
          CLUSTER.namespace,
          "role developer does not allow it",
        ),
      ],
    },
  ];
  for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
});

test.describe("denied", () => {
  const pod = ownName("pod");
  const cases: VerbCase[] = [
    refused(
      "deleting in another team's namespace",
      ["-n", "checkout", "delete", "pod", pod],
      {
        verb: "delete",
        resource: "pods",
        resourceName: pod,
        namespace: "checkout",
        command: "kubectl delete",
        bytesIn: expect.any(Number),
      },
      `User "alice@acme.example" cannot delete resource "pods" in API group "" in the namespace "checkout": ${COVERED}`,
    ),
    refused(
      "listing all namespaces",
      ["get", "namespaces"],
      { verb: "list", resource: "namespaces", namespace: null, command: "kubectl get" },
      `User "alice@acme.example" cannot list resource "namespaces" in API group "" at the cluster scope: ${COVERED} and nothing outside namespaces`,
    ),
    refused(
      "listing pods everywhere",
      ["get", "pods", "--all-namespaces"],
      { verb: "list", resource: "pods", namespace: null, command: "kubectl get" },
      `User "alice@acme.example" cannot list resource "pods" in API group "" at the cluster scope: ${COVERED}: add -n <namespace>`,
    ),
    refused(
      "standing in for somebody else (--as)",
      ["-n", CLUSTER.namespace, "get", "pods", "--as=bob", "--as-group=ops"],
      {
        verb: "list",
        resource: "pods",
        command: "kubectl get",
        impersonatedUser: "bob",
        impersonatedGroups: ["ops"],
      },
      `User "alice@acme.example" cannot impersonate user "bob", group "ops" in cluster "${CLUSTER.name}": role developer does not permit it; leave out --as and --as-group`,
    ),
    {
      ...refused(
        "a read-only role's exec",
        ["-n", CLUSTER.namespace, "exec", CLUSTER.pod.name, "-c", CLUSTER.pod.container, "--", "ls"],
        { verb: "create", resource: "pods/exec", resourceName: CLUSTER.pod.name, command: "kubectl exec" },
        `User "chidi@acme.example" cannot create resource "pods/exec" in API group "" in the namespace "${CLUSTER.namespace}": role read-only does not allow it`,
      ),
      options: { as: "auditor", version: "1.29" },
      calls: [
        { verb: "get", resource: "pods", resourceName: CLUSTER.pod.name },
        {
          verb: "create",
          resource: "pods/exec",
          resourceName: CLUSTER.pod.name,
          httpStatus: 403,
          role: null,
          bytesOut: 0,
          message: `User "chidi@acme.example" cannot create resource "pods/exec" in API group "" in the namespace "${CLUSTER.namespace}": role read-only does not allow it`,
        },
      ],
    },
  ];
  for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
});

test.describe("standing in for others", () => {
  const cases: VerbCase[] = [
    {
      does: "is the administrator's to do; the cluster decides as it would for them",
      args: ["-n", CLUSTER.namespace, "get", "pods", "--as=bob", "--as-group=ops"],
      options: { as: "admin" },
      code: 1,
      stderr: `Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "${CLUSTER.namespace}"\n`,
      command: "kubectl get",
      calls: [
        {
          verb: "list",
          resource: "pods",
          httpStatus: 403,
          kubernetesGroups: ["ops"],
          impersonatedUser: "bob",
          impersonatedGroups: ["ops"],
          message: `pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "${CLUSTER.namespace}"`,
        },
      ],
    },
  ];
  for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
});

/** What the record has of calls that no person stands behind, or no cluster. */
const NOBODY = {
  name: null,
  email: null,
  role: null,
  kubernetesGroups: [],
  httpStatus: 401,
  result: "failure",
};

test("an invalid token is told so, and recorded without a person", async ({ readingPage }) => {
  // A kubectl that does not know the cluster's resources yet asks for them first, and has words of its own for a 401 of those.
  await kubectl(["-n", CLUSTER.namespace, "get", "pods"]);
  const since = new Date();
  const command = ["-n", CLUSTER.namespace, "get", "pods", "--token=kw_not-a-token"];
  const { code, stderr } = await kubectl(command);
  expect(code).toBe(1);
  expect(stderr).toContain("The access token is unknown, expired or revoked. Sign in to the console");
  const calls = await waitForCalls(
    `executedAt >= "${since.toISOString()}" AND httpStatus = 401 AND resource = "pods"`,
  );
  expect(calls[0]).toMatchObject({
    ...NOBODY,
    verb: "list",
    resource: "pods",
    namespace: CLUSTER.namespace,
    clusterName: CLUSTER.name,
    message: expect.stringMatching(/^The access token is unknown, expired or revoked\./),
  });
  await expectOnPage(readingPage, calls.slice(0, 1));
});

test("a cluster that is not registered does not exist", async ({ readingPage }) => {
  const since = new Date();
  const server = gatewayUrl().replace(/[^/]+$/, "nowhere");
  const { code } = await kubectl(["get", "pods", "-n", CLUSTER.namespace, `--server=${server}`]);
  expect(code).toBe(1);
  const [call] = await waitForCalls(`executedAt >= "${since.toISOString()}" AND cluster = "nowhere"`);
  expect(call).toMatchObject({
    httpStatus: 404,
    result: "failure",
    name: "Alice Moreau",
    role: null,
    clusterName: "nowhere",
    message: 'no cluster is registered as "nowhere"; the console lists those that are',
  });
  await expectOnPage(readingPage, [call!]);
});

test("a refused call is found by the Audit-ID that kubectl was given, and its drawer shows it", async ({
  auditorPage: page,
}) => {
  const { code, stderr } = await kubectl(["-n", "checkout", "get", "pods", "-v=8"]);
  expect(code).toBe(1);
  const auditId = [...stderr.matchAll(/audit-id: ([\da-f-]{36})/gi)].at(-1)?.[1];
  const filter = `auditId = "${auditId}"`;
  const [call] = await waitForCalls(filter);
  expect(call).toMatchObject({ auditId, verb: "list", resource: "pods", httpStatus: 403 });
  await page.goto(requestAuditUrl({ filter }));
  await rowOf(page, call!.no).click();
  await expect(page.getByRole("complementary", { name: /^Call / })).toContainText(auditId!);
});

test("a service account's token is given, and stays out of the record", async ({ readingPage }) => {
  const since = new Date();
  const denied = await kubectl(["-n", CLUSTER.namespace, "create", "token", "default"]);
  expect(denied).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("role developer does not allow it"),
  });
  const { code, stdout } = await kubectl(["-n", CLUSTER.namespace, "create", "token", "default"], {
    as: "admin",
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  const calls = await waitForCalls(
    `executedAt >= "${since.toISOString()}" AND resource = "serviceaccounts/token"`,
    2,
  );
  expect(calls.map(({ httpStatus, role }) => [httpStatus, role])).toEqual([
    [201, "cluster-admin"],
    [403, null],
  ]);
  const detail = await (await getApi(`/api/v1/request-audit/${calls[0]!.no}`)).text();
  expect(detail).not.toContain(stdout.trim().split(".")[2]);
  await expectOnPage(readingPage, calls);
});
