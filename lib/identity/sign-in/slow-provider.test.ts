import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  startSignIn,
  whoami,
} from "../../../test/sign-in.ts";
import { oidcProviderConfig } from "../../config/provider-entry.ts";
import { installConfig } from "../../config.ts";

let installation: SignInInstallation;
/** Takes connections and never answers. */
const silent = createServer(() => {});

beforeAll(async () => {
  installation = await createSignInInstallation([sandboxAccount("somebody")]);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const slow = oidcProviderConfig({ id: "slow", name: "Slow", issuer, clientId: "x", clientSecret: "y" });
  installConfig({ ...installation.config, providers: [...installation.config.providers, slow] });
});
afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await installation.close();
});

test("a provider that does not answer is said so in the end, and meanwhile others sign in", async () => {
  const waiting = startSignIn(installation, new CookieBrowser(), "/audit", "slow");
  const browser = new CookieBrowser();
  await signIn(installation, browser, "somebody");
  expect((await whoami(installation, browser)).body).toMatchObject({ kind: "user" });
  const page = new URL(await waiting);
  expect(page.pathname).toBe("/signin");
  expect(Object.fromEntries(page.searchParams)).toMatchObject({ error: "OAuthSignin", provider: "slow" });
});
