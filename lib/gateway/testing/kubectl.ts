import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { testCertificates } from "./certificates.ts";
import { ALICE_TOKEN } from "./test-gateway.ts";

interface KubectlRun {
  code: number;
  out: string;
  err: string;
}

/** A real kubectl with a folder of its own, as Alice, on cluster `prod` and namespace `checkout`. */
export interface Kubectl {
  /** Its kubeconfig, in its folder. */
  readonly config: string;
  run(binary: string, args: string[], input?: string): Promise<KubectlRun>;
  close(): Promise<void>;
}

export async function kubectlFor(port: number): Promise<Kubectl> {
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-kubectl-"));
  const config = path.join(folder, "kubeconfig");
  const { ca } = await testCertificates();
  await writeFile(path.join(folder, "ca.crt"), ca);
  await writeFile(config, kubeconfig(port));
  const env = { NODE_ENV: "test" as const, PATH: process.env.PATH, HOME: folder, KUBECONFIG: config };
  return {
    config,
    run: (binary, args, input = "") =>
      new Promise((resolve) => {
        const child = execFile(binary, args, { env, timeout: 60_000 }, (error, out, err) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
        );
        child.stdin?.end(input);
      }),
    close: () => rm(folder, { recursive: true }),
  };
}

/** Of alice, for the cluster prod behind a test gateway; its authority stands beside it as `ca.crt`. */
export const kubeconfig = (port: number) => `apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster: {server: "https://127.0.0.1:${port}/k8s/clusters/prod", certificate-authority: ca.crt}
contexts:
- name: prod
  context: {cluster: prod, user: alice, namespace: checkout}
users:
- name: alice
  user: {token: "${ALICE_TOKEN}"}
`;
