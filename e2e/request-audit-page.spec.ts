import type { Page } from "@playwright/test";
import Papa from "papaparse";
import { findCalls, getApi, waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import {
  ALL_COLUMNS,
  applyFilter,
  expectedRow,
  REQUEST_AUDIT_PATH,
  readRow,
  requestAuditUrl,
  rowOf,
} from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const rows = (page: Page) => page.locator("table.audit-table tbody tr[data-no]");
const drawerOf = (page: Page) => page.getByRole("complementary", { name: /^Call / });

/** A configmap made by alice: one call with a body. */
async function makeCall() {
  const name = ownName("seen");
  const stdin = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "b" } });
  await kubectl(["-n", "payments", "apply", "--server-side", "-f", "-"], { stdin });
  const [call] = await waitForCalls(`resourceName = "${name}" AND verb = "patch"`);
  await kubectl(["-n", "payments", "delete", "configmap", name, "--wait=false"], { as: "admin" });
  return { name, call: call! };
}

test("opens on today, newest first; the columns chooser shows every column of a call", async ({
  auditorPage: page,
}) => {
  const { call } = await makeCall();
  await page.goto(REQUEST_AUDIT_PATH);
  await expect(page.getByRole("button", { name: /^Time range: Today 00:00 – 23:59/ })).toBeVisible();
  await expect(rowOf(page, call.no)).toBeVisible();
  const numbers = await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-no")));
  // By their time: of calls side by side, the one that ended first has the lower number.
  const times = new Map((await findCalls("")).map(({ no, executedAt }) => [String(no), executedAt]));
  const shown = numbers.slice(0, 5).map((no) => times.get(no!));
  expect(shown).toEqual(shown.toSorted().toReversed());
  await page.keyboard.press("c");
  const chooser = page.getByRole("list", { name: "Columns" });
  for (const title of ALL_COLUMNS) {
    const box = chooser.getByRole("checkbox", { name: title, exact: true });
    if (!(await box.isChecked())) await box.click();
  }
  await page.keyboard.press("Escape");
  expect(await readRow(page, call.no)).toEqual(
    expectedRow(call, () => ({ from: Date.now(), to: Date.now() + 1 })),
  );
});

test("the drawer tells all of a call, and copies it", async ({ auditorPage: page }) => {
  const { name, call } = await makeCall();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  await rowOf(page, call.no).click();
  const drawer = drawerOf(page);
  for (const text of [
    ...["Alice Moreau", "alice@acme.example", "127.0.0.1", call.clientName!, "CLI", call.clusterEndpoint!],
    ...["developer", "kubewitness:developer", "HTTP 201", "kubectl apply", "client’s own claim"],
    `kubectl apply configmaps/${name} -n payments`,
    ...[`configmaps/${name}`, "apiVersion: v1", `name: ${name}`, "kept whole"],
  ]) {
    await expect(drawer).toContainText(text);
  }
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await drawer.getByRole("button", { name: "Copy body" }).click();
  await expect.poll(clipboard).toContain(`  name: ${name}\n`);
  await drawer.getByRole("button", { name: "Copy as JSON" }).click();
  // Until it is copied, the clipboard has the body, which is no JSON.
  await expect.poll(clipboard).toMatch(/^\{/);
  expect(JSON.parse(await clipboard())).toMatchObject({ ...call, requestBodyTruncated: false });
  await drawer.getByRole("button", { name: "Copy link" }).click();
  await expect.poll(clipboard).toContain(`${REQUEST_AUDIT_PATH}/${call.no}?`);
  await drawer.getByRole("button", { name: "Close" }).click();
  await expect(drawer).toBeHidden();
});

test("a command that ended with another exit code than 0 says so in the drawer, too", async ({
  auditorPage: page,
}) => {
  await kubectl(["-n", "payments", "exec", "postgres-0", "--", "sh", "-c", "exit 3"]);
  const filter = `resourceName = "postgres-0" AND exitCode = 3`;
  const [call] = await waitForCalls(filter);
  await page.goto(requestAuditUrl({ filter }));
  await rowOf(page, call!.no).click();
  await expect(drawerOf(page).locator(".verdict .line")).toHaveText(
    /^Exit 3\s*Success, HTTP 101, exit code 3$/,
  );
});

test("another time zone shows the same moment by its own clock, and stays", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  const clockIn = (timeZone: string) => new Date(call.executedAt).toLocaleTimeString("en-GB", { timeZone });
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  await expect(rowOf(page, call.no)).toContainText(clockIn("Europe/Berlin"));
  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("menuitem", { name: /^Time zone/ }).click();
  await page.getByPlaceholder("City or zone").fill("Osaka");
  await page.getByRole("option", { name: /Asia\/Tokyo/ }).click();
  await expect(rowOf(page, call.no)).toContainText(clockIn("Asia/Tokyo"));
  await page.reload();
  await expect(rowOf(page, call.no)).toContainText(clockIn("Asia/Tokyo"));
});

test("the theme is chosen and stays", async ({ auditorPage: page }) => {
  await page.goto(REQUEST_AUDIT_PATH);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const theme of ["Dark", "Light"] as const) {
    await page.getByRole("button", { name: /^Account:/ }).click();
    await page.getByRole("menuitemradio", { name: theme }).click();
    const expected = theme === "Dark" ? "rgb(15, 17, 20)" : "rgb(255, 255, 255)";
    await expect.poll(background).toBe(expected);
    await page.reload();
    await expect.poll(background).toBe(expected);
  }
});

test("the search field finds people and clusters", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("/");
  await page.keyboard.type("chidi");
  await expect(page.getByRole("heading", { name: "No calls match" })).toBeVisible();
  await page.getByRole("searchbox").fill("Moreau");
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/search=Moreau/);
});

test("the brush is moved by keys, zooms in and goes", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  await expect(rows(page)).toHaveCount(1);
  const plot = page.getByRole("group", { name: /^Calls per/ });
  await plot.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".range-chip")).toContainText("1 call");
  const brush = () => new URL(page.url()).searchParams.get("brush");
  await expect.poll(brush).not.toBeNull();
  const first = brush();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(brush).not.toBe(first);
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect.poll(brush).toBeNull();
  await expect.poll(() => new URL(page.url()).searchParams.get("from")).toMatch(/^\d{4}-.*Z$/);
  await expect(rows(page)).toHaveCount(1);
});

test("a network that fails says so, and the page heals by itself", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  const list = (url: URL) => url.pathname === "/api/v1/request-audit";
  await page.route(list, (route) => route.abort());
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  // The count is known, the rows are not.
  await expect(page.locator(".count-line [role=status]").first()).toHaveText("1 call");
  await expect(page.getByText("The calls could not be loaded")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("The calls could not be loaded")).toBeVisible();
  await page.unroute(list);
  await expect(rowOf(page, call.no)).toBeVisible();
});

test("an address with a filter that cannot be read says where, and clears", async ({ auditorPage: page }) => {
  await page.goto(requestAuditUrl({ filter: 'verb = "get" AND (' }));
  await expect(page.getByRole("alert").filter({ hasText: "The filter cannot be read" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filter" }).last().click();
  await expect(rows(page).first()).toBeVisible();
});

test("a call that is not there says so", async ({ auditorPage: page }) => {
  await page.goto(`${REQUEST_AUDIT_PATH}/999999999`);
  await expect(page.getByText("There is no such call")).toBeVisible();
});

test("refreshing brings what came since", async ({ auditorPage: page }) => {
  const name = ownName("refreshed");
  await page.goto(requestAuditUrl({ filter: `resourceName = "${name}"` }));
  await expect(page.getByRole("heading", { name: "No calls match" })).toBeVisible();
  await kubectl(["-n", "payments", "get", "configmap", name]);
  await waitForCalls(`resourceName = "${name}"`);
  await page.keyboard.press("r");
  await expect(rows(page)).toHaveCount(1);
});

test("a view is saved, opened again, marked, renamed, replaced and deleted", async ({
  auditorPage: page,
}) => {
  const name = ownName("view");
  const filter = `resourceName = "${name}"`;
  await page.goto(requestAuditUrl({ filter }));
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("textbox", { name: "Name of the view" }).fill(name);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("View saved")).toBeVisible();
  await page.goto(REQUEST_AUDIT_PATH);
  const openViews = () => page.getByRole("button", { name: "Saved views" }).click();
  const item = (label: string) => page.getByRole("button", { name: label });
  const choose = async (label: string, action: string) => {
    await page.getByRole("button", { name: `Actions for ${label}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await openViews();
  await expect(item(name).first()).not.toHaveAttribute("aria-current");
  await item(name).first().click();
  await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe(filter);
  await openViews();
  await expect(item(name).first()).toHaveAttribute("aria-current", "true");
  await choose(name, "Rename");
  await page.getByRole("textbox", { name: `New name of ${name}` }).fill(`${name}-renamed`);
  await page.keyboard.press("Enter");
  const renamed = `${name}-renamed`;
  await expect(item(renamed).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await applyFilter(page, `${filter} AND verb = "get"`);
  await openViews();
  await choose(renamed, "Replace with what is shown");
  await page.getByRole("alertdialog").getByRole("button", { name: "Replace" }).click();
  await expect(page.getByText("View replaced")).toBeVisible();
  await page.goto(REQUEST_AUDIT_PATH);
  await openViews();
  await item(renamed).first().click();
  await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toContain('verb = "get"');
  await openViews();
  await choose(renamed, "Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await openViews();
  await expect(item(renamed)).toHaveCount(0);
});

test("the CSV of the page opens, and has what the API's NDJSON has", async ({ auditorPage: page }) => {
  const name = ownName("exported");
  for (const args of [["-o=name"], ["-o=yaml"], ["--as==SUM(A1)"]]) {
    await kubectl(["-n", "payments", "get", "configmap", name, ...args]);
  }
  const filter = `resourceName = "${name}"`;
  await waitForCalls(filter, 3);
  await page.goto(requestAuditUrl({ filter }));
  await expect(rows(page)).toHaveCount(3);
  const download = page.waitForEvent("download");
  await page.keyboard.press("e");
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  const csv = (await (await (await download).createReadStream()).toArray()).join("");
  expect(csv.startsWith("\uFEFF")).toBe(true);
  const table = Papa.parse<Record<string, string>>(csv.slice(1), {
    header: true,
    skipEmptyLines: true,
  });
  expect(table.errors).toEqual([]);
  const query = new URLSearchParams({ filter, from: "2022-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z" });
  const ndjson = await getApi(`/api/v1/request-audit?${query}`, { accept: "application/x-ndjson" });
  const lines = (await ndjson.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(table.data.map(({ no, message, httpStatus }) => [no, message, httpStatus])).toEqual(
    lines.map(({ no, message, httpStatus }) => [String(no), message, String(httpStatus)]),
  );
  // A spreadsheet would run what begins with "=".
  expect(lines[0].impersonatedUser).toBe("=SUM(A1)");
  expect(table.data[0]!.impersonatedUser).toBe("'=SUM(A1)");
});

test("commands stand with the calls that they became", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  await page.goto(requestAuditUrl({ filter: `sessionId = "${call.sessionId}"` }));
  await page.getByRole("tab", { name: "Commands" }).click();
  const command = page.locator(".commands-table tbody tr");
  await expect(command).toHaveCount(1);
  await expect(command).toContainText("kubectl apply");
  await expect(command).toContainText("composed claim");
  await command.getByRole("button", { name: "kubectl apply" }).click();
  await expect(rowOf(page, call.no)).toBeVisible();
  await applyFilter(page, "");
  await expect.poll(() => rows(page).count()).toBeGreaterThan(1);
});

test("a resource's name with an override of the direction of text reorders nothing beside it", async ({
  auditorPage: page,
}) => {
  const name = `${ownName("reorder")}\u202egnp.exe`;
  await kubectl(["-n", "payments", "get", "configmap", name]);
  const [call] = await waitForCalls(`resourceName = "${name}"`);
  await page.goto(requestAuditUrl({ filter: `no = ${call!.no}` }));
  const row = rowOf(page, call!.no);
  const isolated = (text: string) => row.getByText(text, { exact: true });
  for (const text of [name, call!.name!]) await expect(isolated(text)).toHaveCSS("unicode-bidi", "isolate");
});

test("a copied link shows the same on any day: its range is by the clock", async ({ auditorPage: page }) => {
  const { call } = await makeCall();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(requestAuditUrl({ filter: `no = ${call.no}` }));
  await rows(page).first().click();
  await drawerOf(page).getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Link copied")).toBeVisible();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.pathname).toMatch(new RegExp(`/${call.no}$`));
  for (const name of ["from", "to"]) expect(link.searchParams.get(name)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test("a day that is written into the filter is offered as the range", async ({ auditorPage: page }) => {
  await page.goto(REQUEST_AUDIT_PATH);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("f");
  await page.keyboard.type("yesterday");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=yesterday&to=yesterday/);
  await expect(page.getByRole("combobox", { name: "Filter expression" })).toHaveValue("");
});
