import type { Page } from "@playwright/test";
import Papa from "papaparse";
import { EventList } from "../lib/audit/event-history/schema.ts";
import { getApi, waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { applyFilter } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const PATH = "/audit/event-history";
/** The browser goes to `localhost`. */
const LOOPBACK = /^(127\.0\.0\.1|::1)$/;
const rows = (page: Page) => page.locator("table.audit-table tbody tr[data-no]");
const drawerOf = (page: Page) => page.getByRole("complementary", { name: /^Event / });

/** The cells of the first row by their columns. */
async function firstRow(page: Page): Promise<Record<string, string>> {
  await expect(rows(page).first()).toBeVisible();
  const titles = await page.locator("table.audit-table thead th .label").allTextContents();
  const cells = await rows(page).first().locator("td").allTextContents();
  return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ""]));
}

async function openFiltered(page: Page, filter: string, columns?: string): Promise<void> {
  const query = new URLSearchParams({ filter, ...(columns ? { columns } : {}) });
  await page.goto(`${PATH}?${query}`);
}

test.describe
  .serial("an application's life", () => {
    const name = ownName("app");
    let id = "";

    test("making one is an event with every column right", async ({ adminPage, auditorPage: page }) => {
      ({ id } = await callConsole(adminPage, "POST", "/api/v1/applications", {
        name,
        consoleRole: "auditor",
      }));
      await openFiltered(
        page,
        `entityName = "${name}"`,
        "no,happenedAt,user,action,status,entityType,entityName,clusterName,sourceIp,entityId,clusterId,email,sourceType,userAgent,error,requestNo",
      );
      expect(await firstRow(page)).toEqual({
        "Event ID": expect.stringMatching(/^[\d,]+$/),
        "Date & Time": expect.stringMatching(/^\d+ \w{3,4}, \d\d:\d\d:\d\d$/),
        "User/App": "Lena Hoffmann",
        Event: "Create",
        Status: "Succeeded",
        "Entity type": "Applications",
        "Entity name": name,
        "Cluster Name": "",
        "Source IP": expect.stringMatching(LOOPBACK),
        "Entity ID": id,
        "Cluster ID": "",
        Email: "lena@acme.example",
        "Source type": "User",
        "User agent": expect.stringContaining("Mozilla/5.0"),
        Error: "",
        "Request No": "",
      });
    });

    test("disabling it shows what changed", async ({ adminPage, auditorPage: page }) => {
      await callConsole(adminPage, "PATCH", `/api/v1/applications/${id}`, { enabled: false });
      await openFiltered(page, `entityName = "${name}" AND operation = "Disable"`);
      await expect(rows(page)).toHaveCount(1);
      expect(await firstRow(page)).toMatchObject({ Event: "Update · Disable" });
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      const changes = drawerOf(page).getByRole("region", { name: "Before and after" });
      await expect(changes.locator(".is-removed")).toHaveText(/enabled: true/);
      await expect(changes.locator(".is-added")).toHaveText(/enabled: false/);
      await page.getByRole("tab", { name: "Split" }).click();
      await expect(changes.locator(".diff-pair").first()).toBeVisible();
      await expect(drawerOf(page)).not.toContainText(/secretHash|secret_hash/);
    });

    test("its events are found by exact filters, several at once", async ({ auditorPage: page }) => {
      await openFiltered(page, `entityName = "${name}" AND user = "lena@acme.example"`);
      await expect(rows(page)).toHaveCount(2);
      await applyFilter(page, `entityName = "${name}" AND action = "Create" AND status = "Succeeded"`);
      await expect(rows(page)).toHaveCount(1);
      await applyFilter(page, `entityName = "${name.slice(0, -1)}"`);
      await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
    });
  });

test("a write through the gateway is an event that leads to its call", async ({ auditorPage: page }) => {
  const name = ownName("written");
  const secret = ["-n", "payments", "create", "secret", "generic", name, "--from-literal=key=hunter2hunter2"];
  await kubectl(secret);
  await kubectl(["-n", "payments", "delete", "secret", name, "--wait=false"]);
  const [call] = await waitForCalls(`verb = "delete" AND resourceName = "${name}"`);
  await openFiltered(
    page,
    `entityType = "KubernetesResource" AND entityName = "secrets/${name}" AND action = "Delete"`,
  );
  await expect(rows(page)).toHaveCount(1);
  expect(await firstRow(page)).toMatchObject({
    "User/App": "Alice Moreau",
    Event: "Delete",
    Status: "Succeeded",
    "Cluster Name": "demo",
  });
  await rows(page).first().click();
  await drawerOf(page)
    .getByRole("link", { name: `Call ${call!.no.toLocaleString("en-US")}` })
    .click();
  await expect(page).toHaveURL(new RegExp(`/request-audit/${call!.no}\\?`));
  await expect(page.getByRole("complementary", { name: /^Call / })).toContainText(`secrets/${name}`);
});

test("signing in, looking and exporting are events themselves", async ({ auditorPage: page }) => {
  const filter = `resourceName = "${ownName("looked-for")}"`;
  await page.goto(`/audit/kubernetes/request-audit?${new URLSearchParams({ filter })}`);
  await expect(page.getByRole("heading", { name: "No calls match" })).toBeVisible();
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const find = async (wanted: string) => {
    const to = new Date(Date.now() + 60_000).toISOString();
    const query = new URLSearchParams({ from: since, to, filter: wanted });
    return EventList.parse(await (await getApi(`/api/v1/event-history?${query}`)).json()).entries;
  };
  await expect
    .poll(() => find(`entityType = "RequestAudit" AND entityName = ${JSON.stringify(filter)}`))
    .toContainEqual(
      expect.objectContaining({ action: "View", operation: "Search", email: "chidi@acme.example" }),
    );
  const logins = await find('action = "Login" AND email = "chidi@acme.example"');
  expect(logins[0]).toMatchObject({
    entityType: "Login",
    status: "Succeeded",
    sourceIp: expect.stringMatching(LOOPBACK),
  });
});

test("the table downloads as CSV and as JSON, in the scope of its filter", async ({ auditorPage: page }) => {
  const filter = 'sourceName = "demo" AND entityType = "AccessGrant"';
  await openFiltered(page, filter);
  await expect(rows(page)).toHaveCount(3);
  const files: Record<string, string> = {};
  for (const format of ["CSV", "JSON"]) {
    const download = page.waitForEvent("download");
    await page.keyboard.press("e");
    await page.getByRole("menuitem", { name: new RegExp(`^${format}`) }).click();
    files[format] = (await (await (await download).createReadStream()).toArray()).join("");
  }
  const table = Papa.parse<Record<string, string>>(files.CSV!, { header: true, skipEmptyLines: true });
  expect(table.errors).toEqual([]);
  const json: { no: number; entityName: string }[] = JSON.parse(files.JSON!);
  expect(json.map(({ entityName }) => entityName)).toHaveLength(3);
  expect(table.data.map((row) => row.entityName)).toEqual(json.map(({ entityName }) => entityName));
});

test("the window is a preset or two days, at most thirty apart", async ({ auditorPage: page }) => {
  await page.goto(PATH);
  await page.getByRole("button", { name: /^Time range:/ }).click();
  await page.getByRole("button", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/from=now-1h&to=now/);
  await page.getByRole("button", { name: /^Time range: Last hour/ }).click();
  await page.getByRole("textbox", { name: "From: day" }).fill("2026-01-01");
  await page.getByRole("textbox", { name: "To: day" }).fill("2026-03-01");
  await expect(page.getByText("At most 30 days")).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply", exact: true }).last()).toBeDisabled();
});

test("the columns that were chosen are remembered", async ({ auditorPage: page }) => {
  await page.goto(PATH);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("c");
  await page.getByRole("checkbox", { name: "Entity ID" }).click();
  await page.getByRole("checkbox", { name: "Source IP" }).click();
  await page.keyboard.press("Escape");
  const titles = page.locator("table.audit-table thead .label");
  await expect(titles.filter({ hasText: "Entity ID" })).toHaveCount(1);
  await page.goto("/audit/kubernetes/request-audit");
  await page.goto(PATH);
  await expect(titles.filter({ hasText: "Entity ID" })).toHaveCount(1);
  await expect(titles.filter({ hasText: "Source IP" })).toHaveCount(0);
});

test("a new event shows up by itself while watching", async ({ adminPage, auditorPage: page }) => {
  const name = ownName("live-app");
  await page.goto(`${PATH}?${new URLSearchParams({ filter: `entityName = "${name}"`, live: "true" })}`);
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  await callConsole(adminPage, "POST", "/api/v1/applications", { name, consoleRole: "auditor" });
  await expect(rows(page)).toHaveCount(1);
  expect(await firstRow(page)).toMatchObject({ Event: "Create", "Entity name": name });
});

test("the page opens on what people changed; Kubernetes and reads are a click away", async ({
  adminPage,
  auditorPage: page,
}) => {
  const name = ownName("opens-on");
  await kubectl(["-n", "payments", "create", "configmap", name]);
  await waitForCalls(`verb = "create" AND resourceName = "${name}"`);
  await callConsole(adminPage, "POST", "/api/v1/applications", { name, consoleRole: "auditor" });
  await page.goto(PATH);
  const types = page
    .locator("table.audit-table tbody tr[data-no] td")
    .filter({ hasText: /^[A-Z][A-Za-z]+$/ });
  await expect(rows(page).filter({ hasText: name })).toContainText("Applications");
  await expect(types.filter({ hasText: /^(KubernetesResource|TerminalSession)$/ })).toHaveCount(0);
  await page.getByRole("tab", { name: "Kubernetes" }).click();
  await expect(page).toHaveURL(/show=kubernetes/);
  await expect(rows(page).filter({ hasText: name })).toContainText("KubernetesResource");
  await page.getByRole("tab", { name: "Reads" }).click();
  await expect(rows(page).first()).toContainText(/View|Search|Export/);
  await page.getByRole("tab", { name: "Changes" }).click();
  await applyFilter(page, `entityName = "configmaps/${name}"`);
  await expect(page.getByText(/Of changes and sign-ins, nothing/)).toBeVisible();
  await page.getByRole("button", { name: "Look in everything" }).click();
  await expect(rows(page)).toHaveCount(1);
});
