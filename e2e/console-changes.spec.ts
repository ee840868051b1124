import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/accessibility.ts";
import { waitForCalls } from "./support/audit-api.ts";
import { consoleUrl, kubeconfigFile } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

/** Asks in the dialog that has just opened, and waits until it is gone. */
async function confirm(page: Page, verb: string) {
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: verb, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

test("a number of the overview leads to the list of what it counts", async ({ auditorPage: page }) => {
  const name = ownName("refused");
  await kubectl(["delete", "namespace", name]);
  await waitForCalls(`resourceName = "${name}"`);
  await page.goto("/audit/overview");
  await expect(page.getByRole("region", { name: "Denied attempts" })).toContainText(`namespaces/${name}`);
  const denied = page.getByRole("link", { name: /^Denied attempts/ });
  await expect(denied).toBeVisible();
  const count = await denied.locator("b").textContent();
  await denied.click();
  await page.waitForURL(/request-audit\?.*filter=/);
  await expect(page.getByText(count === "1" ? "1 call" : `${count} calls`).first()).toBeVisible();
});

test("a downloaded kubeconfig has a token that counts until it is revoked", async ({
  alicePage: page,
  request,
}) => {
  await page.goto("/access/me");
  const name = ownName("laptop");
  await page.getByRole("button", { name: "Download kubeconfig" }).click();
  await page.getByLabel("Name of the token").fill(name);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download", exact: true }).click(),
  ]);
  const token = /token: (kw_\S+)/.exec(readFileSync(await download.path(), "utf8"))?.[1];
  expect(token).toBeTruthy();
  const me = () =>
    request.get(`${consoleUrl()}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await (await me()).json()).email).toBe("alice@acme.example");

  await page.getByRole("link", { name: "My sessions and tokens" }).first().click();
  const row = page.getByRole("row", { name: new RegExp(name) });
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await confirm(page, "Revoke");
  await expect(row).toHaveCount(0);
  await expect.poll(async () => (await me()).status()).toBe(401);
});

test("an administrator sees and revokes a person's tokens and sessions on that person's page", async ({
  adminPage: page,
  alicePage: alice,
  request,
}) => {
  const name = ownName("stray");
  const headers = { Origin: consoleUrl() };
  const issued = await (await alice.request.post("/api/v1/tokens", { headers, data: { name } })).json();
  const me = () =>
    request.get(`${consoleUrl()}/api/v1/me`, { headers: { authorization: `Bearer ${issued.token}` } });
  const { id } = await (await me()).json();
  await page.goto(`/administration/users?open=${id}`);
  const drawer = page.getByRole("complementary", { name: "User" });
  await expect(drawer.getByRole("list", { name: "Sessions" }).getByRole("listitem").first()).toBeVisible();
  await drawer.getByRole("button", { name: `Revoke token ${name}` }).click();
  await confirm(page, "Revoke");
  await expect(drawer.getByRole("button", { name: `Revoke token ${name}` })).toHaveCount(0);
  await expect.poll(async () => (await me()).status()).toBe(401);
});

test("access is granted, wrong input answered at its field, and revoked again", async ({
  adminPage: page,
}) => {
  const group = ownName("team");
  await page.goto("/access/grants");
  await page.getByRole("button", { name: "Grant access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Group", { exact: true }).fill(group);
  await dialog.getByLabel("Namespaces").fill("payments, pay-ments");
  await dialog.getByLabel("Role", { exact: true }).click();
  await page.getByRole("option", { name: "read-only" }).click();
  await dialog.getByLabel("Cluster", { exact: true }).click();
  await page.getByRole("option", { name: "demo" }).click();
  await expect(dialog).toContainText("demo has no namespace pay-ments.");
  await dialog.getByLabel("Namespaces").fill("Not_One");
  await dialog.getByRole("button", { name: "Grant access" }).click();
  await expect(dialog).toContainText("takes the name of a namespace");
  await dialog.getByLabel("Namespaces").fill("payments");
  await expect(dialog).not.toContainText("has no namespace");
  await dialog.getByLabel("Expires", { exact: true }).click();
  await page.getByRole("option", { name: "On a day" }).click();
  await dialog.getByRole("textbox", { name: "On: day" }).fill("2031-02-30");
  await dialog.getByLabel("Reason").fill("On call, ticket 4711");
  await dialog.getByRole("button", { name: "Grant access" }).click();
  await expect(dialog).toContainText("Choose a time that is still to come.");
  await dialog.getByRole("textbox", { name: "On: day" }).fill("2031-02-28");
  await dialog.getByRole("button", { name: "Grant access" }).click();
  await expect(dialog).toHaveCount(0);

  await page.getByRole("searchbox").fill(group);
  const row = page.getByRole("row", { name: new RegExp(group) });
  await expect(row).toContainText("read-only");
  await row.click();
  const drawer = page.getByRole("complementary", { name: /^Grant/ });
  await expect(drawer).toContainText("On call, ticket 4711");
  await expect(drawer).toContainText("lena@acme.example");
  await page.getByRole("button", { name: new RegExp(`^Actions for .*${group}`) }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await expect(page.getByRole("alertdialog")).toContainText(`Everyone in the group ${group} loses read-only`);
  await confirm(page, "Revoke");
  await expect(row).toHaveCount(0);
});

test("whether a role's sessions are recorded is chosen in words, and shown to whoever may only read", async ({
  adminPage: page,
  auditorPage: auditor,
}) => {
  await page.goto("/access/roles?role=read-only");
  const recording = page.getByRole("region", { name: "Recording of sessions" });
  await expect(recording).toContainText("Best effort");
  await recording.getByRole("button", { name: "Change recording" }).click();
  const dialog = page.getByRole("dialog", { name: "Recording of read-only" });
  await expect(dialog).toContainText("Sessions that are running go on as they began.");
  await dialog.getByLabel("Sessions", { exact: true }).click();
  await page.getByRole("option", { name: "Required" }).click();
  await expect(dialog).toContainText("A session that cannot be recorded does not start.");
  await dialog.getByRole("checkbox", { name: /^Also what is typed/ }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(recording).toContainText("Required");
  await expect(recording).toContainText("Recorded, passwords among it");

  await auditor.goto("/access/roles?role=read-only");
  await expect(auditor.getByRole("region", { name: "Recording of sessions" })).toContainText("Required");
  await expect(auditor.getByRole("button", { name: "Change recording" })).toHaveCount(0);

  await recording.getByRole("button", { name: "Change recording" }).click();
  await dialog.getByLabel("Sessions", { exact: true }).click();
  await page.getByRole("option", { name: "Best effort" }).click();
  await dialog.getByRole("checkbox", { name: /^Also what is typed/ }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(recording).toContainText("Best effort");
});

test("an application's secret is shown once, gets a token, and is rotated", async ({
  adminPage: page,
  request,
}) => {
  const name = ownName("siem");
  await page.goto("/administration/applications");
  await page.getByRole("button", { name: "Add application" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Add application" }).click();
  const shown = page.getByRole("dialog", { name: `Secret of ${name}`, exact: true });
  const clientSecret = await shown.getByText(/^kws_/).textContent();
  const clientId = await shown.getByText(/^[0-9a-f-]{36}$/).textContent();
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(clientSecret ?? "")).toHaveCount(0);
  const token = () =>
    request.post(`${consoleUrl()}/api/v1/token`, {
      data: { grantType: "client_credentials", clientId, clientSecret },
    });
  expect((await token()).status()).toBe(200);

  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Rotate secret" }).click();
  const rotate = page.getByRole("dialog", { name: `Rotate the secret of ${name}?` });
  await rotate.getByLabel("The old secret counts").click();
  await page.getByRole("option", { name: "No longer: it ends now" }).click();
  await rotate.getByRole("button", { name: "Rotate secret" }).click();
  await expect(page.getByRole("dialog", { name: `Secret of ${name}`, exact: true })).toBeVisible();
  expect((await token()).status()).toBe(401);
});

test("a cluster is added, and removed once its name is typed", async ({ adminPage: page }) => {
  const name = ownName("edge");
  await page.goto("/infrastructure/clusters");
  await page.getByRole("button", { name: "Add cluster" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Endpoint").fill("https://192.0.2.7:6443");
  await dialog.getByLabel("Token", { exact: true }).fill("edge-token");
  await dialog.getByLabel("Labels").fill("env=a b");
  await dialog.getByRole("button", { name: "Add cluster" }).click();
  await expect(dialog).toContainText("letters, digits, . _ -");
  await dialog.getByLabel("Labels").fill("env=edge, team=payments");
  await dialog.getByRole("button", { name: "Add cluster" }).click();
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("https://192.0.2.7:6443");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(dialog.getByLabel("Token", { exact: true })).toHaveCount(0);
  await dialog.getByLabel("Endpoint").fill("https://192.0.2.8:6443");
  await expect(dialog).toContainText("Give it again for these");
  await dialog.getByLabel("Token", { exact: true }).fill("edge-token-anew");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("https://192.0.2.8:6443");
  await row.click();
  const drawer = page.getByRole("complementary", { name: "Cluster" });
  await expect(drawer).toContainText("team=payments");
  await drawer.getByRole("button", { name: "Check now" }).click();
  await expect(drawer.getByRole("list", { name: "Findings" })).toContainText("firewalls");
  await expect(row).toContainText("Failing");
  await drawer.getByRole("button", { name: "Remove" }).click();
  const asked = page.getByRole("alertdialog");
  await expect(asked.getByRole("button", { name: "Remove" })).toBeDisabled();
  await asked.getByRole("textbox").fill(name);
  await confirm(page, "Remove");
  await expect(row).toHaveCount(0);
  await expect(page.getByRole("row", { name: /demo/ })).toContainText("Healthy");
});

test("a join token for a cluster behind a firewall is shown once, and withdrawn", async ({
  adminPage: page,
}) => {
  const name = ownName("inside");
  await page.goto("/infrastructure/clusters");
  await page.getByRole("button", { name: "Add cluster" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Connection").click();
  await page.getByRole("option", { name: "Through an agent" }).click();
  await form.getByRole("textbox", { name: "Endpoint" }).fill("https://kubernetes.default.svc");
  await form.getByLabel("Whose credential").click();
  await page.getByRole("option", { name: "The agent’s own" }).click();
  await form.getByRole("button", { name: "Add cluster" }).click();
  await page.getByRole("row", { name: new RegExp(name) }).click();
  const drawer = page.getByRole("complementary", { name: "Cluster" });
  await expect(drawer).toContainText("None has joined");
  await drawer.getByRole("link", { name: "All of them" }).click();
  await page.getByRole("button", { name: "Join an agent" }).first().click();
  await page.getByRole("button", { name: "Make join token" }).click();
  const made = page.getByRole("dialog", { name: `Join an agent of ${name}` });
  await expect(made).toContainText(/kwj_[\w-]{43}\.[\w-]{43}/);
  await expect(made).toContainText("Waiting for an agent to join");
  await expectNoViolations(page, { beyond: true });
  await made.getByRole("tab", { name: "systemd" }).click();
  await expect(made).toContainText("KUBEWITNESS_AGENT_MODE=agent");
  await made.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Join an agent" }).first().click();
  await page.getByRole("button", { name: `Withdraw the token for ${name}` }).click();
  await expect(page.getByText("Join token withdrawn")).toBeVisible();
  await expect(page.getByRole("dialog")).not.toContainText("wait to be used");
});

test("an import says what keeps a cluster from working, and refuses the gateway's own kubeconfig", async ({
  adminPage: page,
}) => {
  const name = ownName("nowhere");
  const kubeconfig = {
    clusters: [{ name, cluster: { server: "https://nowhere.invalid:6443" } }],
    contexts: [{ name, context: { cluster: name } }],
  };
  const form = page.getByRole("dialog", { name: "Import kubeconfig", exact: true });
  const outcome = page.getByRole("dialog", { name: "Imported kubeconfig" });
  const importText = async (text: string) => {
    await page.getByRole("button", { name: "Import kubeconfig" }).click();
    await form.getByLabel("Kubeconfig").fill(text);
    await form.getByRole("button", { name: "Import" }).click();
  };
  await page.goto("/infrastructure/clusters");
  await importText(JSON.stringify(kubeconfig));
  await expect(outcome).toContainText(`${name}Added`);
  await expect(outcome).toContainText(/But (its name has no address|the DNS server does not answer)/);
  await outcome.getByRole("button", { name: "Done" }).click();
  await importText(readFileSync(kubeconfigFile(), "utf8"));
  await expect(outcome).toContainText("this is the gateway's");
  await outcome.getByRole("button", { name: "Done" }).click();
});

test("an operation of the API reference runs with one's session", async ({ auditorPage: page }) => {
  await page.goto("/docs/api?operation=listRequestAudit");
  const panel = page.getByRole("complementary", { name: "Try it" });
  await panel.getByLabel("limit").fill("0");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel).toContainText("takes a whole number from 1 to 1000");
  await panel.getByLabel("limit").fill("2");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel).toContainText("200 OK");
  await expect(panel.getByRole("region", { name: "Body" })).toContainText('"entries"');
  await expect(panel).toContainText("limit=2");
});
