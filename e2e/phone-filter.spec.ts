import { requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

test.use({ viewport: { width: 390, height: 844 } });

test("a filter on a phone is written, built and applied by one button, and leaves every control in sight", async ({
  auditorPage: page,
}) => {
  await page.goto(requestAuditUrl({ filter: 'result = "failure" AND verb != "watch"', from: "now-7d" }));
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ["Live", /^Filter/]) {
    const box = await page.getByRole("button", { name, exact: typeof name === "string" }).boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
  }
  await page.getByRole("button", { name: /^Filter/ }).click();
  const sheet = page.getByRole("dialog", { name: "Filter" });
  const exclude = sheet.getByRole("button", { name: /^Exclude / }).first();
  await expect.poll(async () => (await exclude.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  const text = sheet.getByRole("combobox", { name: "Filter expression" });
  await text.fill('verb = "delete"');
  await text.press("Escape");
  await expect(sheet.getByRole("button", { name: "Apply" })).toHaveCount(1);
  // What was written shows in the rows of the builder, too.
  await expect(sheet.getByRole("group", { name: "Filter builder" })).toContainText("Verb");
  await sheet.getByRole("button", { name: "Apply" }).click();
  await expect(sheet).toHaveCount(0);
  await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe('verb = "delete"');
});
