import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { createMachine, type Machine, type RunningCli } from "../cli/testing/run-cli.ts";
import { RECORDED_SOON } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { consoleUrl, gatewayUrl } from "./support/installation.ts";
import { type KubectlResult, kubectlPath, kubectlVersions } from "./support/kubectl.ts";
import { expect, test } from "./support/test.ts";

// From nothing to kubectl, and on: two people, each with a machine of their own on which there is kubectl and the built command line.

// An installation of its own: a role that can be asked for.
test.use({ installationOf: "the command line" });

const ROLE = `apiVersion: kubewitness.io/v1
kind: Role
metadata: {name: on-call}
spec:
  rules: [{effect: allow, apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}]
  kubernetes: {groups: ["kubewitness:cluster-admin"]}
  requests: {requestable: true, approverRoles: [cluster-admin], maxDuration: 4h}
`;

/** kubectl as somebody runs it at that machine: nothing but its name and what is in the home folder. */
async function kubectl(machine: Machine, words: string[], version?: string): Promise<KubectlResult> {
  const program = await kubectlPath(version);
  return promisify(execFile)(program, words, { env: machine.env }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

/** What the command line tells the person to open. */
async function addressOf(running: RunningCli): Promise<string> {
  await expect.poll(() => running.stderr()).toMatch(/^ {2}http\S+$/m);
  return /^ {2}(http\S+)$/m.exec(running.stderr())![1]!;
}

async function login(machine: Machine, page: Page): Promise<void> {
  const running = machine.start(["login", consoleUrl(), "--no-browser"]);
  await page.goto(await addressOf(running));
  await page.getByRole("button", { name: "Sign in kubewitness" }).click();
  await expect(page.getByText("You are signed in. Close this page")).toBeVisible();
  const { code, stdout } = await running.ended;
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("Signed in to") });
}

/** Asks through `kubectl proxy`, which drops a path of the server's address. */
async function throughProxy(machine: Machine, path: string): Promise<{ status: number; text: string }> {
  const child = spawn(await kubectlPath(), ["proxy", "--port=0"], {
    env: machine.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = await once(child.stdout, "data");
    const [address] = /127\.0\.0\.1:\d+/.exec(String(line)) ?? [];
    const response = await fetch(`http://${address}${path}`);
    return { status: response.status, text: await response.text() };
  } finally {
    child.kill();
  }
}

let alice: Machine;
let lena: Machine;
test.beforeAll(async ({ browser, cookiesOf }) => {
  [alice, lena] = [await createMachine(), await createMachine()];
  const context = await browser.newContext({ storageState: await cookiesOf("admin") });
  await callConsole(await context.newPage(), "POST", "/api/v1/roles", { yaml: ROLE });
  await context.close();
});
test.afterAll(() => {
  alice?.remove();
  lena?.remove();
});

test("from nothing to kubectl through kubewitness login, to the record, to more access, and out again", async ({
  alicePage,
  adminPage,
}) => {
  await login(alice, alicePage);
  const written = await alice.run(["kubeconfig", "--exec"]);
  expect(written).toMatchObject({ code: 0, stdout: expect.stringMatching(/^demo@localhost-\d+\n$/) });

  // kubectl, of today and of the time when --raw lost the server's path.
  const versions = await kubectlVersions();
  const withExecV1 = versions.filter((version) => Number(version.split(".")[1]) >= 24);
  for (const version of new Set([withExecV1[0]!, withExecV1.at(-1)!])) {
    expect(await kubectl(alice, ["get", "pods", "-n", "payments"], version), version).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("postgres-1"),
    });
    const raw = await kubectl(alice, ["get", "--raw", "/api/v1/namespaces/payments/pods?limit=1"], version);
    expect(raw, version).toMatchObject({ code: 0, stdout: expect.stringContaining('"PodList"') });
  }
  const said = await kubectl(alice, [
    "exec",
    "-n",
    "payments",
    "postgres-1",
    "--",
    "echo",
    "from the command line",
  ]);
  expect(said).toMatchObject({ code: 0, stdout: "from the command line\n" });
  const proxied = await throughProxy(alice, "/api/v1/namespaces/payments/pods?limit=1");
  expect(proxied).toMatchObject({ status: 200, text: expect.stringContaining('"PodList"') });

  // What one may, by the current context.
  const yes = await alice.run(["can-i", "get", "pods", "-n", "payments"]);
  expect(yes).toMatchObject({ code: 0, stdout: expect.stringMatching(/^yes\n(.*\n)*.*role developer/) });
  const no = await alice.run(["can-i", "list", "pods", "-n", "kube-system"]);
  expect(no).toMatchObject({ code: 1, stdout: expect.stringMatching(/^no\n/) });

  // The record has that very call.
  const search = ["audit", "search", 'resource = "pods/exec" AND stage = "end"', "--output", "json"];
  const found = async () => JSON.parse((await alice.run(search)).stdout).entries;
  await expect.poll(async () => (await found()).length, RECORDED_SOON).toBe(1);
  expect((await found())[0]).toMatchObject({
    email: "alice@acme.example",
    resourceName: "postgres-1",
    exitCode: 0,
    clusterName: "demo",
  });

  // A role for a while: asked for, approved by the command line of another.
  const pods = ["get", "pods", "-n", "kube-system", "-o", "name"];
  expect(await kubectl(alice, pods)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot list"),
  });
  const asked = alice.start([
    "request",
    "on-call",
    "-n",
    "kube-system",
    "--for",
    "30m",
    "--reason",
    "INC-42",
    "--wait",
  ]);
  await expect.poll(() => asked.stderr()).toContain("waits for an answer");
  await login(lena, adminPage);
  const waiting = await lena.run(["requests", "--scope", "to-answer", "--state", "open"]);
  expect(waiting.stdout).toMatch(/alice@acme\.example +on-call +demo: kube-system +30m +INC-42/);
  const [id = ""] = /[\da-f-]{36}/.exec(waiting.stdout) ?? [];
  expect(await lena.run(["approve", id, "--for", "15m", "--word", "a quarter will do"])).toMatchObject({
    code: 0,
  });
  expect(await asked.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("a quarter will do") });
  await expect.poll(async () => (await kubectl(alice, pods)).code).toBe(0);

  // Out: the token that kubectl had counts no longer, and there is no other.
  const { token } = JSON.parse((await alice.run(["credential", "--cluster", "demo"])).stdout).status;
  const { origin } = new URL(gatewayUrl());
  const withToken = () =>
    kubectl(alice, [
      "--kubeconfig=/dev/null",
      "--insecure-skip-tls-verify",
      "--server",
      origin,
      "--token",
      token,
      ...own,
    ]);
  const own = ["get", "pods", "-n", "payments"];
  expect(await withToken()).toMatchObject({ code: 0 });
  expect(await alice.run(["logout"])).toMatchObject({ code: 0 });
  expect(await kubectl(alice, own)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("You are not signed in"),
  });
  await expect.poll(async () => (await withToken()).code).toBe(1);
});
