import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

test("all the way by keyboard: sign in, filter, open, read, jump, leave", async ({ page }) => {
  const name = ownName("by-keyboard");
  for (const output of ["name", "yaml"]) {
    await kubectl(["-n", "payments", "get", "configmap", name, "-o", output]);
  }
  await waitForCalls(`resourceName = "${name}"`, 2);
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Tabs on until something of that name has the focus. */
  const tabTo = async (wanted: RegExp) => {
    for (let step = 0; step < 40; step += 1) {
      await press("Tab");
      const focused = page.locator(":focus");
      const said = await focused.evaluate(
        (element) => element.getAttribute("aria-label") ?? element.textContent,
      );
      if (wanted.test(said ?? "")) return;
    }
    throw new Error(`Tab never came to ${wanted}`);
  };

  await page.goto("/audit/kubernetes/request-audit?from=now-2h&to=now");
  await expect(page.getByRole("button", { name: /^Continue with/ })).toBeEnabled();
  await tabTo(/^Continue with/);
  await press("Enter");
  await expect(page.getByRole("heading", { name: "Choose a person" })).toBeVisible();
  await tabTo(/Chidi Okonkwo/);
  await press("Enter");

  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows.first()).toBeVisible();
  await press("f");
  await page.keyboard.type(`resourceName = "${name}"`);
  await press("Escape", "Enter");
  await expect(rows).toHaveCount(2);
  await press("j", "j");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
  await press("k");
  await expect(rows.first()).toHaveAttribute("aria-selected", "true");
  await press("Enter");
  const drawer = page.getByRole("complementary", { name: /^Call / });
  await expect(drawer).toContainText(`configmaps/${name}`);
  const opened = page.url();
  await press("j");
  await expect(page).not.toHaveURL(opened);
  await press("Escape");
  await expect(drawer).toBeHidden();

  await press("?");
  await expect(page.getByRole("dialog")).toContainText("Next, previous");
  await press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Event History");
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Event History" })).toBeVisible();

  await tabTo(/^Account:|Account: Chidi/);
  await press("Enter");
  // The menu takes the focus a moment after it is drawn.
  await expect(page.getByRole("menu").locator(":focus")).toBeVisible();
  await press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await press("Enter");
  await expect(page.getByText("You are signed out.")).toBeVisible();
});

test("columns are made wider and narrower by keyboard, by one stop of the Tab key", async ({
  auditorPage: page,
}) => {
  await page.goto("/audit/kubernetes/request-audit?from=now-2h&to=now");
  const edges = page.getByRole("separator", { name: /^Width of / });
  await expect(edges.first()).toBeVisible();
  await expect(page.locator('[role=separator][tabindex="0"]')).toHaveCount(1);
  await edges.first().focus();
  const width = async () => Number(await page.locator(":focus").getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(edges.nth(2)).toBeFocused();
  const before = await width();
  await page.keyboard.press("ArrowRight");
  await expect.poll(width).toBe(before + 8);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(width).toBe(before - 8);
  await page.keyboard.press("Enter");
  await expect.poll(width).toBe(before);
  await expect(page.locator('[role=separator][tabindex="0"]')).toHaveAccessibleName(/^Width of Result/);
});

test("with single keys off, rows are still reached, opened and left; the focus goes along", async ({
  auditorPage: page,
}) => {
  const name = ownName("arrows");
  for (const output of ["name", "yaml"]) {
    await kubectl(["-n", "payments", "get", "configmap", name, "-o", output]);
  }
  await waitForCalls(`resourceName = "${name}"`, 2);
  await page.goto(`/audit/kubernetes/request-audit?filter=${encodeURIComponent(`resourceName = "${name}"`)}`);
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows).toHaveCount(2);
  await page.keyboard.press("?");
  await page.getByRole("checkbox").click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: /^Call / });
  await expect(drawer).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(rows.nth(1)).toBeFocused();
  // One Esc closes one thing: the row is still the one that is read.
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "false");
});

test("a key is known by its place on layouts without Latin letters, and left to the input method", async ({
  auditorPage: page,
}) => {
  await page.goto("/audit/kubernetes/request-audit");
  await expect(page.getByRole("heading", { level: 1, name: "Request Audit" })).toBeVisible();
  const field = page.getByRole("combobox", { name: "Filter expression" });
  const press = (init: object) =>
    page.evaluate((event) => {
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...event }));
    }, init);
  await expect(async () => {
    await press({ key: "а", code: "KeyF" });
    await expect(field).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.type('name = "ㄱ');
  await press({ key: "Enter", isComposing: true });
  await press({ key: "Escape", isComposing: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('name = "ㄱ');
});

test("an address that no page has is said within the console", async ({ auditorPage: page }) => {
  const response = await page.goto("/audit/no-such-page");
  expect(response?.status()).toBe(404);
  await expect(page).toHaveTitle(/Not found/);
  await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Request Audit" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Request Audit" })).toBeVisible();
});
