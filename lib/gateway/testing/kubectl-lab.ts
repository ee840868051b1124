import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { testCertificates } from "./certificates.ts";
import { ALICE, ALICE_TOKEN, allow, startTestGateway, type TestGateway } from "./test-gateway.ts";
import { type TestUpstream, testUpstream } from "./test-upstream.ts";

const CREDENTIAL = "sandbox-credential";

interface Run {
  code: number;
  out: string;
  err: string;
}

/** A sandbox cluster, a gateway before it, and a kubeconfig with a way to each: the contexts `gateway` and `direct`. */
export interface KubectlLab {
  readonly gateway: TestGateway;
  /** In which a program finds the kubeconfig, and nothing of the person who runs the test. */
  readonly environment: { PATH: string; HOME: string; KUBECONFIG: string };
  /** Runs a line of shell, in which `$KUBECTL` is the binary, to its end. */
  shell(binary: string, line: string): Promise<Run>;
  /** A running pod of the namespace `checkout`. */
  aPod(binary: string): Promise<string>;
  close(): Promise<void>;
}

/** `reach`: how the gateway reaches the sandbox at that address where it does not do so directly. */
export async function startKubectlLab({
  reach,
}: {
  reach?: (url: string) => Partial<TestUpstream>;
} = {}): Promise<KubectlLab> {
  const { certificate, key, ca } = await testCertificates();
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-lab-"));
  const sandbox = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: { [CREDENTIAL]: { user: "gateway", groups: ["system:masters"] } },
  });
  const gateway = await startTestGateway();
  gateway.decide = (input) => {
    const decision = allow(input);
    const impersonate = { user: ALICE.email, groups: ["system:masters"], extra: {} };
    return decision.allowed ? { ...decision, impersonate } : decision;
  };
  const upstream = testUpstream({ url: sandbox.url, ca, token: CREDENTIAL, ...reach?.(sandbox.url) });
  gateway.addCluster("prod", upstream);
  await writeFile(path.join(folder, "ca.crt"), ca);
  const kubeconfig = path.join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigText(gateway.port, sandbox.url));
  const environment = { PATH: process.env.PATH ?? "", HOME: folder, KUBECONFIG: kubeconfig };
  const shell = (binary: string, line: string) =>
    new Promise<Run>((resolve) => {
      const env = { ...environment, KUBECTL: binary };
      execFile(
        "bash",
        ["-c", line],
        { env: { ...env, NODE_ENV: "test" }, timeout: 60_000, maxBuffer: 2 ** 28 },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
      );
    });
  return {
    gateway,
    environment,
    shell,
    async aPod(binary) {
      const running = "jsonpath={.items[?(@.status.phase=='Running')].metadata.name}";
      const { out } = await shell(binary, `"$KUBECTL" get pods -o "${running}"`);
      return out.split(" ")[0]!;
    },
    async close() {
      await gateway.close();
      await upstream.calls.destroy();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

function kubeconfigText(port: number, sandboxUrl: string): string {
  const cluster = (server: string) => ({ server, "certificate-authority": "ca.crt" });
  const context = (name: string) => ({ name, context: { cluster: name, user: name, namespace: "checkout" } });
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "gateway",
    clusters: [
      { name: "gateway", cluster: cluster(`https://127.0.0.1:${port}/k8s/clusters/prod`) },
      { name: "direct", cluster: cluster(sandboxUrl) },
    ],
    users: [
      { name: "gateway", user: { token: ALICE_TOKEN } },
      { name: "direct", user: { token: CREDENTIAL } },
    ],
    contexts: [context("gateway"), context("direct")],
  });
}
