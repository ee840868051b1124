import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  signOut,
  startSignIn,
  whoami,
} from "../../../test/sign-in.ts";
import { systemContext } from "../../context.ts";
import { createPerson, setPersonEnabled } from "../people/mutations.ts";

const PEOPLE = ["first", "renamed", "switching", "leaving", "known", "disabled", "denied", "csrf"];

let installation: SignInInstallation;
const ctx = systemContext("test");

beforeAll(async () => {
  installation = await createSignInInstallation([
    ...PEOPLE.map((id) => sandboxAccount(id)),
    sandboxAccount("admin", ["admins", "auditors"]),
    sandboxAccount("auditor", ["auditors"]),
    sandboxAccount("joining", ["payments"]),
    { ...sandboxAccount("impostor"), email: "first@acme.example" },
  ]);
});
afterAll(() => installation.close());

const browser = () => new CookieBrowser({ "user-agent": "Test Browser/1.0" });
const operations = async (after: number) =>
  (await readEvents(installation, after)).map(({ operation, entityType, status }) =>
    [operation, entityType, status].join(" "),
  );

describe("the first sign-in", () => {
  test("makes the person known, signs them in, and says so in Event History", async () => {
    const before = await lastEventNo(installation);
    const own = browser();
    const page = await signIn(installation, own, "first", "/audit?range=today");
    expect(page.href).toBe(`${installation.publicUrl}/audit?range=today`);
    expect(await whoami(installation, own)).toMatchObject({
      status: 200,
      body: {
        kind: "user",
        name: "first Example",
        email: "first@acme.example",
        consoleRole: "user",
        groups: [],
      },
    });
    const events = await readEvents(installation, before);
    expect(events).toMatchObject([
      {
        action: "Create",
        entityType: "User",
        entityName: "first@acme.example",
        actorName: "first@acme.example",
      },
      {
        action: "Login",
        operation: "Login",
        entityType: "Login",
        status: "Succeeded",
        actorKind: "user",
        actorName: "first@acme.example",
        sourceIp: "203.0.113.7",
        userAgent: "Test Browser/1.0",
      },
    ]);
  });

  test("gives the console role of the groups, the higher of two", async () => {
    const [admin, auditor] = [browser(), browser()];
    await signIn(installation, admin, "admin");
    await signIn(installation, auditor, "auditor");
    const groups = ["admins", "auditors"];
    expect((await whoami(installation, admin)).body).toMatchObject({ consoleRole: "administrator", groups });
    expect((await whoami(installation, auditor)).body).toMatchObject({ consoleRole: "auditor" });
  });

  test("links a person who was made known before by the address", async () => {
    const person = await createPerson({
      ctx,
      input: { email: "known@acme.example", name: "Known", groups: [] },
    });
    const own = browser();
    await signIn(installation, own, "known");
    expect((await whoami(installation, own)).body).toMatchObject({ id: person.id });
  });
});

describe("what is stored", () => {
  test("has no token of the provider's in the clear, and no session's cookie", async () => {
    const own = browser();
    await signIn(installation, own, "switching");
    const cookie = own.cookie("kubewitness.session");
    expect(cookie).toMatch(/^[\w-]{43}$/);
    const { rows: sessions } = await installation.pool.query("select * from sessions");
    expect(JSON.stringify(sessions)).not.toContain(cookie);
    const { rows: accounts } = await installation.pool.query("select refresh_token from accounts");
    expect(accounts.length).toBeGreaterThan(0);
    for (const { refresh_token } of accounts) expect(refresh_token[0]).toBe(1);
  });
});

describe("a later sign-in", () => {
  test("follows the name and the groups, each change an event", async () => {
    const own = browser();
    await signIn(installation, own, "joining");
    const before = await lastEventNo(installation);
    installation.provider.updateAccount("joining", { name: "Joined", groups: ["checkout", "auditors"] });
    await signIn(installation, own, "joining");
    expect((await whoami(installation, own)).body).toMatchObject({
      name: "Joined",
      consoleRole: "auditor",
      groups: ["auditors", "checkout"],
    });
    const events = await readEvents(installation, before);
    const named = events.map(
      ({ operation, entityType, entityName }) => `${operation} ${entityType} ${entityName}`,
    );
    expect(named).toEqual([
      "Update User joining@acme.example",
      "Update Group auditors",
      "Create Group checkout",
      "Update Group checkout",
      "Update Group payments",
      "Update User joining@acme.example",
      // The browser's session before this one ends with it.
      "Logout Login joining@acme.example",
      "Login Login joining@acme.example",
    ]);
    expect(events.at(-3)).toMatchObject({
      before: { consoleRole: "user" },
      after: { consoleRole: "auditor" },
    });
  });

  test("with groups that cannot be any goes on without them, on the record", async () => {
    const own = browser();
    const before = await lastEventNo(installation);
    installation.provider.updateAccount("renamed", { groups: ["usable", "x".repeat(300), " "] });
    await signIn(installation, own, "renamed");
    expect((await whoami(installation, own)).body).toMatchObject({ kind: "user", groups: ["usable"] });
    const failed = (await readEvents(installation, before)).filter(({ status }) => status === "Failed");
    expect(failed).toMatchObject([
      { entityType: "User", error: expect.stringContaining("got a name of 300 characters, a blank name;") },
    ]);
  });

  test("as somebody else replaces the session", async () => {
    const own = browser();
    await signIn(installation, own, "renamed");
    const cookie = own.cookie("kubewitness.session");
    await signIn(installation, own, "switching");
    expect((await whoami(installation, own)).body).toMatchObject({ email: "switching@acme.example" });
    const old = await whoami(installation, browser(), {
      headers: { cookie: `kubewitness.session=${cookie}` },
    });
    expect(old.body).toEqual({ kind: "anonymous" });
  });
});

describe("a sign-in that fails", () => {
  test("for somebody whom an administrator disabled is an event, and leaves no session", async () => {
    const own = browser();
    await signIn(installation, own, "disabled");
    const { id } = (await whoami(installation, own)).body as { id: string };
    await setPersonEnabled({ ctx, input: { id, enabled: false } });
    expect((await whoami(installation, own)).body).toEqual({ kind: "anonymous" });
    const before = await lastEventNo(installation);
    const page = await signIn(installation, own, "disabled");
    expect(page.pathname + page.search).toBe("/signin?error=Disabled&provider=oidc&callbackUrl=%2Faudit");
    expect(await readEvents(installation, before)).toMatchObject([
      {
        action: "Login",
        status: "Failed",
        actorKind: "anonymous",
        actorName: "disabled@acme.example",
        error: "an administrator disabled this person",
        sourceIp: "203.0.113.7",
      },
    ]);
  });

  test("for another account with a known person's address", async () => {
    const own = browser();
    await signIn(installation, browser(), "first");
    const page = await signIn(installation, own, "impostor");
    expect(page.searchParams.get("error")).toBe("EmailTaken");
    expect((await whoami(installation, own)).body).toEqual({ kind: "anonymous" });
  });

  test("because the provider says no", async () => {
    const own = browser();
    const before = await lastEventNo(installation);
    const chooser = await own.open(await startSignIn(installation, own));
    installation.provider.updateAccount("denied", { enabled: false });
    const body = new URLSearchParams({ account: "denied" });
    const { url } = await own.open(chooser.url, { method: "POST", body });
    expect(new URL(url).pathname).toBe("/signin");
    expect(new URL(url).searchParams.get("error")).toBeTruthy();
    expect(await operations(before)).toEqual(["Login Login Failed"]);
  });

  test("for what the provider's answer says, without a secret in it", async () => {
    const before = await lastEventNo(installation);
    const secret = `kws_${"a".repeat(51)}`;
    const query = new URLSearchParams({ error: `access_denied ${secret}`, error_description: secret });
    await browser().open(`${installation.publicUrl}/api/auth/callback/oidc?${query}`);
    const events = await readEvents(installation, before);
    expect(events).toMatchObject([{ status: "Failed", error: expect.stringContaining("access_denied") }]);
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test("because the answer belongs to another browser's sign-in", async () => {
    const [own, other] = [browser(), browser()];
    const chooser = await own.open(await startSignIn(installation, own));
    const body = new URLSearchParams({ account: "csrf" });
    const answered = await own.request(chooser.url, { method: "POST", body });
    const resumed = await own.request(new URL(answered.headers.get("location")!, chooser.url).href);
    const callback = resumed.headers.get("location")!;
    expect(callback).toContain("/api/auth/callback/oidc?code=");
    const before = await lastEventNo(installation);
    await other.open(callback);
    expect((await whoami(installation, other)).body).toEqual({ kind: "anonymous" });
    expect(await operations(before)).toEqual(["Login Login Failed"]);
  });
});

describe("signing out", () => {
  test("ends the session and is an event", async () => {
    const own = browser();
    await signIn(installation, own, "leaving");
    const cookie = own.cookie("kubewitness.session");
    const before = await lastEventNo(installation);
    await signOut(installation, own);
    expect(own.cookie("kubewitness.session")).toBeUndefined();
    expect(await operations(before)).toEqual(["Logout Login Succeeded"]);
    const old = await whoami(installation, browser(), {
      headers: { cookie: `kubewitness.session=${cookie}` },
    });
    expect(old.body).toEqual({ kind: "anonymous" });
  });
});

describe("a read that comes with a cookie", () => {
  test.each<[string, Record<string, string>, number]>([
    ["from the console", { "sec-fetch-site": "same-origin" }, 200],
    ["asked for by hand", { "sec-fetch-site": "none" }, 200],
    ["from a program, without fetch metadata", {}, 200],
    ["from the console, by a browser without fetch metadata", { referer: "self/audit" }, 200],
    ["from a link of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 403],
    ["from another port of this host", { "sec-fetch-site": "same-site" }, 403],
    ["from another site, by a browser without fetch metadata", { referer: "https://evil.example/" }, 403],
  ])("%s", async (_name, given, status) => {
    const own = browser();
    await signIn(installation, own, "csrf");
    const headers = { ...given };
    if (headers.referer) headers.referer = headers.referer.replace("self", installation.publicUrl);
    expect((await whoami(installation, own, { headers })).status).toBe(status);
  });
});

describe("a change that comes with a cookie", () => {
  const cases: [string, Record<string, string>, number][] = [
    ["from the console", { origin: "self", "sec-fetch-site": "same-origin" }, 200],
    ["from the console, by a browser without fetch metadata", { origin: "self" }, 200],
    ["from the console, by a browser that sends no origin", { "sec-fetch-site": "same-origin" }, 200],
    ["from another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["from another port of this host", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }, 403],
    ["from a sandboxed page", { origin: "null" }, 403],
    ["from nowhere", {}, 403],
    ["with an origin that only begins alike", { origin: "self.evil.example" }, 403],
  ];

  test.each(cases)("%s", async (_name, given, status) => {
    const own = browser();
    await signIn(installation, own, "csrf");
    const headers = { ...given };
    if (headers.origin) headers.origin = headers.origin.replace("self", installation.publicUrl);
    expect((await whoami(installation, own, { method: "POST", headers })).status).toBe(status);
  });
});
