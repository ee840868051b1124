import { waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { REQUEST_AUDIT_PATH, requestAuditUrl } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

const rangeButton = { name: /^Time range: / } as const;

for (const path of [REQUEST_AUDIT_PATH, "/audit/event-history", "/audit/overview"]) {
  test(`${path} says that the address's range cannot be read, and clears it`, async ({
    auditorPage: page,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    for (const range of ["from=2026-11-20&to=2026-11-19", "from=foo&to=bar"]) {
      await page.goto(`${path}?${range}`);
      await expect(
        page.getByRole("alert").filter({ hasText: "The time range cannot be read" }),
      ).toBeVisible();
      await expect(page.getByRole("button", rangeButton)).toContainText("Unreadable range");
      if (path !== "/audit/overview")
        await expect(page.getByRole("button", { name: "Export" })).toBeDisabled();
    }
    expect(
      asked.filter((name) => /\/(count|histogram|overview)$/.test(name) && name.startsWith("/api")),
    ).toEqual([]);
    await page.getByRole("button", { name: "Clear range" }).click();
    await expect(page.getByText("The time range cannot be read")).toHaveCount(0);
    await expect(page.getByRole("button", rangeButton)).not.toContainText("Unreadable");
  });
}

test("the custom range keeps seconds, and refuses days that do not exist", async ({ auditorPage: page }) => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const range = { from: `${day}T10:00:20Z`, to: `${day}T10:10:50Z` };
  await page.goto(requestAuditUrl(range));
  await page.getByRole("button", rangeButton).click();
  await page.getByRole("button", { name: "Apply" }).click();
  const parameters = new URL(page.url()).searchParams;
  expect([parameters.get("from"), parameters.get("to")]).toEqual([range.from, range.to]);
  await page.getByRole("button", rangeButton).click();
  await page.getByLabel("From: day").fill("2026-02-31");
  await expect(page.getByText("There is no day 2026-02-31")).toBeVisible();
  await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
});

test("what is not kept any more is said to be so, and asked for in no wrong way", async ({
  auditorPage: page,
}) => {
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() === 400) refused.push(response.url());
  });
  await page.goto("/audit/event-history?from=2022-01-01&to=2022-01-02");
  await expect(page.getByRole("heading", { name: "These events are not kept any more" })).toBeVisible();
  await page.getByRole("button", { name: "Search the last 7 days" }).click();
  await page.goto(
    `/audit/event-history?filter=${encodeURIComponent('entityName = "nothing is called this"')}`,
  );
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(refused).toEqual([]);
});

test.describe("where the console's day is another than the browser's", () => {
  test.use({ timezoneId: "Pacific/Kiritimati" });

  test("the calendar ends with the console's day", async ({ auditorPage: page, baseURL }) => {
    await page
      .context()
      .addCookies([{ name: "kubewitness-time-zone", value: "Pacific/Pago_Pago", url: baseURL ?? "" }]);
    const today = () =>
      new Intl.DateTimeFormat("sv-SE", { timeZone: "Pacific/Pago_Pago", dateStyle: "short" }).format(
        Date.now(),
      );
    // It may become midnight there while the page is opened; the day after may be one of a month that is not shown.
    const before = today();
    await page.goto(REQUEST_AUDIT_PATH);
    await page.getByRole("button", rangeButton).click();
    const choosable = page.locator(".calendar [data-day]:not([data-disabled])");
    await expect(choosable.last()).toHaveAttribute("data-day", new RegExp(`^(${before}|${today()})$`));
  });
});

test.describe("in a browser that calls its zone by an old name", () => {
  test.use({ timezoneId: "Asia/Katmandu" });

  test("the zone is called by its name of today", async ({ auditorPage: page }) => {
    await page.goto(REQUEST_AUDIT_PATH);
    await expect(page.getByRole("button", rangeButton)).toContainText("Asia/Kathmandu");
  });
});

test("a search that is active stays in sight beside the drawer", async ({ auditorPage: page }) => {
  const name = ownName("searched");
  await kubectl(["-n", "payments", "get", "configmap", name]);
  await waitForCalls(`resourceName = "${name}"`);
  await page.goto(requestAuditUrl({ filter: `resourceName = "${name}"`, search: "alice" }));
  await page.locator("tr[data-no]").first().click();
  await expect(page.getByRole("complementary", { name: /^Call / })).toBeVisible();
  const search = page.getByRole("searchbox", { name: /^Search: / });
  await expect(search).toBeVisible();
  await search.fill("");
  await expect(search).toBeVisible();
  await search.blur();
  await expect(search).toBeHidden();
});

test("facets that could not be loaded leave no skeleton", async ({ auditorPage: page }) => {
  await page.route(/\/request-audit\/facets/, (route) => route.fulfill({ status: 400, json: { error: {} } }));
  await page.goto(requestAuditUrl({}));
  const facets = page.getByRole("complementary", { name: "Facets" });
  await expect(facets.getByText("The values could not be loaded.")).toBeVisible();
  await expect(facets.locator(".skeleton-bar")).toHaveCount(0);
});
