import { AxeBuilder } from "@axe-core/playwright";
import { RECORDED_SOON } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { REQUEST_AUDIT_PATH } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";
import { openShell, screenOf, typeLine } from "./support/web-shell.ts";

const { name, namespace, pod } = CLUSTER;

test.describe.configure({ timeout: 300_000 });

test("opens from My access; kubectl, a pipe and a session inside work, and all of it is on the record", async ({
  alicePage: page,
  auditorPage,
}) => {
  await openShell(page, name);
  const screen = screenOf(page);
  await typeLine(page, `kubectl get pods -n ${namespace}`);
  await expect(screen).toContainText(pod.name);
  await typeLine(page, "clear");
  const piped = `kubectl get pods -n ${namespace} -o name | grep ${pod.name}`;
  await typeLine(page, piped);
  await expect(screen).toContainText(`pod/${pod.name}`);

  await typeLine(page, `kubectl exec -it -n ${namespace} ${pod.name} -- sh`);
  await expect(async () => {
    await typeLine(page, "echo inside-$((40 + 2))");
    await expect(screen).toContainText("inside-42", { timeout: 3_000 });
  }).toPass();
  await typeLine(page, "exit");
  // What is typed before the session in the pod has ended is its own.
  await expect(screen).toContainText(/# exit.*\$\s*$/s);
  await typeLine(page, "kubectl nonsense");
  await expect(screen).toContainText("kubectl nonsense");

  // The page is loaded again: the screen is there.
  await page.reload();
  await expect(page.getByRole("tabpanel").getByText("Connected")).toBeVisible();
  await expect(screenOf(page)).toContainText("inside-42");
  await typeLine(page, "ctx");
  await expect(screenOf(page)).toContainText(name);

  await auditorPage.goto(
    `${REQUEST_AUDIT_PATH}?${new URLSearchParams({ view: "commands", filter: "accessMethod = Browser", from: "now-1h", to: "now" })}`,
  );
  const commands = auditorPage.locator(".commands-table tbody tr");
  const command = commands.filter({ hasText: piped }).first();
  await expect(command).toContainText("Success");
  await expect(command.getByText("claim")).toHaveCount(0);
  // It was typed a moment ago, and may not have been on the record when the page was opened.
  await expect(async () => {
    await auditorPage.keyboard.press("r");
    const nonsense = commands.filter({ hasText: "kubectl nonsense" }).first();
    await expect(nonsense).toContainText("Exit", { timeout: 2_000 });
  }).toPass(RECORDED_SOON);
  await command.click();
  const calls = auditorPage.locator("table.audit-table tbody tr[data-no]");
  // Until the command's own calls are there, those of the former filter stay; only they have the session inside.
  await expect(auditorPage.locator(".table-frame", { has: calls })).toHaveAttribute("aria-busy", "false");
  await expect(calls.filter({ hasText: "exec" })).toHaveCount(0);
  await calls.first().click();
  const drawer = auditorPage.getByRole("complementary", { name: /^Call / });
  await expect(drawer).toContainText(piped);
  await expect(drawer).toContainText("Browser");

  await typeLine(page, "exit");
  await expect(page.getByText("The terminal has ended.")).toBeVisible();
  await expect(page.getByText("You left the shell.")).toBeVisible();
  await page.getByRole("link", { name: "Session recording" }).click();
  await expect(page).toHaveURL(/\/audit\/kubernetes\/recordings\//);
  // Where one has ended, the address opens another.
  await page.goto(`/access/shell?cluster=${name}`);
  await expect(page.getByRole("tabpanel").getByText("Connected")).toBeVisible();
});

test("ends when the person signs out, and says why", async ({ browser, cookiesOf, baseURL }) => {
  void cookiesOf;
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto("/signin?callbackUrl=/access/me");
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await page.getByRole("button", { name: "Alice Moreau" }).click();
  await page.waitForURL(/\/access\/me/);
  await page.goto(`/access/shell?cluster=${name}`);
  await expect(page.getByRole("tabpanel").getByText("Connected")).toBeVisible();
  const other = await context.newPage();
  await other.goto("/access/me");
  await other.getByRole("button", { name: /^Account: / }).click();
  await other.getByRole("menuitem", { name: /Sign out/ }).click();
  await expect(page.getByText("Your console session has ended. Sign in again.")).toBeVisible();
  await context.close();
});

test("is reached by keys, reads well, and fits a phone", async ({ alicePage: page }) => {
  await page.goto(`/access/shell?cluster=${name}`);
  await expect(page.getByRole("tabpanel").getByText("Connected")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).exclude(".xterm").analyze();
  expect(violations).toEqual([]);
  await page.getByRole("tabpanel").locator("textarea").focus();
  await page.keyboard.press("Control+F6");
  await expect(page.getByRole("tab", { name })).toBeFocused();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("toolbar", { name: "Keys" })).toBeVisible();
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(sideways).toBeLessThanOrEqual(0);
});
