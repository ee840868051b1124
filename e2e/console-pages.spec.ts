import { expectNoViolations } from "./support/accessibility.ts";
import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { expect, test } from "./support/test.ts";

/** Every page behind the navigation, and what is there once it has loaded. */
const PAGES: readonly [path: string, title: string, shows: string][] = [
  ["/audit/overview", "Overview", "Top people"],
  ["/audit/alerts", "Alerts", "alert"],
  ["/audit/alerts/channels", "Channels", "channel"],
  ["/oauth/device?user_code=BCDF-GHJK", "Sign in a device", "kubewitness login --device"],
  ["/access/me", "My access", "kubectl --kubeconfig"],
  ["/access/sessions", "My sessions and tokens", "This one"],
  ["/access/security", "My security", "Recovery codes"],
  ["/access/roles?role=developer", "Roles", "kubewitness:developer"],
  ["/access/requests", "Requests", "You have asked for nothing yet"],
  ["/access/grants", "Grants", "payments-developers"],
  [
    "/access/simulator?subject=alice@acme.example&resource=pods&cluster=demo&namespace=payments",
    "Simulator",
    "role developer allows it by rule 1",
  ],
  ["/infrastructure/clusters", "Clusters", "demo"],
  ["/infrastructure/agents", "Agents", "agent"],
  ["/infrastructure/projects", "Projects", "project"],
  ["/infrastructure/departments", "Departments", "department"],
  ["/infrastructure/node-pools", "Node pools", "node pool"],
  ["/administration/users", "Users", "alice@acme.example"],
  ["/administration/groups", "Groups", "platform-admins"],
  ["/administration/provisioning", "Provisioning", "/scim/v2"],
  ["/administration/applications", "Applications", "demo-reader"],
  ["/administration/webhooks", "Webhooks", "Nobody is told yet"],
  ["/administration/streams", "Streams", "stream"],
  ["/administration/api-keys", "API keys", "kubeconfig of the demo"],
  ["/administration/providers", "Providers", "single sign-on"],
  ["/administration/settings", "Settings", "audit.retention_days"],
  ["/docs/api?operation=listRequestAudit", "API reference", "/api/v1/request-audit"],
];

test.beforeAll(async () => {
  await kubectl(["-n", "payments", "get", "pods"]);
  await waitForCalls('resource = "pods"');
});

for (const [path, title, shows] of PAGES) {
  test(`${title} shows what it is for and keeps WCAG 2.2 AA`, async ({ auditorPage: page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(page.getByRole("main")).toContainText(shows);
    await expectNoViolations(page, { beyond: true });
    await page.emulateMedia({ colorScheme: "dark" });
    await expectNoViolations(page, { beyond: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    // A list is drawn anew once the page has heard of its new width.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
      .toBeLessThanOrEqual(0);
  });
}

test("a list sorts by the column that is pressed; the address keeps it", async ({ auditorPage: page }) => {
  await page.goto("/administration/users");
  const names = page.locator("tbody tr td:first-child");
  const heading = page.getByRole("columnheader", { name: "Email" });
  const byEmail = ["Alice Moreau", "Chidi Okonkwo", "Lena Hoffmann"];
  await heading.getByRole("button").click();
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  await expect(names).toHaveText(byEmail);
  await heading.getByRole("button").press("Enter");
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  await expect(names).toHaveText(byEmail.toReversed());
  await expect(page).toHaveURL(/sort=-email/);
  await page.reload();
  await expect(names).toHaveText(byEmail.toReversed());
  await heading.getByRole("button").click();
  await expect(heading).not.toHaveAttribute("aria-sort");
  await expect(page).not.toHaveURL(/sort=/);
});

test("an auditor sees no control that changes anything", async ({ auditorPage: page }) => {
  for (const [path, , shows] of PAGES.filter(([path]) => /^\/(access\/grants|infra|admin)/.test(path))) {
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText(shows);
    await expect(
      page.getByRole("button", { name: /^(Add |Grant access|Import|Join|Actions for)/ }),
    ).toHaveCount(0);
  }
});

test("a user without a console role sees their own access and no more", async ({ alicePage: page }) => {
  await page.goto("/access/me");
  await expect(page.getByRole("main")).toContainText("developer");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveText([
    "Request Audit",
    "Event History",
    "Pod sessions",
    "My access",
    "My security",
    "My sessions and tokens",
    "Requests",
  ]);
  for (const path of ["/administration/users", "/access/grants", "/audit/overview"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "This page is not for you" })).toBeVisible();
  }
});
