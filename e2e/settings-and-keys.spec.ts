import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/accessibility.ts";
import { consoleUrl } from "./support/installation.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

const setting = (page: Page, name: string) => page.locator(`[data-setting="${name}"]`);

async function change(page: Page, name: string, value: string) {
  await setting(page, name)
    .getByRole("button", { name: `Change ${name}` })
    .click();
  await setting(page, name).getByLabel(name, { exact: true }).fill(value);
  await setting(page, name).getByRole("button", { name: "Save" }).click();
}

test("what an administrator sets is in effect at once, can be undone, and is told of", async ({
  adminPage: page,
  alicePage: alice,
  browser,
}) => {
  await page.goto("/administration/settings");
  const text = `Maintenance of ${ownName("rack")}`;
  await change(page, "console.banner", text);
  const announcement = (of: Page) => of.getByRole("region", { name: "Announcement" });
  await expect(announcement(page)).toContainText(text);
  await expect(setting(page, "console.banner")).toContainText("Set here by lena@acme.example");
  const stranger = await (await browser.newContext({ baseURL: consoleUrl() })).newPage();
  await stranger.goto("/signin");
  await expect(announcement(stranger)).toContainText(text);
  await stranger.context().close();
  await alice.goto("/access/me");
  await announcement(alice).getByRole("button", { name: "Hide for a day" }).click();
  await expect(announcement(alice)).toHaveCount(0);
  await alice.reload();
  await expect(alice.getByRole("heading", { name: "My access" })).toBeVisible();
  await expect(announcement(alice)).toHaveCount(0);

  await change(page, "tokens.lifetime", "for ever");
  await expect(setting(page, "tokens.lifetime")).toContainText("takes a length of time such as 90m");
  await expectNoViolations(page);
  await setting(page, "tokens.lifetime").getByLabel("tokens.lifetime", { exact: true }).fill("2h");
  await page.keyboard.press("Enter");
  await expect(setting(page, "tokens.lifetime")).toContainText("2 h");
  const issue = async () => {
    const headers = { origin: new URL(consoleUrl()).origin };
    const data = { name: ownName("key"), lifetimeMs: 3 * 3_600_000 };
    return alice.request.post("/api/v1/tokens", { headers, data });
  };
  const refused = await issue();
  expect(refused.status()).toBe(400);
  expect((await refused.json()).message).toContain("tokens.lifetime");
  const done = page.getByRole("status").filter({ hasText: "tokens.lifetime is changed" });
  await done.getByRole("button", { name: "Undo" }).click();
  await expect(setting(page, "tokens.lifetime")).toContainText("7 d");
  expect((await issue()).status()).toBe(201);

  const banner = setting(page, "console.banner");
  await banner.getByRole("button", { name: "Change console.banner" }).click();
  await banner.getByRole("button", { name: /^Back to the default/ }).click();
  await expect(announcement(page)).toHaveCount(0);

  await page.goto(`/audit/event-history?filter=${encodeURIComponent('entityType = "Settings"')}`);
  const events = page.locator("table.audit-table tbody tr[data-no]");
  await expect(events.filter({ hasText: "console.banner" }).first()).toBeVisible();
});

test("keeping the record for less long says first what that removes", async ({ adminPage: page }) => {
  await page.goto("/administration/settings");
  await change(page, "audit.retention_days", "30");
  const dialog = page.getByRole("alertdialog", { name: "Keep the record for 30 days only?" });
  // Other tests may have left a record of older days.
  await expect(dialog).toContainText(
    /Nothing is as old as that yet|everything from before [\d-]{10} is removed/,
  );
  await dialog.getByRole("button", { name: "Leave it" }).click();
  await setting(page, "audit.retention_days").getByRole("button", { name: "Cancel" }).click();
  await expect(setting(page, "audit.retention_days")).toContainText("90");
});

test("an application reads what its scopes name, and its secret is rotated while both count", async ({
  adminPage: page,
  request,
}) => {
  const name = ownName("siem");
  await page.goto("/administration/applications");
  await page.getByRole("button", { name: "Add application" }).click();
  const form = page.getByRole("dialog", { name: "Add application" });
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("May be used for").click();
  await page.getByRole("option", { name: "Only what is chosen here" }).click();
  await form.getByLabel("Networks").fill("127.0.0.0/8\nthe office");
  await form.getByRole("button", { name: "Add application" }).click();
  await expect(form).toContainText("takes at least one scope");
  await form.getByRole("checkbox", { name: /^audit:read/ }).click();
  await form.getByRole("button", { name: "Add application" }).click();
  await expect(form).toContainText("takes an IP address or a CIDR range");
  await expectNoViolations(page);
  await form.getByLabel("Networks").fill("127.0.0.0/8\n::1");
  await form.getByRole("button", { name: "Add application" }).click();
  const takeSecret = async () => {
    const shown = page.getByRole("dialog", { name: `Secret of ${name}`, exact: true });
    const secret = (await shown.getByText(/^kws_/).textContent()) ?? "";
    const id = (await shown.getByText(/^[0-9a-f-]{36}$/).textContent()) ?? "";
    await shown.getByRole("button", { name: "Done" }).click();
    return { id, secret };
  };
  const first = await takeSecret();
  const buy = ({ id, secret }: { id: string; secret: string }) =>
    request.post(`${consoleUrl()}/api/v1/token`, {
      form: { grant_type: "client_credentials", client_id: id, client_secret: secret },
    });
  const { access_token, scope } = await (await buy(first)).json();
  expect(scope).toBe("audit:read");
  const read = (path: string) =>
    request.get(`${consoleUrl()}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  expect((await read("/api/v1/request-audit")).status()).toBe(200);
  const refused = await read("/api/v1/grants");
  expect(refused.status()).toBe(403);
  expect((await refused.json()).message).toContain('"access:read"');
  expect((await (await read("/.well-known/oauth-authorization-server")).json()).token_endpoint).toBe(
    `${consoleUrl()}/api/v1/token`,
  );

  const act = async (action: string) => {
    await page.getByRole("button", { name: `Actions for ${name}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await act("Rotate secret");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
  const second = await takeSecret();
  expect([(await buy(first)).status(), (await buy(second)).status()]).toEqual([200, 200]);

  await page.goto("/administration/api-keys");
  await page.getByLabel("Name, owner, scope or address").fill(name);
  await expect(page.getByRole("row").filter({ hasText: name }).first()).toContainText("audit:read");

  await page.goto("/administration/applications");
  await act("End old secret");
  await page.getByRole("alertdialog").getByRole("button", { name: "End old secret" }).click();
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  expect([(await buy(first)).status(), (await buy(second)).status()]).toEqual([401, 200]);
});
