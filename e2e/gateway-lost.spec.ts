import { openCuttableConnection } from "./support/cuttable-connection.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

test("a gateway that is gone is said to be gone, of the record nothing is claimed, and the page heals by itself", async ({
  auditorPage: page,
}) => {
  const prefix = ownName("lost");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("before");
  const way = await openCuttableConnection();
  await page.goto(way.url + requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows).toHaveCount(1);
  const live = page.getByRole("button", { name: "Live", exact: true });
  await expect(live).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".nav-proof")).toContainText("Up to call ");

  await way.cut();
  await expect(live).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^(Stale|Lost)$/ })).toBeVisible();
  await expect(page.locator(".nav-proof")).toContainText("Gateway does not answer");
  await expect(page.getByRole("alert").filter({ hasText: "Not live" })).toBeVisible();
  await expect(page.getByText(/nothing is lost|Recording goes on/)).toHaveCount(0);
  // What could not be read anew stays, and is said to be from before.
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "These calls are from before" })).toBeVisible();
  await expect(rows).toHaveCount(1);
  await call("meanwhile");

  await way.mend();
  await expect(live).toBeVisible();
  await expect(rows).toHaveCount(2);
  await expect(page.locator(".nav-proof")).toContainText("Up to call ");
  await expect(page.locator(".count-line [role=status]").first()).toHaveText("2 calls");
  await way.cut();
});
