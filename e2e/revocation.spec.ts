import type { Page } from "@playwright/test";
import { waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { personToken } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";
import { startCommand } from "./support/running-command.ts";
import { signIn } from "./support/sign-in.ts";
import { expect, test } from "./support/test.ts";

test.use({ installationOf: "revocation" });

const NAMESPACE = ["-n", "payments"];

async function enter(page: Page, person: "admin" | "alice") {
  await page.goto("/signin?callbackUrl=/audit/kubernetes/request-audit");
  await signIn(page, person);
}

/** The end that the gateway made of it. */
async function expectCutOff(filter: string, message: string) {
  const [end] = await waitForCalls(`${filter} AND stage = "end"`);
  expect(end).toMatchObject({ result: "failure", message, durationMs: expect.any(Number) });
}

test("revoking a token ends its watch", async ({ page }) => {
  await enter(page, "admin");
  const { id, token } = await callConsole<{ id: string; token: string }>(page, "POST", "/api/v1/tokens", {
    name: "a laptop",
  });
  const watch = await startCommand([...NAMESPACE, "--token", token, "get", "pods", "--watch", "-o", "name"]);
  await waitForCalls('verb = "watch" AND email = "lena@acme.example" AND stage = "start"');
  await callConsole(page, "DELETE", `/api/v1/tokens/${id}`);
  await watch.ended();
  await expectCutOff('verb = "watch" AND email = "lena@acme.example"', "Watch ended: access was revoked");
  const after = await kubectl([...NAMESPACE, "--token", token, "get", "pods"]);
  expect(after.stderr).toContain("The access token is unknown, expired or revoked.");
});

test("revoking a grant ends a shell that it allowed", async ({ page }) => {
  await enter(page, "admin");
  const { id } = await callConsole<{ id: string }>(page, "POST", "/api/v1/grants", {
    role: "developer",
    subjectKind: "user",
    subject: "chidi@acme.example",
    cluster: "demo",
    namespaces: ["payments"],
  });
  // A grant counts a moment after it is made.
  const allowed = [...NAMESPACE, "create", "configmap", "allowed", "--dry-run=server"];
  await expect.poll(async () => (await kubectl(allowed, { as: "auditor" })).code).toBe(0);
  const exec = [...NAMESPACE, "exec", "-i", "postgres-1", "-c", "postgres", "--"];
  const shell = await startCommand([...exec, "cat"], { as: "auditor" });
  shell.write("still allowed\n");
  await shell.untilOutput("still allowed\n");
  await callConsole(page, "DELETE", `/api/v1/grants/${id}`);
  expect(await shell.ended()).not.toBe(0);
  const session = 'resource = "pods/exec" AND email = "chidi@acme.example"';
  await expectCutOff(session, "Session ended: access was revoked");
  const denied = await kubectl([...exec, "true"], { as: "auditor" });
  expect(denied.stderr).toContain("role read-only does not allow it");
});

test("disabling a person ends all that they do, and their tokens for good", async ({ page, browser }) => {
  await enter(page, "admin");
  const { users } = await callConsole<{ users: { id: string; email: string }[] }>(
    page,
    "GET",
    "/api/v1/users",
  );
  const alice = users.find(({ email }) => email === "alice@acme.example")!;
  const hers = await browser.newPage();
  await enter(hers, "alice");
  // Its page would go to the sign-in by itself, in the way of what is opened below.
  await hers.goto("about:blank");
  const log = await startCommand([...NAMESPACE, "logs", "-f", "--tail=1", "postgres-1"]);
  await log.untilOutput("\n");
  const forward = await startCommand([...NAMESPACE, "port-forward", "postgres-1", ":7"]);
  await forward.untilOutput("-> 7\n");

  await callConsole(page, "PATCH", `/api/v1/users/${alice.id}`, { enabled: false });
  await log.ended();
  await forward.ended();
  await expectCutOff('resource = "pods/log"', "Log stream ended: access was revoked");
  await expectCutOff('resource = "pods/portforward"', "Session ended: access was revoked");
  expect((await kubectl([...NAMESPACE, "get", "pods"])).stderr).toContain("must be logged in");
  expect((await hers.request.get("/api/v1/me")).status()).toBe(401);
  await hers.goto("/signin");
  await hers.getByRole("button", { name: /^Continue with/ }).click();
  await hers.getByRole("button", { name: "Alice Moreau" }).click();
  await expect(hers.getByRole("alert").filter({ hasText: "Your account is disabled." })).toBeVisible();

  await callConsole(page, "PATCH", `/api/v1/users/${alice.id}`, { enabled: true });
  const headers = { Authorization: `Bearer ${personToken("alice")}` };
  expect((await page.request.get("/api/v1/me", { headers })).status()).toBe(401);
  await enter(hers, "alice");
  await hers.close();
});
