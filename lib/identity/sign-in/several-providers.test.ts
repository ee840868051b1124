import { type SandboxIdentityProvider, startSandboxIdentityProvider } from "kubewitness-sandbox/oidc";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  createSignInInstallation,
  SIGN_IN_CLIENT,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  signOut,
  startSignIn,
  whoami,
} from "../../../test/sign-in.ts";
import { listOwnGrants } from "../../access/grants/data.ts";
import { createGrant } from "../../access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { installConfig, type ProviderConfig } from "../../config.ts";
import { type Actor, systemContext } from "../../context.ts";
import { startIdentityConfirmation } from "../confirmation/worker.ts";
import { listGroups, listPeople } from "../people/data.ts";
import { createPerson } from "../people/mutations.ts";
import { followProviders } from "../provider-changes/mutations.ts";

const PEOPLE = [
  sandboxAccount("ann", ["admins", "payments"]),
  sandboxAccount("known"),
  sandboxAccount("moved", ["night"]),
  sandboxAccount("unnamed"),
  sandboxAccount("invited"),
  sandboxAccount("renamed"),
];
const ctx = systemContext("test");
let installation: SignInInstallation;
let partner: SandboxIdentityProvider;
let second: ProviderConfig;

beforeAll(async () => {
  installation = await createSignInInstallation(PEOPLE);
  const redirectUris = [`${installation.publicUrl}/api/auth/callback/partner`];
  const clients = [{ ...SIGN_IN_CLIENT, redirectUris }];
  partner = await startSandboxIdentityProvider({ host: "127.0.0.1", port: 0, clients, accounts: PEOPLE });
  const own = { administratorGroups: [], auditorGroups: ["admins"] };
  second = { ...installation.settings, ...own, id: "partner", name: "Partner", issuer: partner.issuer };
  configure();
  await followProviders({ ctx });
  await updateBuiltInRoles({ ctx });
});
beforeEach(() => configure());
afterAll(async () => {
  await partner.close();
  await installation.close();
});

function configure(providers: ProviderConfig[] = [installation.settings, second]) {
  installConfig({ ...installation.config, providers });
}

async function arrive(provider: string, person = "ann") {
  const browser = new CookieBrowser();
  const page = await signIn(installation, browser, person, "/audit", provider);
  const { body } = await whoami(installation, browser);
  return { browser, page, body, actor: body as unknown as Extract<Actor, { kind: "user" }> };
}

/** The address that the provider leads a browser back to, which is not followed. */
async function answerOf(browser: CookieBrowser, provider: string): Promise<URL> {
  const chooser = await browser.open(await startSignIn(installation, browser, "/audit", provider));
  const body = new URLSearchParams({ account: "ann" });
  const answered = await browser.request(chooser.url, { method: "POST", body });
  const resumed = await browser.request(new URL(answered.headers.get("location")!, chooser.url).href);
  return new URL(resumed.headers.get("location")!);
}

/** Why a sign-in with this answer failed, and with whom. */
async function failureOf(browser: CookieBrowser, answer: URL) {
  const before = await lastEventNo(installation);
  const { url } = await browser.open(answer.href);
  expect(new URL(url).pathname).toBe("/signin");
  expect((await whoami(installation, browser)).body).toEqual({ kind: "anonymous" });
  const [event] = await readEvents(installation, before);
  expect(event).toMatchObject({ action: "Login", status: "Failed", actorKind: "anonymous" });
  return event!.error;
}

test("the same subject and address of two providers are two people, with the role that each provider's groups give", async () => {
  const [own, other] = [await arrive("oidc"), await arrive("partner")];
  expect(own.body).toMatchObject({ email: "ann@acme.example", consoleRole: "administrator" });
  expect(other.body).toMatchObject({ email: "ann@acme.example", consoleRole: "auditor" });
  expect(other.body.id).not.toBe(own.body.id);
  const people = (await listPeople({ ctx })).filter(({ email }) => email === "ann@acme.example");
  expect(people.map(({ provider, formerIssuer }) => [provider, formerIssuer]).sort()).toEqual([
    ["oidc", null],
    ["partner", null],
  ]);
  // Each is who they were when they come again.
  expect((await arrive("partner")).body.id).toBe(other.body.id);
});

test("whom a version before took in without an issuer is who they were when they come again", async () => {
  const { body, browser } = await arrive("partner");
  await installation.pool.query("update users set issuer = null where id = $1", [body.id]);
  expect((await whoami(installation, browser)).body).toEqual({ kind: "anonymous" });
  expect((await arrive("partner")).body).toEqual(body);
});

test("whoever has the address or the subject of somebody without an issuer at another provider is somebody else", async () => {
  const own = await arrive("oidc", "unnamed");
  await installation.pool.query("update users set issuer = null where id = $1", [own.body.id]);
  await installation.pool.query("update accounts set issuer = null where user_id = $1", [own.body.id]);
  const invited = await createPerson({ ctx, input: { email: "invited@acme.example", name: "Invited" } });
  await installation.pool.query("update users set issuer = null where id = $1", [invited.id]);
  const others = [await arrive("partner", "unnamed"), await arrive("partner", "invited")];
  for (const { body } of others) {
    expect(body).toMatchObject({ kind: "user", consoleRole: "user" });
    expect([own.body.id, invited.id]).not.toContain(body.id);
  }
  // The start that follows gives both back to the first provider, with who they are.
  await followProviders({ ctx });
  expect((await arrive("oidc", "unnamed")).body.id).toBe(own.body.id);
  expect((await arrive("oidc", "invited")).body.id).toBe(invited.id);
  expect((await arrive("partner", "unnamed")).body.id).toBe(others[0]!.body.id);
});

test("whom a provider gives the address of somebody else of its own is refused, and is nobody of another's", async () => {
  const [ann, renamed, other] = [
    await arrive("oidc"),
    await arrive("oidc", "renamed"),
    await arrive("partner", "renamed"),
  ];
  // The provider gave the address of the one who left to another subject.
  await installation.pool.query("update accounts set provider_account_id = 'left' where user_id = $1", [
    renamed.body.id,
  ]);
  expect((await arrive("oidc", "renamed")).page.searchParams.get("error")).toBe("EmailTaken");
  expect((await arrive("partner", "renamed")).body.id).toBe(other.body.id);
  expect((await whoami(installation, ann.browser)).body.id).toBe(ann.body.id);
});

test("each event of a sign-in names the provider", async () => {
  const before = await lastEventNo(installation);
  const { browser } = await arrive("partner");
  await signOut(installation, browser);
  await new CookieBrowser().open(`${installation.publicUrl}/api/auth/callback/partner?error=access_denied`);
  const { rows } = await installation.pool.query(
    `select b.request_body as body from audit_event e
     join audit_event_body b on b.happened_at = e.happened_at and b.ledger_id = e.ledger_id and b.no = e.no
     join audit_dictionary t on t.id = e.entity_type_id where e.no > $1 and t.value = 'Login' order by e.no`,
    [before],
  );
  expect(rows.map(({ body }) => body)).toEqual(Array(3).fill({ provider: "partner" }));
});

test("a grant to a group counts for that provider's group alone, and says which is meant", async () => {
  const grant = { role: "developer", subjectKind: "group" as const, subject: "payments", cluster: null };
  const [own, other] = [await arrive("oidc"), await arrive("partner")];
  await expect(createGrant({ ctx, input: grant })).rejects.toThrow(
    "several identity providers have a group of this name",
  );
  await expect(createGrant({ ctx, input: { ...grant, subjectProvider: "nobody" } })).rejects.toThrow(
    'subjectProvider: got "nobody"; takes the id of an identity provider: oidc, partner',
  );
  await createGrant({ ctx, input: { ...grant, subjectProvider: "partner" } });
  const roles = async (actor: Actor) =>
    (await listOwnGrants({ ctx: { ...ctx, actor } })).map(({ role }) => role.name);
  expect([await roles(own.actor), await roles(other.actor)]).toEqual([[], ["developer"]]);
  const person = {
    role: "read-only",
    subjectKind: "user" as const,
    subject: "ann@acme.example",
    cluster: null,
  };
  await expect(createGrant({ ctx, input: person })).rejects.toThrow(
    "people of several identity providers have this address",
  );
  // Who is named by id is held against the provider that is named, too.
  const byId = { ...person, subject: own.actor.id };
  await expect(createGrant({ ctx, input: { ...byId, subjectProvider: "partner" } })).rejects.toMatchObject({
    details: [{ field: "subject", got: own.actor.id }],
  });
  const granted = await createGrant({ ctx, input: { ...byId, subjectProvider: "oidc" } });
  expect(granted.subject.id).toBe(own.actor.id);
});

test("whom an administrator makes known is known by the provider that they named, and by no other", async () => {
  const input = { email: "known@acme.example", name: "Known", provider: "partner" };
  const person = await createPerson({ ctx, input });
  expect((await arrive("oidc", "known")).body.id).not.toBe(person.id);
  expect((await arrive("partner", "known")).body.id).toBe(person.id);
  for (const provider of ["nobody", "local"]) {
    await expect(createPerson({ ctx, input: { ...input, provider } })).rejects.toThrow(
      /takes the id of an identity provider: oidc, partner$/,
    );
  }
});

test("one provider's answer finishes nothing at another's callback, and keeps the sign-in from nothing", async () => {
  const browser = new CookieBrowser();
  const answer = await answerOf(browser, "oidc");
  const elsewhere = new URL(answer.href.replace("/callback/oidc", "/callback/partner"));
  expect(await failureOf(browser, elsewhere)).toContain("not with this identity provider");
  await browser.open(answer.href);
  expect((await whoami(installation, browser)).body).toMatchObject({ consoleRole: "administrator" });
});

test.each<[string, (answer: URL) => void, string]>([
  ["another issuer", (answer) => answer.searchParams.set("iss", partner.issuer), "names another issuer"],
  ["no issuer", (answer) => answer.searchParams.delete("iss"), "names no issuer"],
])("an answer that names %s is refused before its code is redeemed", async (_name, change, why) => {
  const browser = new CookieBrowser();
  const answer = await answerOf(browser, "oidc");
  expect(answer.searchParams.get("iss")).toBe(installation.provider.issuer);
  change(answer);
  expect(await failureOf(browser, answer)).toContain(why);
});

test("cookies of one provider's attempt that are renamed to another's are refused", async () => {
  const browser = new CookieBrowser();
  const answer = await answerOf(browser, "oidc");
  const elsewhere = new URL(answer.href.replace("/callback/oidc", "/callback/partner"));
  const cookie = browser.cookiesFor(elsewhere).replaceAll(".oidc.", ".partner.");
  const before = await lastEventNo(installation);
  const response = await fetch(elsewhere, { headers: { cookie }, redirect: "manual" });
  expect(new URL(response.headers.get("location")!).pathname).toBe("/signin");
  expect(response.headers.getSetCookie().join()).not.toContain("kubewitness.session");
  expect(await readEvents(installation, before)).toMatchObject([{ status: "Failed", action: "Login" }]);
});

test("a provider that is not configured has no callback, and what is left of it is on the record", async () => {
  const browser = new CookieBrowser();
  const answer = await answerOf(browser, "partner");
  configure([installation.settings]);
  expect(await failureOf(browser, answer)).toBe(
    "the answer is of an identity provider that is not configured",
  );
});

test("where one does not answer, the other's people sign in and are confirmed", async () => {
  const { body } = await arrive("oidc");
  const away = { ...second, issuer: "http://127.0.0.1:9" };
  configure([away, installation.settings]);
  const browser = new CookieBrowser();
  const led = new URL(await startSignIn(installation, browser, "/audit?range=today", "partner"));
  expect(led.pathname).toBe("/signin");
  expect(Object.fromEntries(led.searchParams)).toEqual({
    error: "OAuthSignin",
    provider: "partner",
    callbackUrl: "/audit?range=today",
  });
  expect((await arrive("oidc")).body.id).toBe(body.id);
  await installation.pool.query("update users set confirmed_at = null");
  const confirmation = startIdentityConfirmation({ tickMs: 3_600_000 });
  await confirmation.runOnce();
  await confirmation.stop();
  const { rows } = await installation.pool.query(
    "select confirmed_at is not null as confirmed from users where id = $1",
    [body.id],
  );
  expect(rows).toEqual([{ confirmed: true }]);
});

test("a former provider's people and groups go to the provider that says it replaces theirs", async () => {
  const third = { ...installation.settings, id: "third", name: "Third", issuer: "https://third.example" };
  configure([installation.settings, third]);
  await followProviders({ ctx });
  const input = { email: "moved@acme.example", name: "Moved", groups: ["night"], provider: "third" };
  const person = await createPerson({ ctx, input });
  configure([installation.settings, { ...second, formerIssuer: third.issuer }]);
  await followProviders({ ctx });
  const groups = (await listGroups({ ctx })).filter(({ name }) => name === "night");
  expect(groups.map(({ provider }) => provider)).toEqual(["partner"]);
  // The first provider does not replace it: its person of that address is refused, until somebody says whose they are.
  expect((await arrive("oidc", "moved")).page.searchParams.get("error")).toBe("ProviderChanged");
  expect((await arrive("partner", "moved")).body).toMatchObject({ id: person.id, groups: ["night"] });
  expect((await arrive("oidc", "moved")).body.id).not.toBe(person.id);
});
