import { consoleUrl } from "./support/installation.ts";
import { signIn } from "./support/sign-in.ts";
import { expect, test } from "./support/test.ts";

const PROTECTED = "/audit/event-history?from=now-1h&to=now";

test("whoever is not signed in is asked to, and returns to where they wanted", async ({ page }) => {
  await page.goto(PROTECTED);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page, "auditor");
  await expect(page.getByRole("heading", { level: 1, name: "Event History" })).toBeVisible();
  expect(page.url()).toBe(`${consoleUrl()}${PROTECTED}`);
});

test("signing in leads to the first page that one may see", async ({ page }) => {
  await page.goto("/");
  await signIn(page, "alice");
  await expect(page.getByRole("heading", { level: 1, name: "Request Audit" })).toBeVisible();
});

test("two tabs that sign in at once both arrive where they were going", async ({ page, context }) => {
  const other = await context.newPage();
  await page.goto(PROTECTED);
  await other.goto("/audit/overview");
  for (const tab of [page, other]) await tab.getByRole("button", { name: /^Continue with/ }).click();
  for (const tab of [page, other]) await tab.getByRole("button", { name: "Chidi Okonkwo" }).click();
  await page.waitForURL(`${consoleUrl()}${PROTECTED}`);
  await other.waitForURL(`${consoleUrl()}/audit/overview`);
});

test("a tab that was sent to sign in while another one did goes on by itself", async ({ page, context }) => {
  await page.goto(PROTECTED);
  await signIn(page, "auditor");
  const late = await context.newPage();
  await late.goto(`/signin?reason=expired&callbackUrl=${encodeURIComponent(PROTECTED)}`);
  await late.waitForURL(`${consoleUrl()}${PROTECTED}`);
});

test("a filter too long for a cookie is there after signing in", async ({ page }) => {
  const filter = Array.from({ length: 120 }, (_, index) => `resourceName = "pod-${index}-of-many"`).join(
    " OR ",
  );
  const path = `/audit/kubernetes/request-audit?filter=${encodeURIComponent(filter)}`;
  await page.goto(path);
  await signIn(page, "auditor");
  expect(new URL(page.url()).searchParams.get("filter")).toBe(filter);
});

test("another name of this machine leads to the console's own address to sign in", async ({ page }) => {
  const own = new URL(consoleUrl());
  test.skip(own.hostname !== "localhost", "the console is not at localhost here");
  await page.goto(`http://127.0.0.1:${own.port}${PROTECTED}`);
  // The page that is left may not get the click.
  await page.waitForURL((url) => url.hostname === own.hostname);
  await signIn(page, "auditor");
  expect(page.url()).toBe(`${consoleUrl()}${PROTECTED}`);
});

test("signing out ends the session, also for whoever kept the cookies", async ({ page, context }) => {
  await page.goto("/signin?callbackUrl=/audit/kubernetes/request-audit");
  await signIn(page, "auditor");
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "Account: Chidi Okonkwo" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await context.addCookies(cookies);
  expect((await page.request.get("/api/v1/me")).status()).toBe(401);
  await page.goto("/audit/kubernetes/request-audit");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a sign-in that the identity provider did not finish says so", async ({ page }) => {
  await page.goto("/api/auth/callback/oidc?error=access_denied&state=none");
  await expect(page).toHaveURL(/\/signin\?/);
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Continue with/ })).toBeVisible();
});

test("a link that leads elsewhere after signing in is not followed", async ({ page }) => {
  await page.goto(`/signin?callbackUrl=${encodeURIComponent("https://evil.example/")}`);
  await signIn(page, "auditor");
  expect(new URL(page.url()).origin).toBe(consoleUrl());
});

test("a developer has no auditor pages, and the API refuses them", async ({ alicePage: page }) => {
  await page.goto("/audit/kubernetes/request-audit");
  const navigation = page.getByRole("navigation").first();
  await expect(navigation.getByRole("link", { name: "Request Audit" })).toBeVisible();
  for (const name of ["Overview", "Users", "Grants", "Clusters", "Settings"]) {
    await expect(navigation.getByRole("link", { name, exact: true })).toHaveCount(0);
  }
  for (const path of ["users", "groups", "grants", "roles", "applications", "clusters", "settings"]) {
    const response = await page.request.get(`/api/v1/${path}`);
    expect(`${path} ${response.status()}`).toBe(`${path} 403`);
    expect(await response.json()).toMatchObject({ code: "permission_denied", message: expect.any(String) });
  }
});

test("what a developer did is theirs to read, what others did is not", async ({ alicePage: page }) => {
  const response = await page.request.get("/api/v1/event-history?from=now-1d&to=now&limit=1000");
  const { entries } = await response.json();
  expect(new Set(entries.map(({ email }: { email: string }) => email))).toEqual(
    new Set(["alice@acme.example"]),
  );
});

test("an auditor cannot change anything", async ({ auditorPage: page }) => {
  const headers = { Origin: consoleUrl() };
  const data = { name: "e2e-not-made", consoleRole: "administrator" };
  const response = await page.request.post("/api/v1/applications", { headers, data });
  expect(response.status()).toBe(403);
});

test("a page of another origin cannot use the session", async ({ adminPage: page }) => {
  const headers = { Origin: "https://evil.example" };
  const data = { name: "e2e-not-made", consoleRole: "administrator" };
  const response = await page.request.post("/api/v1/applications", { headers, data });
  expect(response.status()).toBe(403);
  expect((await response.json()).message).toContain("https://evil.example");
});
