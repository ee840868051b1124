import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { parse } from "yaml";
import { bundleAgent } from "../scripts/agent/bundle.ts";
import { ACME_ADMINISTRATOR_GROUP } from "../server/demo/acme-people.ts";
import { waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { gatewayUrl } from "./support/installation.ts";
import { kubectl, kubectlPath } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { startCommand } from "./support/running-command.ts";
import { canShutOff, type ShutOffNetwork, shutOffNetwork } from "./support/shut-off-network.ts";
import { expect, test } from "./support/test.ts";

// A cluster that nothing can dial: its API server is on the loopback of a network of its own, from which only an HTTP proxy can be reached.

const isShutOff = await canShutOff();
const WHERE = isShutOff
  ? "in a network namespace of its own"
  : "beside the gateway, which is not told its port: this host makes no network namespace";
const SOON = { timeout: 30_000 };
const NAMESPACE = ["-n", "payments"];
const POD = ["postgres-1", "-c", "postgres"];

const cluster = ownName("far");
const running: ChildProcess[] = [];
let folder: string;
let network: ShutOffNetwork;
let apiServer: string;
let clusterId: string;

test.describe.configure({ mode: "serial" });

/** Starts a program of the far network; `output` is what it has written so far. */
function start(program: string, args: string[], environment: Record<string, string> = {}) {
  const child = network.start(program, args, environment);
  running.push(child);
  let text = "";
  child.stdout!.on("data", (chunk) => {
    text += chunk;
  });
  return { child, output: () => text };
}

const gatewayPort = () => Number(new URL(gatewayUrl()).port);
const onCluster = (...args: string[]) => [...["--server", gatewayUrl().replace(/[^/]+$/, cluster), ...args]];
const asAdmin = { as: "admin" } as const;
const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await kubectl(onCluster(...args), asAdmin);
  expect(code, `kubectl ${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
};

test.beforeAll(async ({ adminPage: page }) => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-tunnel-"));
  network = await shutOffNetwork({ port: gatewayPort() }, isShutOff);
  const sandbox = start(process.execPath, ["scripts/sandbox-cluster.ts"], { HOME: folder });
  await expect.poll(sandbox.output, SOON).toMatch(/--kubeconfig \S+\s/);
  const kubeconfig = /--kubeconfig (\S+)/.exec(sandbox.output())![1]!;
  const known = parse(readFileSync(kubeconfig, "utf8"));
  apiServer = known.clusters[0].cluster.server;
  await network.run(await kubectlPath(), [
    ...["--kubeconfig", kubeconfig, "--context", "admin", "apply", "-f", "deploy/cluster-rbac.yaml"],
  ]);
  const registered = await callConsole(page, "POST", "/api/v1/clusters", {
    ...{ name: cluster, connection: "tunnel" },
    // What its certificate says, at a port where nothing listens: the agent has the right one.
    endpoint: "https://127.0.0.1:1",
    certificateAuthority: readFileSync(path.join(path.dirname(kubeconfig), "ca.crt"), "utf8"),
    credential: { kind: "token", token: "gateway-token" },
  });
  clusterId = registered.id;
  await callConsole(page, "POST", "/api/v1/grants", {
    ...{ role: "cluster-admin", subjectKind: "group", subject: ACME_ADMINISTRATOR_GROUP, cluster },
  });
});
test.afterAll(async () => {
  const ended = running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const child of ended) child.kill("SIGTERM");
  await Promise.all(ended.map((child) => once(child, "exit")));
  await network?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A join token as an administrator gets it: from the page, once. */
async function joinTokenOf(page: Page): Promise<string> {
  await page.goto("/infrastructure/agents");
  await page.getByRole("button", { name: "Join an agent" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Cluster" }).click();
  await page.getByRole("option", { name: cluster }).click();
  await dialog.getByRole("button", { name: "Make join token" }).click();
  const token = page.getByText(/^kwj_[\w-]{43}\.[\w-]{43}$/);
  return (await token.textContent())!;
}

async function startAgent(page: Page, name: string, tags: string) {
  const agent = start(process.execPath, [path.join(folder, "kubewitness-agent.mjs")], {
    KUBEWITNESS_URL: new URL(gatewayUrl()).origin,
    KUBEWITNESS_JOIN_TOKEN: await joinTokenOf(page),
    KUBERNETES_API_SERVER: apiServer,
    KUBEWITNESS_AGENT_NAME: name,
    KUBEWITNESS_AGENT_TAGS: tags,
    KUBEWITNESS_AGENT_STATE: path.join(folder, name),
    KUBEWITNESS_AGENT_LISTEN: "127.0.0.1:0",
    HTTPS_PROXY: network.proxy,
  });
  await expect.poll(agent.output, SOON).toContain('"msg":"connected"');
  return agent;
}

let first: ReturnType<typeof start>;
let second: ReturnType<typeof start>;

test(`a cluster ${WHERE}: unreachable until an agent has joined`, async ({ adminPage: page }) => {
  const before = await kubectl(onCluster("get", "pods", ...NAMESPACE), asAdmin);
  expect(before.code).not.toBe(0);
  expect(before.stderr).toContain("no agent of it is connected");
  expect(await waitForCalls(`cluster = "${cluster}" AND httpStatus = 502`)).not.toEqual([]);

  await bundleAgent(folder);
  first = await startAgent(page, "berlin-1", "eu,blue");
  await expect(page.getByText("berlin-1").first()).toBeVisible(SOON);
  await expect
    .poll(async () => (await kubectl(onCluster("get", "pods", ...NAMESPACE), asAdmin)).code, SOON)
    .toBe(0);
});

test("kubectl: every kind of call goes through it, and each row names the agent", async () => {
  expect(await run("get", "pods", ...NAMESPACE)).toContain("postgres-1");
  const object = path.join(folder, "object.yaml");
  writeFileSync(
    object,
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: far, namespace: payments }\ndata: { a: b }\n",
  );

  const watch = await startCommand(onCluster("get", "configmaps", "--watch", ...NAMESPACE), asAdmin);
  await watch.untilOutput("NAME");
  expect(await run("apply", "-f", object)).toContain("configmap/far created");
  await watch.untilOutput(/far +1/);
  await watch.end();

  expect(await run("logs", "--tail", "1", ...NAMESPACE, ...POD)).not.toBe("");
  const logs = await startCommand(onCluster("logs", "-f", "--tail", "1", ...NAMESPACE, ...POD), asAdmin);
  await logs.untilOutput(/\n/);
  await logs.end();

  const exec = await kubectl(onCluster("exec", "-i", ...NAMESPACE, ...POD, "--", "sh", "-c", "cat; exit 3"), {
    ...asAdmin,
    stdin: "through the tunnel\n",
  });
  expect(exec).toMatchObject({ code: 3, stdout: "through the tunnel\n" });

  await run("cp", object, "payments/postgres-1:/tmp/far.yaml", "-c", "postgres");
  const back = path.join(folder, "back.yaml");
  await run("cp", "payments/postgres-1:/tmp/far.yaml", back, "-c", "postgres");
  expect(readFileSync(back, "utf8")).toBe(readFileSync(object, "utf8"));

  const [pod] = (await run("get", "pods", ...NAMESPACE, "-l", "app=ledger", "-o", "name")).split("\n");
  const forward = await startCommand(onCluster("port-forward", ...NAMESPACE, pod!, ":8080"), asAdmin);
  await forward.untilOutput(/127\.0\.0\.1:\d+ -> 8080/);
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(forward.stdout())!;
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { headers: { Connection: "close" } });
  expect(answer.status).toBe(200);
  await forward.end();

  expect(await run("delete", "configmap", "far", ...NAMESPACE)).toContain("deleted");
  const [row] = await waitForCalls(`cluster = "${cluster}" AND verb = "delete"`);
  expect(row).toMatchObject({ tunnelAgent: "berlin-1" });
});

test("kill -9 of the agent: what it carries ends at once, and another agent carries the next", async ({
  adminPage: page,
}) => {
  const watch = await startCommand(onCluster("get", "pods", "--watch", ...NAMESPACE), asAdmin);
  await watch.untilOutput("postgres-1");
  second = await startAgent(page, "berlin-2", "eu");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  await watch.ended();
  expect(await run("get", "pods", ...NAMESPACE)).toContain("postgres-1");
  const [row] = await waitForCalls(`cluster = "${cluster}" AND tunnelAgent = "berlin-2"`);
  expect(row).toMatchObject({ resource: "pods" });
});

test("revoked from its page, an agent carries nothing more", async ({ adminPage: page }) => {
  await page.goto(`/infrastructure/agents?cluster=${clusterId}`);
  await page.getByText("berlin-2").first().click();
  const drawer = page.getByRole("complementary", { name: "Agent" });
  await drawer.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke agent" }).click();
  await expect.poll(second.output, SOON).toContain("The agent was revoked");
  const after = await kubectl(onCluster("get", "pods", ...NAMESPACE), { ...asAdmin, timeoutMs: 5_000 });
  expect(after.code).not.toBe(0);
});
