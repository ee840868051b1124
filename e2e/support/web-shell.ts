import { expect, type Page } from "@playwright/test";

/** Nobody can run kubectl before it is there: it is fetched after the start. */
const KUBECTL_DEADLINE_MS = 180_000;

/** The terminal of the tab that is shown. */
export const screenOf = (page: Page) => page.getByRole("tabpanel").locator(".xterm-rows");

/** Types a line and Enter. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

/** Opens a terminal from My access, and waits until kubectl runs in it. */
export async function openShell(page: Page, cluster: string): Promise<void> {
  await page.goto("/access/me");
  await page
    .getByRole("row", { name: new RegExp(cluster) })
    .first()
    .getByRole("button")
    .last()
    .click();
  await page.getByRole("menuitem", { name: "Open web shell" }).click();
  await page.waitForURL(/\/access\/shell\?cluster=/);
  await expect(page.getByRole("tabpanel").getByText("Connected")).toBeVisible();
  await expect(async () => {
    await typeLine(page, "clear");
    await typeLine(page, "kubectl version --client");
    await expect(screenOf(page)).toContainText("Client Version", { timeout: 10_000 });
  }).toPass({ timeout: KUBECTL_DEADLINE_MS });
}
