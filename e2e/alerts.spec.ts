import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expectNoViolations } from "./support/accessibility.ts";
import { CLUSTER } from "./support/cluster.ts";
import { consoleUrl } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

let receiver: Server;
let address: string;
const received: { type: string; data: { matches: number; href: string; alert: { name: string } } }[] = [];

test.beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    received.push(JSON.parse(body));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
});
test.afterAll(() => new Promise((resolve) => receiver.close(resolve)));

test("a filter becomes an alert; a read of a secret is told once, and the link shows it", async ({
  adminPage: page,
}) => {
  const channel = ownName("receiver");
  await page.goto("/audit/alerts/channels");
  await page.getByRole("button", { name: "Add channel" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add channel" });
  await dialog.getByLabel("Name").fill(channel);
  await dialog.getByLabel("Address").fill("https://169.254.169.254/latest");
  await dialog.getByRole("button", { name: "Add channel" }).click();
  await expect(dialog.getByLabel("Address")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Address").fill(address);
  await dialog.getByRole("button", { name: "Add channel" }).click();
  const shown = page.getByRole("dialog", { name: `Secret of ${channel}`, exact: true });
  await expect(shown.getByText(/^whsec_/)).toBeVisible();
  await shown.getByRole("button", { name: "Done" }).click();
  await page
    .getByRole("row", { name: new RegExp(channel) })
    .getByRole("button", { name: `Actions for ${channel}` })
    .click();
  await page.getByRole("menuitem", { name: "Try it" }).click();
  await expect(page.getByText("Test taken")).toBeVisible();
  expect(received.map(({ type }) => type)).toEqual(["alert.test"]);

  const secret = ownName("secret");
  await kubectl(["-n", CLUSTER.namespace, "create", "secret", "generic", secret, "--from-literal=a=b"], {
    as: "admin",
  });
  const filter = `verb = "get" AND resource = "secrets" AND resourceName = "${secret}"`;
  await page.goto(`/audit/kubernetes/request-audit?${new URLSearchParams({ filter })}`);
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("link", { name: "Alert me of what this filter matches" }).click();
  const form = page.getByRole("dialog", { name: "Add alert" });
  await expect(form.getByLabel("Filter")).toHaveValue(filter);
  await expect(form.getByText("Would not have fired in the last 7 days")).toBeVisible();
  const name = ownName("alert");
  await form.getByLabel("Name").fill(name);
  await form.getByLabel(channel).click();
  await expectNoViolations(page);
  await form.getByRole("button", { name: "Add alert" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
  await expect(page).toHaveURL(`${consoleUrl()}/audit/alerts`);

  const read = await kubectl(["-n", CLUSTER.namespace, "get", "secret", secret], { as: "admin" });
  expect(read.code).toBe(0);
  await kubectl(["-n", CLUSTER.namespace, "get", "pods"], { as: "admin" });
  await expect
    .poll(() => received.filter(({ type }) => type === "alert.fired"), { timeout: 60_000 })
    .toHaveLength(1);
  const [fired] = received.filter(({ type }) => type === "alert.fired");
  expect(fired!.data).toMatchObject({ matches: 1, alert: { name } });

  await page.goto(fired!.data.href);
  await expect(page.locator("tr[data-no]")).toHaveCount(1);
  await expect(page.locator("tr[data-no]")).toContainText(secret);
  await page.goto("/audit/alerts");
  await page.getByRole("row", { name: new RegExp(name) }).click();
  const drawer = page.getByRole("complementary", { name: "Alert" });
  await expect(drawer.getByRole("link", { name: "1 match" })).toBeVisible();
  await expectNoViolations(page);
  expect(received).toHaveLength(2);
});
