import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { kubectlBinaries, rawPath } from "../../scripts/kubectl-binaries.ts";
import { CLUSTER } from "./cluster.ts";
import { kubeconfigFile } from "./installation.ts";

/** The demo's people; each has a context of that name. */
export type DemoPerson = "alice" | "admin" | "auditor";

export interface KubectlResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface KubectlOptions {
  as?: DemoPerson;
  /** `1.32`, `1.20`; the newest where it is left out. */
  version?: string;
  stdin?: string;
  timeoutMs?: number;
  /** More of the environment, e.g. KUBE_EDITOR. */
  env?: Record<string, string>;
}

/** The versions of kubectl to be had here, oldest first. */
export async function kubectlVersions(): Promise<string[]> {
  return (await kubectlBinaries()).map(({ version }) => version);
}

/** A path of the cluster as `--raw` of the newest kubectl takes it. */
export async function clusterPath(path: string): Promise<string> {
  return rawPath((await kubectlVersions()).at(-1)!, `/k8s/clusters/${CLUSTER.name}`, path);
}

/** The lines that kubectl prints of deletions in the tests' namespace: from 1.34 on it names the namespace. */
export const deletedLines = (...objects: string[]): RegExp =>
  new RegExp(
    `^${objects.map((object) => `${object} deleted( from ${CLUSTER.namespace} namespace)?\n`).join("")}$`,
  );

let found: ReturnType<typeof kubectlBinaries> | undefined;

/** The program of a version; the newest where none is named. */
export async function kubectlPath(version?: string): Promise<string> {
  found ??= kubectlBinaries();
  const binaries = await found;
  const binary = version ? binaries.find((each) => each.version === version) : binaries.at(-1);
  if (!binary)
    throw new Error(`no kubectl ${version ?? ""}: there are ${binaries.map((b) => b.version).join(", ")}`);
  return binary.path;
}

/** Runs kubectl with one person's context of the demo's kubeconfig, to its end. */
export async function kubectl(args: string[], options: KubectlOptions = {}): Promise<KubectlResult> {
  return runToEnd(await startKubectl(args, options), options);
}

/** Gives a program its input and waits for its end; it is killed where that takes too long. */
export async function runToEnd(
  child: ChildProcessWithoutNullStreams,
  { stdin = "", timeoutMs = 60_000 }: Pick<KubectlOptions, "stdin" | "timeoutMs">,
): Promise<KubectlResult> {
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text.stderr += chunk;
  });
  const killed = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  // One that reads no input may have ended before it is given any.
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
  });
  child.stdin.end(stdin);
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? -1)));
  clearTimeout(killed);
  return { code, ...text };
}

/** Starts kubectl and leaves it running: watches, port-forwards, shells. The caller ends it. */
export async function startKubectl(
  args: string[],
  { as = "alice", version, env }: KubectlOptions = {},
): Promise<ChildProcessWithoutNullStreams> {
  const file = await kubectlPath(version);
  return spawn(file, ["--kubeconfig", kubeconfigFile(), "--context", as, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: demoEnvironment(env),
  });
}

/** The environment of a program that a demo's person runs: nothing of whoever runs the tests. */
export const demoEnvironment = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  HOME: path.dirname(kubeconfigFile()),
  LC_ALL: "C",
  ...more,
});
