import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const rowsOf = "table.audit-table tbody tr[data-no]";

test("eight tabs of a browser watch over one stream, and all of them load", async ({
  browser,
  cookiesOf,
}) => {
  const context = await browser.newContext({ storageState: await cookiesOf("auditor") });
  const streams = new Set<string>();
  context.on("request", (request) => request.url().includes("/live?") && streams.add(request.url()));
  const prefix = ownName("tabs");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("first");
  const tabs = [];
  for (let count = 0; count < 8; count += 1) {
    const tab = await context.newPage();
    await tab.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
    await expect(tab.locator(rowsOf)).toHaveCount(1);
    tabs.push(tab);
  }
  await call("second");
  for (const tab of tabs) await expect(tab.locator(rowsOf)).toHaveCount(2);
  expect(streams.size).toBe(1);
  await context.close();
});

test("a hidden tab holds no stream, and shows what came when it is seen again", async ({
  auditorPage: page,
}) => {
  const prefix = ownName("hidden");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("first");
  let open = 0;
  const isStream = (url: string) => url.includes("/live?");
  page.on("request", (request) => isStream(request.url()) && open++);
  page.on("requestfailed", (request) => isStream(request.url()) && open--);
  page.on("requestfinished", (request) => isStream(request.url()) && open--);
  await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
  await expect(page.locator(rowsOf)).toHaveCount(1);
  await expect.poll(() => open).toBe(1);
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await expect.poll(() => open).toBe(0);
  await call("second");
  await hide(false);
  await expect(page.locator(rowsOf)).toHaveCount(2);
  await expect.poll(() => open).toBe(1);
});

test("under steady traffic the numbers around the table go on", async ({ auditorPage: page }) => {
  const prefix = ownName("steady");
  const call = (name: string) => kubectl(["-n", "payments", "get", "configmap", `${prefix}-${name}`]);
  await call("first");
  await page.goto(requestAuditUrl({ filter: `resourceName:"${prefix}"`, live: true }));
  await expect(page.locator(rowsOf)).toHaveCount(1);
  const count = page.locator(".count-line [role=status]").first();
  let isGoing = true;
  const traffic = (async () => {
    for (let index = 0; isGoing; index += 1) await call(`more-${index}`);
  })();
  // Counted more than once while calls come without a pause.
  const seen = new Set<string | null>();
  try {
    await expect
      .poll(async () => seen.add(await count.textContent()).size, { timeout: 60_000, intervals: [200] })
      .toBeGreaterThan(3);
  } finally {
    isGoing = false;
    await traffic;
  }
});
