import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  signOut,
  whoami,
} from "../../../test/sign-in.ts";
import { oidcProviderConfig } from "../../config/provider-entry.ts";
import { installConfig } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { findProvider } from "../providers/registry.ts";
import { beginSession } from "./begin-session.ts";
import { admitPerson } from "./mutations.ts";

let installation: SignInInstallation;

beforeAll(async () => {
  installation = await createSignInInstallation([sandboxAccount("lena"), sandboxAccount("omar")]);
});
afterAll(() => installation.close());

/** The provider's page for signing out sends its form by itself; gives the page that it ends on. */
async function answerPage(browser: CookieBrowser, address: string): Promise<URL> {
  const shown = await browser.open(address);
  const page = await shown.response.text();
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? "";
  const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name!,
    value!,
  ]);
  return new URL((await browser.open(action, { method: "POST", body: new URLSearchParams(fields) })).url);
}

test("signing out leads to the provider's own sign-out, and back", async () => {
  const browser = new CookieBrowser();
  await signIn(installation, browser, "lena");
  const address = new URL(await signOut(installation, browser));
  expect(address.origin).toBe(installation.provider.issuer);
  expect(address.searchParams.get("client_id")).toBe("kubewitness");
  expect(address.searchParams.get("id_token_hint")).toMatch(/^ey/);
  expect((await whoami(installation, browser)).body).toMatchObject({ kind: "anonymous" });
  const page = await answerPage(browser, address.href);
  expect(page.href).toBe(`${installation.publicUrl}/signin?reason=signed-out`);
});

test("it stays here where the setting says so, and where the provider is not configured any more", async () => {
  const [first] = installation.config.providers;
  installConfig({ ...installation.config, providers: [{ ...first!, signOutAtProvider: false } as never] });
  const browser = new CookieBrowser();
  await signIn(installation, browser, "lena");
  expect(await signOut(installation, browser)).toBe(`${installation.publicUrl}/signin`);
  installConfig(installation.config);
});

test("who signs out at the provider is signed out here: that session, and no other", async () => {
  const [here, elsewhere, other] = [new CookieBrowser(), new CookieBrowser(), new CookieBrowser()];
  await signIn(installation, here, "lena");
  await signIn(installation, elsewhere, "lena");
  await signIn(installation, other, "omar");
  const before = await lastEventNo(installation);
  // As by another application of the same provider's.
  await answerPage(here, `${installation.provider.issuer}/session/end?client_id=kubewitness`);
  expect((await whoami(installation, here)).body).toMatchObject({ kind: "anonymous" });
  for (const browser of [elsewhere, other]) {
    expect((await whoami(installation, browser)).body).toMatchObject({ kind: "user" });
  }
  expect(await readEvents(installation, before)).toMatchObject([
    {
      operation: "Logout",
      entityName: "lena@acme.example",
      requestBody: { provider: "oidc", by: "the identity provider" },
    },
  ]);
});

test("a word counts once: said again, it ends no session that was begun after it", async () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer = await serveKey(keys.publicKey);
  const partner = oidcProviderConfig({
    id: "partner",
    name: "Partner",
    issuer,
    clientId: "kw",
    clientSecret: "s",
  });
  installConfig({ ...installation.config, providers: [...installation.config.providers, partner] });
  const ctx = systemContext("test");
  const identity = {
    issuer,
    subject: "lena",
    email: "lena@partner.example",
    emailVerified: true,
    name: "Lena",
  };
  const provider = findProvider("partner")!;
  const groups = { names: [], leftOut: null };
  const { id: userId } = await admitPerson({
    ctx,
    input: { provider, identity: { ...identity, groups }, refreshToken: null },
  });
  const begin = () =>
    beginSession({ ctx, input: { userId, provider: "partner", atProvider: { id: "s-1", signOut: null } } });
  const open = () => installation.prisma.session.count({ where: { userId } });
  const token = signJwt(keys.privateKey, {
    ...{ iss: issuer, aud: "kw", iat: Math.floor(Date.now() / 1_000), jti: "1", sub: "lena" },
    events: { "http://schemas.openid.net/event/backchannel-logout": {} },
  });
  const tell = () =>
    fetch(`${installation.publicUrl}/api/auth/backchannel-logout/partner`, {
      method: "POST",
      body: new URLSearchParams({ logout_token: token }),
    });
  await begin();
  await begin();
  expect((await tell()).status).toBe(200);
  expect(await open()).toBe(0);
  await begin();
  expect((await tell()).status).toBe(400);
  expect(await open()).toBe(1);
  installConfig(installation.config);
});

function signJwt(key: KeyObject, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "RS256", typ: "logout+jwt" })}.${encode(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

/** As much of a provider as a logout token needs; gives its issuer. */
async function serveKey(key: KeyObject): Promise<string> {
  const server = createServer((request, response) => {
    const addresses = {
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: `${issuer}/t`,
      jwks_uri: `${issuer}/jwks`,
    };
    const keys = [{ ...key.export({ format: "jwk" }), use: "sig" }];
    response.end(JSON.stringify(request.url === "/jwks" ? { keys } : { issuer, ...addresses }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return issuer;
}

test("a word that is none ends nothing, and is on the record", async () => {
  const browser = new CookieBrowser();
  await signIn(installation, browser, "lena");
  const before = await lastEventNo(installation);
  const address = `${installation.publicUrl}/api/auth/backchannel-logout/oidc`;
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ logout_token: "e30.e30." }),
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ error: "invalid_request" });
  expect((await whoami(installation, browser)).body).toMatchObject({ kind: "user" });
  expect(await readEvents(installation, before)).toMatchObject([{ entityType: "Login", status: "Failed" }]);
});
