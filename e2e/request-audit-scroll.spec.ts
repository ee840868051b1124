import { getApi } from "./support/audit-api.ts";
import { expectedRow, readRow, requestAuditUrl } from "./support/request-audit-page.ts";
import { seedCalls } from "./support/seed-calls.ts";
import { expect, test } from "./support/test.ts";

const ROWS = 100_000;
const DAY = 86_400_000;
/** A day that is over, of which nothing else is known. */
const to = Math.floor(Date.now() / DAY) * DAY - 20 * DAY;
const window = { from: new Date(to - DAY).toISOString(), to: new Date(to).toISOString() };

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const asked = new URLSearchParams({ ...window, limit: "1" });
  const { entries } = await (await getApi(`/api/v1/request-audit?${asked}`)).json();
  if (entries.length === 0) await seedCalls({ count: ROWS, from: to - DAY, to: to - 1 });
});

test("a hundred thousand rows scroll; only those in sight exist", async ({ auditorPage: page }) => {
  test.setTimeout(120_000);
  await page.goto(requestAuditUrl(window));
  const rows = page.locator("table.audit-table tbody tr[data-no]");
  await expect(rows.first()).toBeVisible();
  const scroller = page.locator(".table-scroll");
  const elements = () => page.evaluate(() => document.querySelectorAll("table.audit-table tr").length);
  const lastIndex = async () => Number(await rows.last().getAttribute("aria-rowindex"));

  let most = 0;
  let reached = await lastIndex();
  // By the wheel, as one does: each turn shows what comes next.
  await scroller.hover();
  while (reached < 5_000) {
    await page.mouse.wheel(0, 20_000);
    const before = reached;
    await expect.poll(lastIndex).toBeGreaterThan(before);
    reached = await lastIndex();
    most = Math.max(most, await elements());
  }
  expect(most).toBeLessThan(150);

  // The last turn of the wheel may still move the rows, and those in sight may be on their way.
  await scroller.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let still = 0, top = Number.NaN; still < 10; top = element.scrollTop) {
      await frame();
      still = element.scrollTop === top ? still + 1 : 0;
    }
  });
  await expect(page.locator("table.audit-table tbody tr:not([data-no], .spacer)")).toHaveCount(0);

  const no = Number(await rows.nth(5).getAttribute("data-no"));
  const { entries } = await (
    await getApi(`/api/v1/request-audit?${new URLSearchParams({ ...window, filter: `no = ${no}` })}`)
  ).json();
  const expected = expectedRow(entries[0], () => ({ from: to - DAY, to }));
  for (const [title, text] of Object.entries(await readRow(page, no))) {
    expect(`${title}: ${text}`).toBe(`${title}: ${expected[title]}`);
  }
  const numbers = await rows.evaluateAll((all) =>
    all.map((row) => Number(row.getAttribute("aria-rowindex"))),
  );
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));

  await scroller.evaluate((element) => element.scrollTo(0, 0));
  await expect.poll(async () => Number(await rows.first().getAttribute("aria-rowindex"))).toBe(2);
});

test("the count is exact where counters tell, and stops at 10,000 where rows have to be read", async ({
  auditorPage: page,
}) => {
  await page.goto(requestAuditUrl(window));
  await expect(page.locator(".count-line [role=status]")).toHaveText("100,000 calls");
  await expect(page.locator("table.audit-table")).toHaveAttribute("aria-rowcount", "100001");
  await page.goto(requestAuditUrl({ ...window, filter: "no > 0" }));
  await expect(page.locator(".count-line [role=status]")).toHaveText("10,000+ calls");
});
