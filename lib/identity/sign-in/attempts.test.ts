import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  startSignIn,
  whoami,
} from "../../../test/sign-in.ts";

let installation: SignInInstallation;

beforeAll(async () => {
  installation = await createSignInInstallation(["first", "redirected"].map((id) => sandboxAccount(id)));
});
afterAll(() => installation.close());

const browser = () => new CookieBrowser();

describe("two tabs of one browser that sign in at once", () => {
  test("both arrive where they wanted, whichever finishes first", async () => {
    const own = browser();
    const starts = [];
    for (const page of ["/audit?tab=1", "/audit?tab=2"]) {
      starts.push(await own.open(await startSignIn(installation, own, page)));
    }
    for (const [index, chooser] of starts.entries()) {
      const body = new URLSearchParams({ account: "first" });
      const { url } = await own.open(chooser.url, { method: "POST", body });
      expect(url).toBe(`${installation.publicUrl}/audit?tab=${index + 1}`);
    }
    expect((await whoami(installation, own)).body).toMatchObject({ email: "first@acme.example" });
  });

  test("and many that were left leave few cookies behind", async () => {
    const own = browser();
    for (let tab = 0; tab < 9; tab++) await startSignIn(installation, own);
    const sent = own.cookiesFor(new URL("/api/auth/signin/oidc", installation.publicUrl));
    expect(sent.match(/kubewitness\.sign-in\.[^=]*\.pkce=/g)?.length).toBe(5);
    const elsewhere = own.cookiesFor(new URL("/audit", installation.publicUrl));
    expect(elsewhere).not.toContain("kubewitness.sign-in");
    const page = await signIn(installation, own, "first");
    expect(page.pathname).toBe("/audit");
  });
});

describe("where a sign-in leads", () => {
  test.each([3_856, 12_000])("a page with a filter of %i characters", async (length) => {
    const path = `/audit?filter=${"x".repeat(length)}`;
    const page = await signIn(installation, browser(), "redirected", path);
    expect(page.pathname + page.search).toBe(path);
  });

  test("is forgotten for the oldest where very many begin and never finish", async () => {
    const own = browser();
    const chooser = await own.open(await startSignIn(installation, own, "/audit?kept=1"));
    await installation.pool.query(
      `insert into sign_in_attempts (id, return_path, expires_at)
       select 'flood' || n, '/x', now() + interval '2 hours' from generate_series(1, 3000) n`,
    );
    await startSignIn(installation, browser(), "/audit");
    const { rows } = await installation.pool.query("select count(*)::int as kept from sign_in_attempts");
    expect(rows).toEqual([{ kept: 2_000 }]);
    const body = new URLSearchParams({ account: "first" });
    const { url } = await own.open(chooser.url, { method: "POST", body });
    expect(url).toBe(`${installation.publicUrl}/`);
    expect((await whoami(installation, own)).body).toMatchObject({ kind: "user" });
    await installation.pool.query("delete from sign_in_attempts");
  });

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1:1/",
  ])("%s leads nowhere but here", async (callbackUrl) => {
    const page = await signIn(installation, browser(), "redirected", callbackUrl);
    expect(page.origin).toBe(installation.publicUrl);
  });
});
