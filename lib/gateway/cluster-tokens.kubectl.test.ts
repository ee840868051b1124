import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import type { Upstream } from "../clusters/upstream.ts";
import { testCertificates } from "./testing/certificates.ts";
import { exchange } from "./testing/raw-client.ts";
import {
  ALICE,
  ALICE_TOKEN,
  aliceToken,
  startTestGateway,
  type TestGateway,
} from "./testing/test-gateway.ts";
import { testUpstream } from "./testing/test-upstream.ts";

// A token that names its cluster: the port serves that cluster at its root, as every tool of Kubernetes expects.

const CREDENTIAL = "sandbox-credential";
const PROD_TOKEN = "alice-prod-token-0123456789";
const binaries = await kubectlBinaries();

let sandbox: SandboxCluster;
let gateway: TestGateway;
let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  const { certificate, key, ca } = await testCertificates();
  folder = await mkdtemp(path.join(tmpdir(), "kubewitness-cluster-token-"));
  sandbox = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: { [CREDENTIAL]: { user: "gateway", groups: ["system:masters"] } },
  });
  gateway = await startTestGateway();
  upstream = testUpstream({ url: sandbox.url, ca, token: CREDENTIAL });
  gateway.addCluster("prod", upstream);
  gateway.addCluster("stage", upstream);
  const clusterId = gateway.clusters.get("prod")!.cluster.id;
  gateway.tokens.set(PROD_TOKEN, { ...aliceToken(), clusterId });
  gateway.decide = () => ({
    ...{ allowed: true, role: "admin", roleId: ALICE.id, grantId: ALICE.id, until: Number.POSITIVE_INFINITY },
    impersonate: { user: ALICE.email, groups: ["system:masters"], extra: {} },
    recording: { record: "off", recordInput: false },
    auditReads: null,
    grantOrigin: "grant",
    agentTag: null,
  });
  const cluster = {
    server: `https://127.0.0.1:${gateway.port}`,
    "certificate-authority-data": Buffer.from(ca).toString("base64"),
  };
  await writeFile(
    path.join(folder, "kubeconfig"),
    stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "prod" },
      clusters: [{ name: "prod", cluster }],
      users: [{ name: "alice", user: { token: PROD_TOKEN } }],
      contexts: [{ name: "prod", context: { cluster: "prod", user: "alice", namespace: "payments" } }],
    }),
  );
});
beforeEach(() => gateway.recorder.clear());
afterAll(async () => {
  await gateway.close();
  await upstream.calls.destroy();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

const environment = () => ({
  ...{ NODE_ENV: "test" as const, PATH: process.env.PATH, HOME: folder },
  KUBECONFIG: path.join(folder, "kubeconfig"),
});

function run(binary: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(binary, args, { env: environment(), timeout: 25_000 }, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(out),
    );
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

test.each(binaries)(
  "kubectl $version: raw paths, a proxy and a session need no prefix",
  async ({ path: kubectl }) => {
    expect(
      JSON.parse(await run(kubectl, ["get", "--raw", "/api/v1/namespaces/payments"])).metadata.name,
    ).toBe("payments");
    const [pod] = (await run(kubectl, ["get", "pods", "-o", "name"])).trim().split("\n");
    expect(await run(kubectl, ["exec", pod!.replace("pod/", ""), "--", "echo", "here"])).toBe("here\n");
    const proxy = spawn(kubectl, ["proxy", "--port=0"], {
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const [said] = (await once(proxy.stdout, "data")) as [Buffer];
      const address = /127\.0\.0\.1:\d+/.exec(said.toString())![0];
      const answer = await fetch(`http://${address}/api/v1/namespaces/payments/configmaps`);
      expect(((await answer.json()) as { kind: string }).kind).toBe("ConfigMapList");
    } finally {
      await stop(proxy);
    }
    expect(new Set(gateway.recorder.entries.map(({ cluster }) => cluster.name))).toEqual(new Set(["prod"]));
  },
);

async function ask(target: string, token: string): Promise<string> {
  const head = [
    `GET ${target} HTTP/1.1`,
    "Host: gateway",
    `Authorization: Bearer ${token}`,
    "Connection: close",
  ];
  return exchange(gateway.port, `${head.join("\r\n")}\r\n\r\n`);
}

test("the token counts with the prefix of its cluster, and for no other cluster", async () => {
  expect(await ask("/k8s/clusters/prod/api/v1/namespaces/payments", PROD_TOKEN)).toMatch(/^HTTP\/1\.1 200 /);
  const elsewhere = await ask("/k8s/clusters/stage/api/v1/namespaces/payments", PROD_TOKEN);
  expect(elsewhere).toMatch(/^HTTP\/1\.1 403 /);
  expect(elsewhere).toContain('counts for cluster \\"prod\\" alone');
  expect(gateway.recorder.entries.at(-1)).toMatchObject({ httpStatus: 403, result: "failure" });
});

test.each([
  ["//api/v1/pods", 400],
  ["/api/v1/../v1/pods", 400],
  ["/api/v1/%70ods", 400],
  ["/api/v1/namespaces/payments/pods/a/exec/", 400],
  ["/k8s/api/v1/pods", 404],
  ["/K8s/clusters/prod/api/v1/pods", 404],
  ["/k8s/clusters/stage", 403],
  ["https://prod/api/v1/pods", 400],
])("without a prefix a path is read as strictly: %s", async (target, status) => {
  expect(await ask(target, PROD_TOKEN)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(gateway.recorder.entries).toMatchObject([{ httpStatus: status, result: "failure" }]);
});

test("a token that names no cluster needs the prefix, and is told so", async () => {
  const answer = await ask("/api/v1/pods", ALICE_TOKEN);
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).toContain("/k8s/clusters/<name>/api/v1/pods");
});

test("a cluster that is gone is no other's", async () => {
  gateway.tokens.set("of-a-removed-cluster-0123456", { ...aliceToken(), clusterId: ALICE.id });
  expect(await ask("/api/v1/pods", "of-a-removed-cluster-0123456")).toContain("no longer registered");
});

test("what a proxied program answers leads back the way that the client came", async () => {
  const target = "/api/v1/namespaces/payments/services/ledger:80/proxy/";
  const whole = await ask(target, PROD_TOKEN);
  expect(whole).toMatch(/^HTTP\/1\.1 /);
  expect(whole).not.toContain("/k8s/clusters/");
});
