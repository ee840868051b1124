import { afterAll, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { createSignInInstallation, type SignInInstallation, signIn, whoami } from "../../../test/sign-in.ts";

let installation: SignInInstallation;
const ann = { id: "ann", name: "Ann", email: "ann@acme.example", title: "", groups: [] };

beforeAll(async () => {
  installation = await createSignInInstallation([ann]);
});
afterAll(() => installation.close());

async function askToSignOut(browser: CookieBrowser, csrfToken?: string): Promise<Response> {
  const { publicUrl } = installation;
  const csrf = (await (await browser.request(`${publicUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken: csrfToken ?? csrf.csrfToken, json: "true" });
  return browser.request(`${publicUrl}/api/auth/signout`, { method: "POST", body });
}

test("nobody is told that they are signed out whose session could not be ended", async () => {
  const browser = new CookieBrowser();
  await signIn(installation, browser, "ann");
  await installation.pool.query("alter table sessions rename to sessions_away");
  const refused = await askToSignOut(browser);
  await installation.pool.query("alter table sessions_away rename to sessions");
  expect(refused.status).toBeGreaterThanOrEqual(500);
  expect((await whoami(installation, browser)).body).toMatchObject({ kind: "user" });
  expect((await askToSignOut(browser)).status).toBe(200);
  expect((await whoami(installation, browser)).body).toEqual({ kind: "anonymous" });
});

test("a form without the token of this browser signs nobody out", async () => {
  const browser = new CookieBrowser();
  await signIn(installation, browser, "ann");
  const answer = (await (await askToSignOut(browser, "another")).json()) as { url: string };
  expect(new URL(answer.url).pathname).toBe("/signin");
  expect((await whoami(installation, browser)).body).toMatchObject({ kind: "user" });
});

test("what there is not under /api/auth/ is not found", async () => {
  const paths = ["session", "providers", "_log", "verify-request", ""];
  const asked = paths.map((path) => fetch(`${installation.publicUrl}/api/auth/${path}`));
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(paths.map(() => 404));
});
