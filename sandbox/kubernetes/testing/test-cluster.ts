import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import { type SandboxCluster, startSandboxCluster } from "../server.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";

export type CommandResult = { code: number; stdout: string; stderr: string };

export type CommandOptions = { version?: string; user?: string; stdin?: string; editor?: string };

/** The people of the tests' kubeconfig, and the groups of each. */
const users: Record<string, { user: string; groups: string[] }> = {
  admin: { user: "admin", groups: ["system:masters"] },
  gateway: { user: "system:serviceaccount:kubewitness:gateway", groups: [] },
  nobody: { user: "nobody", groups: [] },
  reader: { user: "rita", groups: ["kubewitness:read-only"] },
};

export const kubectlVersions: string[] = (await kubectlBinaries()).map(({ version }) => version);

/** A sandbox cluster with TLS, and real kubectl to drive it. */
export class TestCluster {
  readonly sandbox: SandboxCluster;
  readonly certificates: Certificates;
  readonly folder: string;
  readonly #binaries: Map<string, string>;

  constructor(input: {
    sandbox: SandboxCluster;
    certificates: Certificates;
    folder: string;
    binaries: Map<string, string>;
  }) {
    this.sandbox = input.sandbox;
    this.certificates = input.certificates;
    this.folder = input.folder;
    this.#binaries = input.binaries;
  }

  #invocation(args: string[], { version, user = "admin" }: CommandOptions): [string, string[]] {
    const binary = version === undefined ? [...this.#binaries.values()].at(-1) : this.#binaries.get(version);
    if (binary === undefined) throw new Error(`no kubectl ${version ?? ""} here`);
    return [binary, ["--kubeconfig", path.join(this.folder, "kubeconfig"), "--context", user, ...args]];
  }

  get #environment() {
    return { PATH: process.env.PATH ?? "", HOME: this.folder, NODE_ENV: process.env.NODE_ENV };
  }

  /** Runs kubectl to its end; a non-zero exit is a result, not an error. */
  kubectl(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    const [binary, all] = this.#invocation(args, options);
    return new Promise((resolve) => {
      const child = execFile(
        binary,
        all,
        {
          env: { ...this.#environment, KUBE_EDITOR: options.editor },
          timeout: 60_000,
          maxBuffer: 64 * 1024 * 1024,
        },
        (error, stdout, stderr) => {
          resolve({
            code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
            stdout,
            stderr,
          });
        },
      );
      child.stdin?.end(options.stdin ?? "");
    });
  }

  /** Runs kubectl and throws, with what it said, when it fails. */
  async run(args: string[], options: CommandOptions = {}): Promise<string> {
    const result = await this.kubectl(args, options);
    if (result.code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${result.stderr}${result.stdout}`);
    return result.stdout;
  }

  /** Applies an object from its JSON. */
  apply(object: unknown, flags: string[] = [], options: CommandOptions = {}): Promise<CommandResult> {
    return this.kubectl(["apply", ...flags, "-f", "-"], { ...options, stdin: JSON.stringify(object) });
  }

  /** Starts kubectl and leaves it running; `output()` is what it has written so far. */
  start(args: string[], options: CommandOptions = {}): { output(): string; stop(): Promise<void> } {
    const [binary, all] = this.#invocation(args, options);
    const child = spawn(binary, all, { env: this.#environment, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    return {
      output: () => text,
      async stop() {
        child.kill("SIGKILL");
        await ended;
      },
    };
  }

  /** An ordinary request with the admin's token, for what kubectl does not send. */
  async fetch(target: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const { Agent, fetch } = await import("undici");
    const dispatcher = new Agent({ connect: { ca: this.certificates.ca } });
    const headers = { authorization: `Bearer ${init.token ?? "admin-token"}`, ...(init.headers as object) };
    const options = { ...init, headers, dispatcher } as Parameters<typeof fetch>[1];
    return (await fetch(`${this.sandbox.url}${target}`, options)) as unknown as Response;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function kubeconfig(url: string, folder: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "sandbox", cluster: { server: url, "certificate-authority": path.join(folder, "ca.crt") } },
    ],
    users: [
      ...Object.keys(users).map((name) => ({ name, user: { token: `${name}-token` } })),
      {
        name: "carol",
        user: {
          "client-certificate": path.join(folder, "client.crt"),
          "client-key": path.join(folder, "client.key"),
        },
      },
    ],
    contexts: [...Object.keys(users), "carol"].map((name) => ({
      name,
      context: { cluster: "sandbox", user: name },
    })),
  });
}

export async function startTestCluster(): Promise<TestCluster> {
  const certificates = await makeCertificates();
  const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-sandbox-"));
  const sandbox = await startSandboxCluster({
    tls: { key: certificates.key, cert: certificates.cert, clientCa: certificates.ca },
    pace: 0.15,
    tokens: Object.fromEntries(Object.entries(users).map(([name, user]) => [`${name}-token`, user])),
  });
  writeFileSync(path.join(folder, "ca.crt"), certificates.ca);
  writeFileSync(path.join(folder, "client.crt"), certificates.clientCert);
  writeFileSync(path.join(folder, "client.key"), certificates.clientKey, { mode: 0o600 });
  writeFileSync(path.join(folder, "kubeconfig"), kubeconfig(sandbox.url, folder), { mode: 0o600 });
  const binaries = new Map((await kubectlBinaries()).map(({ version, path: file }) => [version, file]));
  return new TestCluster({ sandbox, certificates, folder, binaries });
}

/** Waits until a condition holds; fails after ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
