import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

test("a call shows up by itself while watching, and waits while one reads", async ({ auditorPage: page }) => {
  const prefix = ownName("live");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("before");
  await waitForCalls(`resourceName:"${prefix}"`);
  await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Live", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await call("first");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(`${prefix}-first`);
  await expect(page.locator(".count-line [role=status]").first()).toHaveText("2 calls");

  // The drawer is open: the viewer reads.
  await rows.first().click();
  await expect(page.getByRole("complementary", { name: /^Call / })).toBeVisible();
  await call("second");
  await expect(page.getByText("1 new call while you read")).toBeVisible();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText(`${prefix}-second`);
});

test("a row that the keys are at is being read, until one steps off it", async ({ auditorPage: page }) => {
  const prefix = ownName("focused");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("before");
  await waitForCalls(`resourceName:"${prefix}"`);
  await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows).toHaveCount(1);
  await page.keyboard.press("j");
  await expect(rows.first()).toHaveAttribute("aria-selected", "true");
  await call("first");
  await expect(page.getByText("1 new call while you read")).toBeVisible();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(rows).toHaveCount(2);
  await call("second");
  await expect(rows).toHaveCount(3);
});

test("alice sees her own calls and no others", async ({ alicePage: page }) => {
  const name = ownName("own");
  for (const person of ["alice", "admin"] as const) {
    await kubectl(["-n", "payments", "get", "configmap", name], { as: person });
  }
  await waitForCalls(`resourceName = "${name}"`, 2);
  await page.goto(requestAuditUrl({ filter: `resourceName = "${name}"` }));
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("Alice Moreau");
});
