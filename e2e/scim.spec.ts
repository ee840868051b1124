import type { Page } from "@playwright/test";
import { waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { consoleUrl } from "./support/installation.ts";
import { ownName } from "./support/own-name.ts";
import { startCommand } from "./support/running-command.ts";
import { PERSON_NAMES, signIn } from "./support/sign-in.ts";
import { expect, test } from "./support/test.ts";

test.use({ installationOf: "scim" });
test.describe.configure({ timeout: 240_000 });

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ALICE = "alice@acme.example";

async function enter(page: Page, person: "admin" | "alice") {
  await page.goto("/signin?callbackUrl=/audit/kubernetes/request-audit");
  await signIn(page, person);
}

/** As an identity provider's SCIM client asks. */
async function askScim(token: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${consoleUrl()}/scim/v2/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
  return text === "" ? null : JSON.parse(text);
}

test("a token is made; a person is provisioned, signs in, is deactivated and is out everywhere", async ({
  page,
  browser,
}) => {
  await enter(page, "admin");
  await page.goto("/administration/provisioning");
  await page.getByRole("button", { name: "Make token" }).click();
  const dialog = page.getByRole("dialog", { name: "Make SCIM token" });
  const name = ownName("Entra");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Make token" }).click();
  const shown = page.getByRole("dialog", { name: `SCIM token ${name}` });
  const token = (await shown.getByText(/^kwp_/).textContent()) ?? "";
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);

  // Whom an administrator made known goes, and the identity provider brings somebody of that address.
  const found = await askScim(token, "GET", `Users?filter=${encodeURIComponent(`userName eq "${ALICE}"`)}`);
  await askScim(token, "DELETE", `Users/${found.Resources[0].id}`);
  const created = await askScim(token, "POST", "Users", {
    schemas: [USER],
    userName: ALICE,
    externalId: "e2e-alice",
    displayName: "Alice Provisioned",
    active: true,
  });
  expect(created.id).not.toBe(found.Resources[0].id);
  await page.goto(`/administration/users?open=${created.id}`);
  const drawer = page.getByRole("complementary", { name: "User" });
  await expect(drawer).toContainText("Alice Provisioned");
  await expect(drawer).toContainText("SCIM");

  const hers = await browser.newPage();
  await enter(hers, "alice");
  const me = await callConsole<{ id: string }>(hers, "GET", "/api/v1/me");
  expect(me.id).toBe(created.id);
  const issued = await callConsole<{ token: string }>(hers, "POST", "/api/v1/tokens", { name: "a laptop" });
  const watch = await startCommand([
    ...["-n", "payments", "--token", issued.token, "get", "pods", "--watch", "-o", "name"],
  ]);
  await waitForCalls(`verb = "watch" AND email = "${ALICE}" AND stage = "start"`);

  await askScim(token, "PATCH", `Users/${created.id}`, {
    schemas: [PATCH],
    Operations: [{ op: "Replace", path: "active", value: "False" }],
  });
  await watch.ended();
  const [end] = await waitForCalls(`verb = "watch" AND email = "${ALICE}" AND stage = "end"`);
  expect(end).toMatchObject({ result: "failure", message: "Watch ended: access was revoked" });
  await expect(hers).toHaveURL(/\/signin\?/, { timeout: 60_000 });
  const again = await browser.newPage();
  await again.goto("/signin");
  await again.getByRole("button", { name: /^Continue with/ }).click();
  await again.getByRole("button", { name: PERSON_NAMES.alice }).click();
  await expect(again).toHaveURL(/[?&]error=Deactivated/);
  await expect(again.getByText("Your identity provider has deactivated your account here.")).toBeVisible();

  await page.goto("/administration/provisioning");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: new RegExp(`${name}.*Revoked`) })).toBeVisible();
});

test("of one's sessions all others end at once, and this one stays", async ({ browser }) => {
  const [here, there] = [await browser.newPage(), await browser.newPage()];
  await enter(here, "admin");
  await enter(there, "admin");
  await here.goto("/access/sessions");
  const table = here.getByRole("table", { name: "Sessions" });
  await expect(table.getByRole("row").filter({ hasText: "This one" })).toContainText("Chrome on Linux");
  await here.getByRole("button", { name: "End all others" }).click();
  await here.getByRole("alertdialog").getByRole("button", { name: "End all others" }).click();
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(there).toHaveURL(/\/signin\?/, { timeout: 60_000 });
  await here.reload();
  await expect(here.getByRole("heading", { level: 1, name: "My sessions and tokens" })).toBeVisible();
});
