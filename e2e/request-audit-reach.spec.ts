import type { Page } from "@playwright/test";
import { getApi } from "./support/audit-api.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { seedCalls } from "./support/seed-calls.ts";
import { expect, test } from "./support/test.ts";

const ROWS = 100_000;
const DAY = 86_400_000;
/** A day that is over, of which nothing else is known. */
const to = Math.floor(Date.now() / DAY) * DAY - 20 * DAY;
const window = { from: new Date(to - DAY).toISOString(), to: new Date(to).toISOString() };
const list = async (query: object) =>
  (await getApi(`/api/v1/request-audit?${new URLSearchParams({ ...window, ...query })}`)).json();

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const { entries } = await list({ limit: "1" });
  if (entries.length === 0) await seedCalls({ count: ROWS, from: to - DAY, to: to - 1 });
});

const rows = (page: Page) => page.locator("table.audit-table tbody tr[data-no]");
const numbersOf = (page: Page) =>
  rows(page).evaluateAll((all) => all.map((row) => Number(row.getAttribute("data-no"))));

async function open(page: Page): Promise<void> {
  await page.goto(requestAuditUrl(window));
  await expect(rows(page).first()).toBeVisible();
  await expect(page.locator(".count-line [role=status]")).toHaveText("100,000 calls");
}

test("the last of a hundred thousand rows is one key away, and the first another", async ({
  auditorPage: page,
}) => {
  const { entries: oldest } = await list({ order: "oldest", limit: "30" });
  await open(page);
  const [newest] = await numbersOf(page);
  const requests: string[] = [];
  page.on("request", (request) => request.url().includes("/request-audit?") && requests.push(request.url()));
  await page.keyboard.press("End");
  await expect.poll(async () => (await numbersOf(page)).at(-1)).toBe(oldest[0].no);
  await expect
    .poll(async () => (await numbersOf(page)).slice(-20))
    .toEqual(
      oldest
        .slice(0, 20)
        .map(({ no }: { no: number }) => no)
        .toReversed(),
    );
  await expect(rows(page).last()).toHaveAttribute("aria-rowindex", String(ROWS + 1));
  expect(requests.length).toBeLessThan(6);
  await page.keyboard.press("Home");
  await expect.poll(async () => (await numbersOf(page))[0]).toBe(newest);
});

test("PageDown turns page after page, and the keys go on from there", async ({ auditorPage: page }) => {
  await open(page);
  const before = Number(await rows(page).first().getAttribute("aria-rowindex"));
  for (let turn = 0; turn < 10; turn += 1) await page.keyboard.press("PageDown");
  await expect
    .poll(async () => Number(await rows(page).first().getAttribute("aria-rowindex")))
    .toBeGreaterThan(before + 80);
  // A row that is on its way cannot be stepped on.
  await expect(page.locator("table.audit-table tbody tr:not([data-no], .spacer)")).toHaveCount(0);
  await page.keyboard.press("j");
  const focused = page.locator("tr[aria-selected=true]");
  await expect(focused).toHaveCount(1);
  expect(Number(await focused.getAttribute("aria-rowindex"))).toBeGreaterThan(before + 80);
});

test("the head of the time turns the order round, and the address keeps it", async ({
  auditorPage: page,
}) => {
  const { entries: oldest } = await list({ order: "oldest", limit: "10" });
  await open(page);
  const head = page.locator("th", { hasText: "Executed At" });
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: "Executed At", exact: true }).click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await expect
    .poll(async () => (await numbersOf(page)).slice(0, 10))
    .toEqual(oldest.map(({ no }: { no: number }) => no));
  await expect.poll(() => new URL(page.url()).searchParams.get("order")).toBe("oldest");
  await page.reload();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
});

test("a time is gone to", async ({ auditorPage: page }) => {
  await open(page);
  await page.keyboard.press("g");
  const panel = page.getByRole("dialog", { name: "Go to a time" });
  // 14:00 UTC of the day, on Berlin's clocks.
  const at = new Date(to - DAY + 14 * 3_600_000);
  const wall = at.toLocaleString("sv-SE", { timeZone: "Europe/Berlin" });
  await panel.getByRole("textbox", { name: "Day" }).fill(wall.slice(0, 10));
  await panel.getByRole("textbox", { name: "Time" }).fill(wall.slice(11, 16));
  await panel.getByRole("textbox", { name: "Time" }).press("Enter");
  const { entries } = await list({ to: new Date(at.getTime() + 1_000).toISOString(), limit: "1" });
  await expect(page.locator(`tr[data-no="${entries[0].no}"]`)).toBeInViewport();
});

test("what is asked for most is in sight at 1280 and at 1440 pixels", async ({ auditorPage: page }) => {
  for (const width of [1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await open(page);
    for (const column of [
      "No",
      "Executed At",
      "Result",
      "Name",
      "Verb",
      "Resource",
      "Resource Name",
      "Namespace",
      "Message",
    ]) {
      const label = page.locator("th .label", { hasText: new RegExp(`^${column}$`) });
      const box = await label.boundingBox();
      expect(box!.x + box!.width, `${column} at ${width}`).toBeLessThanOrEqual(width);
    }
  }
});
