import type { Page } from "@playwright/test";
import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { REQUEST_AUDIT_PATH, requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

/** Asks for three configmaps that do not exist: three failures under names of their own. */
async function makeCalls(prefix: string): Promise<void> {
  for (const word of ["one", "two", "three"]) {
    await kubectl(["-n", "payments", "get", "configmap", `${prefix}-${word}`]);
  }
  await waitForCalls(`resourceName:"${prefix}"`, 3);
}

const filterField = (page: Page) => page.getByRole("combobox", { name: "Filter expression" });
const rows = (page: Page) => page.locator("table.audit-table tbody tr[data-no]");
const countLine = (page: Page) => page.locator(".count-line [role=status]").first();
const filterOf = (page: Page) => new URL(page.url()).searchParams.get("filter");

async function openFiltered(page: Page, prefix: string) {
  await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"` }));
  await expect(countLine(page)).toHaveText("3 calls");
  await expect(rows(page)).toHaveCount(3);
}

test.describe("the query bar", () => {
  const prefix = ownName("query");
  test.beforeAll(() => makeCalls(prefix));

  test("counts a draft, points at what is wrong, and applies with Enter", async ({ auditorPage: page }) => {
    await page.goto(requestAuditUrl({}));
    // Before the page's scripts run, nobody takes its keys.
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press("f");
    await expect(filterField(page)).toBeFocused();
    await page.keyboard.type(`resourceNam = "${prefix}-one" AND verb = get`);
    await expect(page.getByText(/^At 1: .*resourceNam/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();

    await filterField(page).fill(`resourceName = "${prefix}-one" AND verb = get`);
    await expect(page.getByText("1 match")).toBeVisible();
    await expect(page.getByRole("listbox", { name: "Completions" })).toBeVisible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await expect(rows(page)).toHaveCount(1);
    await expect.poll(() => filterOf(page)).toBe(`resourceName = "${prefix}-one" AND verb = get`);
  });

  test("completes fields and values, and Esc goes back to what is applied", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await filterField(page).fill("acc");
    await expect(page.getByRole("option", { name: /accessMethod/ })).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(filterField(page)).toHaveValue("accessMethod ");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await expect(filterField(page)).toHaveValue("accessMethod = ");
    await page.keyboard.type("Br");
    await page.keyboard.press("Tab");
    await expect(filterField(page)).toHaveValue("accessMethod = Browser ");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(filterField(page)).toHaveValue(`resourceName:"${prefix}"`);
  });

  test("lets Tab through, and writes nothing by it", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await page.locator('[data-field="search"] input').focus();
    await page.keyboard.press("Tab");
    await expect(filterField(page)).toBeFocused();
    await expect(page.getByRole("listbox", { name: "Completions" })).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Clear filter" })).toBeFocused();
    await expect(filterField(page)).toHaveValue(`resourceName:"${prefix}"`);
    await expect(page.getByRole("listbox", { name: "Completions" })).toHaveCount(0);

    // Also after a draft: what is not begun is not written either.
    await filterField(page).fill("verb = ");
    await page.keyboard.press("Tab");
    await expect(filterField(page)).not.toBeFocused();
    await expect(filterField(page)).toHaveValue("verb = ");
  });

  test("the builder edits the same expression", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await page.getByRole("button", { name: "Builder" }).click();
    const builder = page.getByRole("group", { name: "Filter builder" });
    await builder.getByRole("button", { name: "Add group" }).click();
    for (const name of ["one", "two"]) {
      if (name === "two") await builder.getByRole("button", { name: "Add condition" }).first().click();
      await builder.getByRole("combobox", { name: "Field" }).last().click();
      await page.getByRole("option", { name: "Resource Name" }).click();
      await builder
        .getByRole("button", { name: /^Value of Resource Name/ })
        .last()
        .click();
      await page.getByPlaceholder("Find or type a value").fill(`${prefix}-${name}`);
      await page.keyboard.press("Enter");
    }
    const built = `resourceName:"${prefix}" AND (resourceName = "${prefix}-one" OR resourceName = "${prefix}-two")`;
    await expect(filterField(page)).toHaveValue(built);
    await builder.getByRole("button", { name: "Apply" }).click();
    await expect(rows(page)).toHaveCount(2);
    await expect.poll(() => filterOf(page)).toBe(built);
  });

  test("the builder says what is wrong at the value, and applies nothing of it", async ({
    auditorPage: page,
  }) => {
    await openFiltered(page, prefix);
    await page.getByRole("button", { name: "Builder" }).click();
    const builder = page.getByRole("group", { name: "Filter builder" });
    await builder.getByRole("button", { name: "Add condition" }).first().click();
    await builder.getByRole("combobox", { name: "Field" }).last().click();
    await page.getByRole("option", { name: "Executed At" }).click();
    await builder.getByRole("textbox", { name: "Value of Executed At" }).fill("garbage");
    await expect(builder.getByText(/garbage/)).toBeVisible();
    await expect(builder.getByRole("button", { name: "Apply" })).toBeDisabled();
    await expect(builder.getByText(/building replaces it/)).toHaveCount(0);
    await builder.getByRole("textbox", { name: "Value of Executed At" }).fill("now-2h");
    await expect(builder.getByRole("button", { name: "Apply" })).toBeEnabled();
  });

  test("a filter that cannot be read has no numbers beside it", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await expect(page.locator(".legend")).toBeVisible();
    // Without loading the page anew: what was shown before must go.
    await page.evaluate(() => {
      const url = new URL(window.location.href);
      url.searchParams.set("filter", "executedAt = garbage");
      window.history.pushState(null, "", url);
    });
    await expect(page.getByRole("heading", { name: "The filter cannot be read" })).toBeVisible();
    await expect(countLine(page)).toHaveText(/^\s*$/);
    await expect(page.locator(".legend")).toHaveCount(0);
  });

  test("facets include and exclude", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    const facets = page.getByRole("complementary", { name: "Facets" });
    await facets.getByRole("button", { name: /^Failure/ }).click();
    await expect.poll(() => filterOf(page)).toBe(`resourceName:"${prefix}" AND result = "failure"`);
    await facets.getByRole("button", { name: /^get/ }).click({ modifiers: ["Alt"] });
    await expect(page.getByRole("heading", { name: "No calls match" })).toBeVisible();
    await page.getByRole("button", { name: "Clear filter" }).last().click();
    await expect.poll(() => filterOf(page)).toBeNull();
    await openFiltered(page, prefix);
    await facets.getByRole("button", { name: /^get/ }).press("Alt+Enter");
    await expect.poll(() => filterOf(page)).toBe(`resourceName:"${prefix}" AND verb != "get"`);
    await openFiltered(page, prefix);
    await facets.getByRole("button", { name: "Exclude get" }).click();
    await expect.poll(() => filterOf(page)).toBe(`resourceName:"${prefix}" AND verb != "get"`);
  });

  test("dragging over the histogram selects a part, which Esc clears", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    // The bars are there, whose edges a brush keeps to.
    await expect(page.locator(".legend")).toBeVisible();
    const plot = page.locator(".plot");
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.05, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get("brush")).not.toBeNull();
    await expect(page.locator(".range-chip")).toContainText("0 calls");
    await plot.focus();
    await page.keyboard.press("Escape");
    await expect(rows(page)).toHaveCount(3);
  });
});

test.describe("the rows", () => {
  const prefix = ownName("rows");
  test.beforeAll(() => makeCalls(prefix));

  test("are walked by keys, and the drawer has an address of its own", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("complementary", { name: /^Call / });
    await expect(drawer).toContainText(`configmaps/${prefix}-three`);
    await expect(drawer).toContainText(`configmaps "${prefix}-three" not found`);
    await page.keyboard.press("j");
    await expect(drawer).toContainText(`configmaps/${prefix}-two`);
    await expect(page).toHaveURL(new RegExp(`${REQUEST_AUDIT_PATH}/\\d+\\?`));
    await page.reload();
    await expect(drawer).toContainText(`configmaps/${prefix}-two`);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(rows(page)).toHaveCount(3);
  });

  test("take the keys that were pressed before they came", async ({ auditorPage: page }) => {
    const held = Promise.withResolvers<void>();
    await page.route(/\/api\/v1\/request-audit\?.*limit=50/, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"` }));
    await expect(countLine(page)).toHaveText("3 calls");
    for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
    await expect(rows(page)).toHaveCount(0);
    held.resolve();
    const drawer = page.getByRole("complementary", { name: /^Call / });
    await expect(drawer).toContainText(`configmaps/${prefix}-two`);
  });

  test("columns are chosen, moved and kept in the address", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    await page.keyboard.press("c");
    await page.getByRole("checkbox", { name: "HTTP Status" }).click();
    await page.getByRole("checkbox", { name: "Role" }).click();
    await page.getByRole("button", { name: /^Move Verb/ }).press("ArrowUp");
    await page.keyboard.press("Escape");
    const titles = page.locator("thead .label");
    const expected = [
      "No",
      "Executed At",
      "Result",
      "Verb",
      "Name",
      "Resource",
      "Resource Name",
      "Namespace",
    ];
    await expect.poll(async () => (await titles.allTextContents()).slice(0, 8)).toEqual(expected);
    await page.reload();
    await expect.poll(async () => (await titles.allTextContents()).slice(0, 8)).toEqual(expected);
    await expect(titles.filter({ hasText: "HTTP Status" })).toHaveCount(1);
  });

  test("are exported as they are filtered", async ({ auditorPage: page }) => {
    await openFiltered(page, prefix);
    const download = page.waitForEvent("download");
    await page.keyboard.press("e");
    await page.getByRole("menuitem", { name: /^NDJSON/ }).click();
    const stream = await (await download).createReadStream();
    const lines = (await stream.toArray()).join("").trim().split("\n");
    const exported = lines.map((line) => JSON.parse(line).resourceName);
    expect(exported).toEqual(["three", "two", "one"].map((word) => `${prefix}-${word}`));
    await expect(page.getByText("Export ready")).toBeVisible();
  });
});

test("a search that finds nobody says where it looked, and offers the filter that finds it", async ({
  auditorPage: page,
}) => {
  const prefix = ownName("elsewhere");
  await makeCalls(prefix);
  await page.goto(requestAuditUrl({ search: `${prefix}-one` }));
  await expect(page.getByText(/in the name or email of a person or the name of a cluster/)).toBeVisible();
  await expect(
    page.getByText("1 call has it in Resource Name, Namespace, Command or Message."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Show 1 call" }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect.poll(() => filterOf(page)).toContain(`resourceName:"${prefix}-one"`);
  await expect.poll(() => new URL(page.url()).searchParams.get("search")).toBeNull();
});
