import { expectNoViolations } from "./support/accessibility.ts";
import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const name = ownName("seen");
test.beforeAll(async () => {
  await kubectl(["-n", "payments", "get", "configmap", name]);
  await waitForCalls(`resourceName = "${name}"`);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`Request Audit in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });

    test("keeps WCAG 2.2 AA: list, drawer and builder", async ({ auditorPage: page }) => {
      await page.goto(requestAuditUrl({ filter: `resourceName = "${name}"` }));
      const row = page.locator("tr[data-no]").first();
      await expect(row).toBeVisible();
      await expectNoViolations(page);
      await row.click();
      await expect(page.getByRole("complementary", { name: /^Call / })).toContainText("Where");
      await expectNoViolations(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Builder" }).click();
      await expect(page.getByRole("group", { name: "Filter builder" })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("a call is an item of two lines, and nothing scrolls sideways", async ({ auditorPage: page }) => {
    await page.goto(requestAuditUrl({ filter: `resourceName = "${name}"` }));
    const item = page.locator(".call-item[data-no]");
    await expect(item).toContainText(`configmaps/${name}`);
    await expect(item).toContainText("Failure");
    await expectNoViolations(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
