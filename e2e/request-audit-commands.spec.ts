import { AxeBuilder } from "@axe-core/playwright";
import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { REQUEST_AUDIT_PATH } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const prefix = ownName("commands");
const address = `${REQUEST_AUDIT_PATH}?${new URLSearchParams({
  from: "now-2h",
  to: "now",
  view: "commands",
  filter: `resourceName:"${prefix}"`,
})}`;

test.beforeAll(async () => {
  for (const word of ["one", "two", "three"]) {
    await kubectl(["-n", "payments", "get", "configmap", `${prefix}-${word}`]);
  }
  await waitForCalls(`resourceName:"${prefix}"`, 3);
});

test("the keys walk the commands, and Enter shows the calls of one", async ({ auditorPage: page }) => {
  await page.goto(address);
  const commands = page.locator(".commands-table tbody tr");
  await expect(commands).toHaveCount(3);
  await expect(page.locator(".count-line [role=status]").first()).toHaveText("3 commands");
  await expect(commands.first()).toContainText(`kubectl get configmaps/${prefix}-three -n payments`);
  await expect(commands.first().getByText("composed")).toBeVisible();
  await expect(page.getByRole("button", { name: "Columns" })).toHaveCount(0);
  await page.keyboard.press("c");
  await expect(page.getByRole("list", { name: "Columns" })).toHaveCount(0);

  for (const key of ["j", "j", "k", "j"]) await page.keyboard.press(key);
  await expect(commands.nth(1)).toHaveClass(/is-focused/);
  await expect(page.locator(".foot-peek")).toHaveText("2 of 3");
  await page.keyboard.press("Enter");
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows.filter({ hasText: `${prefix}-two` })).toHaveCount(1);
  await expect(rows.filter({ hasText: `${prefix}-one` })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: /^Call / })).toHaveCount(0);
});

test("headings follow each other in both views", async ({ auditorPage: page }) => {
  for (const view of ["commands", "calls"]) {
    await page.goto(address.replace("view=commands", `view=${view}`));
    await expect(page.getByRole("heading", { level: 3, name: "Verb" })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).withRules(["heading-order"]).analyze();
    expect(violations).toEqual([]);
  }
});

test("a claim is named whole beside a long command", async ({ auditorPage: page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(address);
  const claim = page.locator(".commands-table tbody tr").first().getByText("composed claim");
  const [tag, cell] = await claim.evaluate((element) =>
    [element, element.closest("td") ?? element].map((box) => box.getBoundingClientRect().right),
  );
  expect(tag).toBeLessThanOrEqual(cell ?? 0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("a command is an item of two lines, and nothing scrolls sideways", async ({ auditorPage: page }) => {
    await page.goto(address);
    const items = page.getByRole("list", { name: "commands" }).getByRole("button");
    await expect(items).toHaveCount(3);
    await expect(items.first()).toContainText("kubectl get");
    await expect(items.first().getByText("composed claim")).toBeInViewport({ ratio: 1 });
    const sideways = await page
      .locator(".table-scroll")
      .evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  });
});
