import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type KubectlResult, kubectlPath, runToEnd } from "../support/kubectl.ts";
import { contentsOf, namespaceObject } from "./given-objects.ts";

const READY_WITHIN = "180s";
const GONE_WITHIN = "180s";

export interface GivenCluster {
  /** A kubeconfig with one context, of the name that it is registered by: what the gateway gets. */
  kubeconfig: string;
  endpoint: string;
  /** Why tests that need something are skipped here, by what they need. */
  lacking: Record<string, string>;
  /** Deletes the namespace and waits until it is gone. */
  cleanUp(): Promise<void>;
}

/** Makes a namespace with what the tests need in it. Throws where the kubeconfig's user may not, or its pods do not start. */
export async function prepareGivenCluster(
  file: string,
  context: string | undefined,
  { name, namespace }: { name: string; namespace: string },
): Promise<GivenCluster> {
  const given = await oneContext(file, context, name);
  const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-e2e-cluster-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  // What was begun is ended in the reverse order; a namespace that was there already is not ours to delete.
  const ends = [async () => rmSync(folder, { recursive: true, force: true })];
  const cleanUp = async () => {
    const failed: unknown[] = [];
    for (const end of ends.toReversed()) await end().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };
  const run = (...args: string[]) => succeed(kubeconfig, args);
  const create = (object: object) => succeed(kubeconfig, ["create", "-f", "-"], JSON.stringify(object));
  try {
    writeFileSync(kubeconfig, JSON.stringify(given), { mode: 0o600 });
    await create(namespaceObject(namespace));
    ends.push(async () => void (await run("delete", "namespace", namespace, `--timeout=${GONE_WITHIN}`)));
    await create(contentsOf(namespace));
    const pods = ["pod/shell", "pod/web", `--timeout=${READY_WITHIN}`];
    await run("--namespace", namespace, "wait", "--for=condition=Ready", ...pods);
    const lacking = await findLacking(kubeconfig, namespace);
    return { kubeconfig, endpoint: given.clusters[0]!.cluster.server, lacking, cleanUp };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function findLacking(kubeconfig: string, namespace: string): Promise<Record<string, string>> {
  const metrics = await kubectlDirectly(kubeconfig, ["get", "--raw", "/apis/metrics.k8s.io/v1beta1"]);
  return {
    "rights outside the namespace": `this run has rights in its own namespace alone, ${namespace}`,
    ...(metrics.code === 0 ? {} : { metrics: `the cluster's metrics API: ${metrics.stderr.trim()}` }),
  };
}

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string } }[];
  users: unknown[];
  contexts: { name: string; context: object }[];
  "current-context": string;
}

/** The context that was named, or the current one, with its files' content inside. */
async function oneContext(file: string, context: string | undefined, name: string): Promise<Kubeconfig> {
  const named = context === undefined ? [] : ["--context", context];
  const view = ["config", "view", "--minify", "--flatten", "--raw", "--output", "json", ...named];
  const config: Kubeconfig = JSON.parse(await succeed(file, view));
  const [only] = config.contexts;
  return { ...config, contexts: [{ ...only!, name }], "current-context": name };
}

async function succeed(kubeconfig: string, args: string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await kubectlDirectly(kubeconfig, args, stdin);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} on the given cluster: ${stderr}${stdout}`);
  return stdout;
}

/** Past the gateway, as the kubeconfig's own user: its credential plugins find what they need in the environment. */
async function kubectlDirectly(kubeconfig: string, args: string[], stdin?: string): Promise<KubectlResult> {
  const child = spawn(await kubectlPath(), ["--kubeconfig", kubeconfig, ...args], { stdio: "pipe" });
  return runToEnd(child, { stdin, timeoutMs: 200_000 });
}
