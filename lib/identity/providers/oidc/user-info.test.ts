import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CookieBrowser } from "../../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../../test/installation.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  startSignIn,
  whoami,
} from "../../../../test/sign-in.ts";
import { oidcProviderConfig } from "../../../config/provider-entry.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { startIdentityConfirmation } from "../../confirmation/worker.ts";
import { discoverProvider } from "./metadata.ts";
import { scopesToAskFor } from "./scopes.ts";
import { withUserInfo } from "./user-info.ts";

let installation: SignInInstallation;

beforeAll(async () => {
  const accounts = ["alice", "moving"].map((id) => sandboxAccount(id, ["auditors"]));
  installation = await createSignInInstallation(accounts, { claimsInUserInfo: true });
});
afterAll(() => installation.close());

describe("a provider whose ID token says no more than who it is", () => {
  test("is asked for the address and the groups at sign-in", async () => {
    const browser = new CookieBrowser();
    const before = await lastEventNo(installation);
    await signIn(installation, browser, "alice");
    expect((await whoami(installation, browser)).body).toMatchObject({
      name: "alice Example",
      email: "alice@acme.example",
      groups: ["auditors"],
      consoleRole: "auditor",
    });
    expect((await readEvents(installation, before)).at(-1)).toMatchObject({
      action: "Login",
      status: "Succeeded",
      actorName: "alice@acme.example",
    });
  });

  test("is asked for the groups again while somebody is signed in", async () => {
    const browser = new CookieBrowser();
    await signIn(installation, browser, "moving");
    installation.provider.updateAccount("moving", { groups: ["payments"] });
    const confirmation = startIdentityConfirmation({ confirmEveryMs: 0, tickMs: 2 ** 30 });
    await installation.pool.query("update users set confirmed_at = now() + interval '1 day'");
    await installation.pool.query(
      "update users set confirmed_at = now() - interval '1 hour' where email = 'moving@acme.example'",
    );
    await confirmation.runOnce();
    await confirmation.stop();
    expect((await whoami(installation, browser)).body).toMatchObject({ groups: ["payments"] });
  });

  test("is asked for a refresh token and for groups, which it lists", async () => {
    const address = new URL(await startSignIn(installation, new CookieBrowser()));
    expect(address.searchParams.get("scope")).toBe("openid profile email groups offline_access");
  });
});

/** A provider that says this of itself and answers this at its userinfo endpoint. */
async function aProvider(metadata: object, userInfo: { status?: number; body: unknown } = { body: {} }) {
  const server = createServer((request, response) => {
    const isUserInfo = request.url === "/userinfo";
    response.writeHead(isUserInfo ? (userInfo.status ?? 200) : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isUserInfo ? userInfo.body : described));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const described = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    ...metadata,
  };
  const settings: OidcProviderConfig = oidcProviderConfig({
    id: "oidc",
    issuer,
    clientId: "x",
    clientSecret: "y",
  });
  return { settings, close: () => server.close() };
}

describe("the scopes", () => {
  test.each([
    ["lists none", {}, "openid profile email"],
    ["lists other ones", { scopes_supported: ["openid", "phone"] }, "openid profile email"],
    ["lists offline_access", { scopes_supported: ["offline_access"] }, "openid profile email offline_access"],
  ])("of a provider that %s", async (_what, metadata, scopes) => {
    const { settings, close } = await aProvider(metadata);
    expect(await scopesToAskFor(settings, await discoverProvider(settings))).toBe(scopes);
    close();
  });

  test("are those that are configured", async () => {
    const { settings, close } = await aProvider({ scopes_supported: ["offline_access"] });
    expect(
      await scopesToAskFor({ ...settings, scopes: "openid email custom" }, await discoverProvider(settings)),
    ).toBe("openid email custom");
    close();
  });
});

describe("userinfo", () => {
  const claims = { sub: "alice", email: "alice@acme.example" };
  const ask = (settings: OidcProviderConfig, known: object = claims) =>
    withUserInfo(settings, { claims: { ...known }, subject: "alice", accessToken: "t" });

  test("adds what is missing, and what the ID token says counts", async () => {
    const body = { sub: "alice", email: "other@acme.example", groups: ["a"] };
    const { settings, close } = await aProvider({}, { body });
    expect(await ask(settings)).toEqual({ ...claims, groups: ["a"] });
    expect(await ask(settings, { ...claims, groups: ["b"] })).toEqual({ ...claims, groups: ["b"] });
    close();
  });

  test("of another person is refused", async () => {
    const { settings, close } = await aProvider({}, { body: { sub: "mallory", groups: ["admins"] } });
    await expect(ask(settings)).rejects.toThrow("another person's");
    close();
  });

  test("that fails takes nobody's groups away unseen", async () => {
    const { settings, close } = await aProvider({}, { status: 403, body: {} });
    await expect(ask(settings)).rejects.toThrow("userinfo answers 403");
    close();
  });

  test("that there is not, is not asked", async () => {
    const { settings, close } = await aProvider({ userinfo_endpoint: undefined });
    expect(await ask(settings)).toEqual(claims);
    close();
  });
});
