import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../test/cookie-browser.ts";
import { type SandboxIdentityProvider, startSandboxIdentityProvider } from "./identity-provider.ts";
import { renderLoginPage } from "./login-page.ts";

const CLIENT = {
  clientId: "client",
  clientSecret: "a secret that is long enough",
  redirectUris: ["http://localhost:1/back"],
};
const PEOPLE = [
  {
    id: "auditor",
    name: "Chidi Okonkwo",
    email: "chidi@acme.example",
    title: "Security analyst",
    groups: ["security-audit"],
  },
  {
    id: "alice",
    name: "Alice Moreau",
    email: "alice@acme.example",
    title: "Payments developer",
    groups: ["payments-developers"],
  },
];
// No connection is kept, since one test restarts the provider.
const dispatcher = new Agent({ pipelining: 0 });
let directory: string;
let stateFile: string;
let provider: SandboxIdentityProvider;

const start = (port = 0) =>
  startSandboxIdentityProvider({
    host: "127.0.0.1",
    port,
    clients: [CLIENT],
    accounts: PEOPLE,
    stateFile,
  });

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-sandbox-oidc-"));
  stateFile = path.join(directory, "state.json");
  provider = await start();
});
afterAll(async () => {
  await provider.close();
  rmSync(directory, { recursive: true });
});

/** Opens the page that asks who one is, by hand: no library hides a fault of the provider's. */
async function ask(browser: CookieBrowser) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const address = new URL("/auth", provider.issuer);
  address.search = new URLSearchParams({
    client_id: CLIENT.clientId,
    response_type: "code",
    redirect_uri: CLIENT.redirectUris[0]!,
    nonce: "n",
    scope: "openid profile email groups",
    code_challenge: challenge,
    code_challenge_method: "S256",
  }).toString();
  return { verifier, chooser: await browser.open(address.href) };
}

async function signIn(browser: CookieBrowser, account: string) {
  const { verifier, chooser } = await ask(browser);
  const answered = await browser.request(chooser.url, {
    method: "POST",
    body: new URLSearchParams({ account }),
  });
  const resumed = await browser.request(new URL(answered.headers.get("location")!, chooser.url).href);
  const code = new URL(resumed.headers.get("location")!).searchParams.get("code")!;
  return redeem({
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: CLIENT.redirectUris[0]!,
  });
}

async function redeem(form: Record<string, string>) {
  const credentials = [CLIENT.clientId, CLIENT.clientSecret].map(encodeURIComponent).join(":");
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const body = new URLSearchParams(form);
  const response = await fetch(new URL("/token", provider.issuer), {
    method: "POST",
    headers: { authorization },
    body,
    dispatcher,
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const claims = (token: string) => JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());

test("the ID token says who it is, with address and groups", async () => {
  const { body } = await signIn(new CookieBrowser(), "alice");
  expect(claims(body.id_token!)).toMatchObject({
    iss: provider.issuer,
    sub: "alice",
    aud: CLIENT.clientId,
    nonce: "n",
    name: "Alice Moreau",
    email: "alice@acme.example",
    email_verified: true,
    groups: ["payments-developers"],
  });
});

test("each sign-in asks who one is, also in the same browser", async () => {
  const browser = new CookieBrowser();
  await signIn(browser, "alice");
  const { chooser } = await ask(browser);
  const page = await chooser.response.text();
  for (const { id, name, email } of PEOPLE) {
    expect(page).toContain(`value="${id}"`);
    expect(page).toContain(name);
    expect(page).toContain(email);
  }
  const { body } = await signIn(browser, "auditor");
  expect(claims(body.id_token!)).toMatchObject({ sub: "auditor" });
});

test("a code without its verifier buys nothing", async () => {
  const browser = new CookieBrowser();
  const { chooser } = await ask(browser);
  const answered = await browser.request(chooser.url, {
    method: "POST",
    body: new URLSearchParams({ account: "alice" }),
  });
  const resumed = await browser.request(new URL(answered.headers.get("location")!, chooser.url).href);
  const code = new URL(resumed.headers.get("location")!).searchParams.get("code")!;
  const wrong = { code, code_verifier: "x".repeat(43), redirect_uri: CLIENT.redirectUris[0]! };
  expect(await redeem({ grant_type: "authorization_code", ...wrong })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("a refresh token outlives sign-ins of others and a restart, and dies with its person", async () => {
  const browser = new CookieBrowser();
  const { body: first } = await signIn(browser, "alice");
  await signIn(browser, "admin");
  const second = await redeem({ grant_type: "refresh_token", refresh_token: first.refresh_token! });
  expect(second.status).toBe(200);
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);

  const { port } = provider;
  await provider.close();
  provider = await start(port);
  const third = await redeem({ grant_type: "refresh_token", refresh_token: second.body.refresh_token! });
  expect(claims(third.body.id_token!)).toMatchObject({ sub: "alice" });

  provider.updateAccount("alice", { enabled: false });
  expect(
    await redeem({ grant_type: "refresh_token", refresh_token: third.body.refresh_token! }),
  ).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  provider.updateAccount("alice", { enabled: true });
});

test("the page takes nothing for markup and runs no script", async () => {
  const mean = { id: '"><b>', name: "<script>alert(1)</script>", email: "a&b@x", title: "'", groups: [] };
  const page = renderLoginPage({ action: "/interaction/x", accounts: [mean] });
  expect(page).not.toMatch(/<script|"><b>/);
  const { chooser } = await ask(new CookieBrowser());
  expect(chooser.response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
});

test("a stranger to the interaction is told to begin again", async () => {
  const { chooser } = await ask(new CookieBrowser());
  const response = await new CookieBrowser().request(chooser.url);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("Start again from the console");
});
