import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readKubeconfig } from "../../lib/clusters/kubeconfig/read.ts";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";

// The script as an administrator runs it, with the real kubectl, against a cluster that has the account's Secret.

const SCRIPT = path.resolve(import.meta.dirname, "../../deploy/gateway-kubeconfig.sh");
let sandbox: SandboxCluster;
let authority: string;
let folder: string;

beforeAll(async () => {
  const { certificate, key, ca } = await testCertificates();
  authority = ca;
  const tls = { cert: certificate, key };
  sandbox = await startSandboxCluster({
    tls,
    tokens: { admin: { user: "admin", groups: ["system:masters"] } },
  });
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-deploy-"));
  const newest = (await kubectlBinaries()).at(-1)!;
  symlinkSync(newest.path, path.join(folder, "kubectl"));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  writeCluster(trusted());
  rmSync(path.join(folder, "gateway.kubeconfig"), { force: true });
});

const trusted = () => ({ "certificate-authority-data": Buffer.from(authority).toString("base64") });

/** What kubectl points at. */
function writeCluster(cluster: object): void {
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    clusters: [{ name: "c", cluster: { server: sandbox.url, ...cluster } }],
    users: [{ name: "u", user: { token: "admin" } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
  };
  writeFileSync(path.join(folder, "kubeconfig"), stringify(kubeconfig));
}

function run(
  program: string,
  ...options: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    KUBECONFIG: path.join(folder, "kubeconfig"),
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    NODE_ENV: "test" as const,
  };
  return new Promise((resolve) => {
    execFile(program, options, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const putToken = (token: string) =>
  run("kubectl", "apply", "--server-side", "--force-conflicts", "-f", writeSecret(token), "--validate=false");
function writeSecret(token: string): string {
  const file = path.join(folder, "secret.yaml");
  const metadata = { name: "gateway-token", namespace: "kubewitness" };
  const data = { token: Buffer.from(token).toString("base64") };
  writeFileSync(file, stringify({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data }));
  return file;
}

describe("deploy/gateway-kubeconfig.sh", () => {
  test("writes a file that its owner alone may read, with all that the connection needs", async () => {
    expect(await putToken("the-gateways-token")).toMatchObject({ code: 0 });
    writeCluster({ ...trusted(), "tls-server-name": "localhost" });
    expect(await run("sh", SCRIPT, "prod", "gateway.kubeconfig")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const file = path.join(folder, "gateway.kubeconfig");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKubeconfig(readFileSync(file, "utf8"), { directory: null })).toEqual([
      {
        context: "prod",
        name: "prod",
        cluster: {
          name: "prod",
          endpoint: sandbox.url,
          certificateAuthority: authority,
          tlsServerName: "localhost",
          insecureSkipTlsVerify: false,
          credential: { kind: "token", token: "the-gateways-token" },
        },
      },
    ]);
  });

  test("prints it where no file is named, and takes everybody else's access to what it is redirected into", async () => {
    await putToken("the-gateways-token");
    writeCluster({ "insecure-skip-tls-verify": true });
    const printed = parse((await run("sh", SCRIPT, "a name: with #signs")).stdout);
    expect(printed["current-context"]).toBe("a name: with #signs");
    expect(printed.clusters[0].cluster).toEqual({ server: sandbox.url, "insecure-skip-tls-verify": true });
    await run("sh", "-c", `umask 022; sh ${SCRIPT} prod > gateway.kubeconfig`);
    const file = path.join(folder, "gateway.kubeconfig");
    expect(parse(readFileSync(file, "utf8")).users).toEqual([
      { name: "gateway", user: { token: "the-gateways-token" } },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("waits for the token, and leaves no file where there is no Secret", async () => {
    await putToken("");
    const early = run("sh", SCRIPT, "prod", "gateway.kubeconfig");
    await putToken("came-later");
    expect((await early).code).toBe(0);
    expect(readFileSync(path.join(folder, "gateway.kubeconfig"), "utf8")).toContain('token: "came-later"');
    rmSync(path.join(folder, "gateway.kubeconfig"));
    await run("kubectl", "--namespace", "kubewitness", "delete", "secret", "gateway-token");
    const without = await run("sh", SCRIPT, "prod", "gateway.kubeconfig");
    expect(without.code).not.toBe(0);
    expect(without.stderr).toContain('secrets "gateway-token" not found');
    expect(existsSync(path.join(folder, "gateway.kubeconfig"))).toBe(false);
  });
});
