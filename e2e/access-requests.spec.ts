import type { Locator, Page } from "@playwright/test";
import { waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { startCommand } from "./support/running-command.ts";
import { expect, test } from "./support/test.ts";

// An installation of its own: a role that can be asked for, and taken at once.
test.use({ installationOf: "access requests" });

const ROLE = `apiVersion: kubewitness.io/v1
kind: Role
metadata: {name: on-call, description: To mend what is broken at night.}
spec:
  rules: [{effect: allow, apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}]
  kubernetes: {groups: ["kubewitness:cluster-admin"]}
  requests:
    requestable: true
    approverRoles: [cluster-admin]
    maxDuration: 4h
    breakGlass: {groups: [payments-developers]}
`;
const PODS = ["-n", "kube-system", "get", "pods", "-o", "name"];

async function choose(page: Page, field: string, option: string) {
  await page.getByRole("combobox", { name: field, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Fills the dialog that asks for the role, but for the reason. */
async function fillRequest(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Request access…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Request access" });
  await choose(page, "Role", "on-call");
  await choose(page, "Where", "demo");
  await dialog.getByLabel("Namespaces").fill("kube-system");
  return dialog;
}

const requestDrawer = (page: Page) => page.getByRole("complementary", { name: /^(Request|Break-glass)$/ });

test.beforeAll(async ({ browser, cookiesOf }) => {
  const context = await browser.newContext({ storageState: await cookiesOf("admin") });
  await callConsole(await context.newPage(), "POST", "/api/v1/roles", { yaml: ROLE });
  await context.close();
});

test("a person asks, an approver gives less, and it ends with all that runs by it", async ({
  alicePage,
  adminPage,
}) => {
  expect((await kubectl(PODS)).stderr).toContain("cannot list");

  await alicePage.goto("/access/me");
  const dialog = await fillRequest(alicePage);
  await dialog.getByRole("button", { name: "Request access" }).click();
  await expect(dialog.getByText("Say what it is for.")).toBeVisible();
  await choose(alicePage, "For how long", "2 hours");
  await dialog.getByLabel("Reason").fill("INC-42: coredns restarts");
  await dialog.getByRole("button", { name: "Request access" }).click();
  await expect(dialog).toBeHidden();
  await expect(alicePage.getByText("Waits for an answer")).toBeVisible();

  await adminPage.goto("/access/requests");
  await expect(adminPage.getByRole("link", { name: /Requests 1 open/ })).toBeVisible();
  await adminPage.getByText("INC-42: coredns restarts").click();
  await expect(requestDrawer(adminPage)).toContainText("on-call for alice@acme.example");
  await requestDrawer(adminPage).getByRole("button", { name: "Approve…" }).click();
  const approving = adminPage.getByRole("dialog", { name: "Approve this request?" });
  await choose(adminPage, "For how long", "15 minutes");
  await approving.getByLabel("Word").fill("a quarter will do");
  await approving.getByRole("button", { name: "Approve" }).click();
  await expect(requestDrawer(adminPage)).toContainText("a quarter will do");

  await expect.poll(async () => (await kubectl(PODS)).code).toBe(0);
  const watch = await startCommand([...PODS, "--watch"]);
  await watch.untilOutput("pod/");
  const [call] = await waitForCalls(
    'verb = "list" AND namespace = "kube-system" AND grantOrigin = "request"',
  );
  await adminPage.goto(`/audit/kubernetes/request-audit/${call!.no}?from=today-1d&to=today`);
  await adminPage.getByRole("link", { name: "A request for access" }).click();
  await expect(requestDrawer(adminPage)).toContainText("Active");
  await expect(
    requestDrawer(adminPage)
      .getByRole("link", { name: /^list.*kube-system/ })
      .first(),
  ).toBeVisible();

  await alicePage.goto("/access/requests?scope=mine");
  await alicePage.getByText("INC-42: coredns restarts").click();
  await requestDrawer(alicePage).getByRole("button", { name: "End…" }).click();
  const ending = alicePage.getByRole("dialog", { name: "End this access now?" });
  await ending.getByLabel("Reason").fill("mended");
  await ending.getByRole("button", { name: "End access" }).click();
  await expect(requestDrawer(alicePage)).toContainText("Ended early");
  await watch.ended();
  const [end] = await waitForCalls('verb = "watch" AND namespace = "kube-system" AND stage = "end"');
  expect(end).toMatchObject({ message: "Watch ended: access was revoked" });
  await expect.poll(async () => (await kubectl(PODS)).stderr).toContain("cannot list");
});

test("break-glass counts at once, is seen by administrators and marked, until somebody ends it", async ({
  alicePage,
  adminPage,
}) => {
  await alicePage.goto("/access/requests");
  const dialog = await fillRequest(alicePage);
  await choose(alicePage, "How", "Take it at once, in an emergency");
  await dialog.getByLabel("Reason").fill("production is down");
  await dialog.getByRole("button", { name: "Break glass" }).click();
  await expect(dialog).toBeHidden();
  const banner = (page: Page) => page.getByRole("alert").filter({ hasText: "Break-glass:" });
  await expect(banner(alicePage)).toContainText("you have on-call on demo: kube-system");
  await adminPage.goto("/audit/overview");
  await expect(banner(adminPage)).toContainText("alice@acme.example has on-call on demo: kube-system");

  await expect.poll(async () => (await kubectl(PODS)).code).toBe(0);
  const [call] = await waitForCalls('grantOrigin = "break_glass" AND verb = "list"');
  await adminPage.goto(`/audit/kubernetes/request-audit/${call!.no}?from=today-1d&to=today`);
  await expect(adminPage.getByRole("link", { name: "Break-glass" })).toBeVisible();

  await banner(adminPage).getByRole("link", { name: "See it" }).click();
  await requestDrawer(adminPage).getByRole("button", { name: "End…" }).click();
  await adminPage.getByRole("dialog").getByRole("button", { name: "End access" }).click();
  await expect(banner(adminPage)).toBeHidden();
  await expect.poll(async () => (await kubectl(PODS)).stderr).toContain("cannot list");

  await alicePage.setViewportSize({ width: 390, height: 844 });
  await alicePage.goto("/access/requests?scope=mine");
  await expect(alicePage.getByText(/production is down/).first()).toBeVisible();
  await expect.poll(() => alicePage.evaluate(() => document.body.scrollWidth)).toBeLessThanOrEqual(390);
});
