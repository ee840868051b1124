import { waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { expectCalls } from "./support/command-record.ts";
import { gatewayUrl } from "./support/installation.ts";
import { clusterPath, kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { startAndEnd } from "./support/recorded-call.ts";
import { expectOnPage } from "./support/request-audit-page.ts";
import { startCommand } from "./support/running-command.ts";
import { expect, test } from "./support/test.ts";
import { checkVerb, type VerbCase } from "./support/verb-cases.ts";

const NAMESPACE = ["-n", CLUSTER.namespace];
const POD = { resource: "pods", resourceName: CLUSTER.pod.name };

/** More than a chunk of them. */
const MANY = ownName("many");
test.beforeAll(async () => {
  const items = Array.from({ length: 7 }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${MANY}-${index}`, labels: { e2e: MANY } },
  }));
  const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  expect(await kubectl([...NAMESPACE, "create", "-f", "-"], { as: "admin", stdin })).toMatchObject({
    code: 0,
  });
});
test.afterAll(() => kubectl([...NAMESPACE, "delete", "configmaps", "-l", `e2e=${MANY}`], { as: "admin" }));

test.describe("reading", () => {
  const cases: VerbCase[] = [
    {
      does: "get shows one object as a table",
      args: [...NAMESPACE, "get", "pod", POD.resourceName],
      stdout: new RegExp(`^NAME +READY +STATUS +RESTARTS +AGE\\n${POD.resourceName} +1/1 +Running .*\\n$`),
      command: "kubectl get",
      calls: [{ verb: "get", ...POD }],
    },
    {
      does: "a list comes in chunks, one call each",
      args: [...NAMESPACE, "get", "configmaps", "--chunk-size=4", "-l", `e2e=${MANY}`, "-o", "name"],
      stdout: new RegExp(`^(configmap/${MANY}-\\d\n){7}$`),
      command: "kubectl get",
      calls: [
        { verb: "list", resource: "configmaps" },
        { verb: "list", resource: "configmaps" },
      ],
    },
    {
      does: "logs end by themselves",
      args: [...NAMESPACE, "logs", POD.resourceName, "--tail=2"],
      stdout: /^([^\n]+\n){2}$/,
      command: "kubectl logs",
      calls: [
        { verb: "get", ...POD },
        { verb: "get", ...POD, resource: "pods/log" },
      ],
    },
    {
      does: "api-resources needs discovery alone",
      args: ["api-resources", "--api-group=batch", "-o", "name"],
      stdout: "cronjobs.batch\njobs.batch\n",
      command: "kubectl api-resources",
      calls: [],
    },
    {
      does: "explain needs the OpenAPI document alone",
      args: ["explain", "deployment.spec.replicas"],
      stdout: /KIND: +Deployment[\s\S]*FIELD: replicas <integer>[\s\S]*Number of desired pods/,
      command: "kubectl explain",
      calls: [],
    },
    {
      does: "top reads the metrics",
      needs: "metrics",
      args: [...NAMESPACE, "top", "pod", POD.resourceName],
      stdout: new RegExp(
        `^NAME +CPU\\(cores\\) +MEMORY\\(bytes\\) *\\n${POD.resourceName} +\\d+m +\\d+Mi *\\n$`,
      ),
      command: "kubectl top pod",
      calls: [{ verb: "get", ...POD, apiGroup: "metrics.k8s.io" }],
    },
    {
      does: "cluster-scoped objects have no namespace",
      needs: "rights outside the namespace",
      args: ["get", "nodes", "-o", "name"],
      options: { as: "admin" },
      stdout: /^(node\/[\w-]+\n)+$/,
      command: "kubectl get",
      calls: [{ verb: "list", resource: "nodes", namespace: null }],
    },
    {
      does: "a custom resource is read like any other",
      needs: "rights outside the namespace",
      args: ["get", "certificates", "--all-namespaces", "-o", "name"],
      options: { as: "auditor" },
      stdout: /^(certificate\.cert-manager\.io\/[\w-]+\n)+$/,
      command: "kubectl get",
      calls: [{ verb: "list", resource: "certificates", apiGroup: "cert-manager.io", namespace: null }],
    },
  ];
  for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
});

test("discovery and OpenAPI documents are on the record too", async ({ readingPage }) => {
  const since = new Date();
  const { code, stdout } = await kubectl(["get", "--raw", await clusterPath("/openapi/v3")]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty("paths");
  const calls = await waitForCalls(`executedAt >= "${since.toISOString()}" AND resource = "/openapi/v3"`);
  expect(calls[0]).toMatchObject({ verb: "get", namespace: null, apiGroup: null, role: "developer" });
  await expectOnPage(readingPage, calls);
});

test("a path without its cluster is answered with what it lacks", async () => {
  const server = `--server=${new URL(gatewayUrl()).origin}`;
  const { code, stderr } = await kubectl(["get", "--raw", "/api/v1/namespaces?limit=1", server]);
  expect(code).toBe(1);
  expect(stderr).toContain("begin with /k8s/clusters/<name>/api/v1/namespaces,");
});

test("a watch stands on the record at its start and at its end", async ({ readingPage }) => {
  const name = ownName("watched");
  const since = new Date();
  const watch = await startCommand([
    ...NAMESPACE,
    "get",
    "configmaps",
    `--field-selector=metadata.name=${name}`,
    "--watch-only",
    "-o",
    "name",
  ]);
  const watched = {
    verb: "watch",
    resource: "configmaps",
    resourceName: name,
    bytesIn: null,
    bytesOut: null,
  };
  const [start] = startAndEnd(watched, { message: "Watch started" }, {});
  const list = { verb: "list", resource: "configmaps", resourceName: name };
  await expectCalls(since, { as: "alice", command: "kubectl get" }, [list, start!]);
  await kubectl([...NAMESPACE, "create", "configmap", name], { as: "admin" });
  await watch.untilOutput(`configmap/${name}\n`);
  await watch.end();
  const started = { message: "Watch started" };
  const ended = { message: "Watch ended", bytesIn: 0, bytesOut: expect.any(Number) };
  const calls = await expectCalls(since, { as: "alice", command: "kubectl get" }, [
    list,
    ...startAndEnd(watched, started, ended),
  ]);
  expect(calls[2]!.bytesOut).toBeGreaterThan(100);
  expect(calls[2]!.auditId).toBe(calls[1]!.auditId);
  await expectOnPage(readingPage, calls);
  await kubectl([...NAMESPACE, "delete", "configmap", name], { as: "admin" });
});
