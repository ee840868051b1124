import { spawn } from "node:child_process";
import path from "node:path";
import { type HelmBinary, helmBinaries } from "../../scripts/helm-binaries.ts";
import { CLUSTER } from "./cluster.ts";
import { kubeconfigFile } from "./installation.ts";
import { type DemoPerson, demoEnvironment, type KubectlResult, runToEnd } from "./kubectl.ts";

/** A small application: configuration, a secret, a workload, a hook before upgrades, a test. See its values.yaml. */
export const GREETER = path.join(import.meta.dirname, "../charts/greeter");

/** The Helms to be had here, oldest first. */
export const HELMS: HelmBinary[] = await helmBinaries();

export interface HelmOptions {
  as?: DemoPerson;
  /** The tests' where it is left out. */
  namespace?: string;
  /** More of the environment, e.g. HELM_DRIVER. */
  env?: Record<string, string>;
}

/** Runs Helm with one person's context of the demo's kubeconfig, to its end. */
export function helm(
  binary: HelmBinary,
  args: string[],
  { as = "alice", namespace = CLUSTER.namespace, env }: HelmOptions = {},
): Promise<KubectlResult> {
  const common = ["--kubeconfig", kubeconfigFile(), "--kube-context", as, "--namespace", namespace];
  const child = spawn(binary.path, [...common, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: demoEnvironment(env),
  });
  return runToEnd(child, { timeoutMs: 80_000 });
}
