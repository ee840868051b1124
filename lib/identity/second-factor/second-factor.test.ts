import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as showFactorRoute } from "../../../app/api/v1/me/second-factor/route.ts";
import { POST as signInByPasskey } from "../../../app/api/v1/sign-in/passkey/route.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import {
  appCode,
  contextOf,
  cookieOf,
  type LocalPerson,
  newLocalPerson,
  noParams,
  pageRequest,
} from "../../../test/local-people.ts";
import { SoftwareAuthenticator } from "../../../test/software-authenticator.ts";
import { createGrant } from "../../access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { config, installConfig } from "../../config.ts";
import { type Context, systemContext } from "../../context.ts";
import { authenticateToken } from "../authenticate.ts";
import { passkeySignInOptions } from "../local/data.ts";
import { createPerson } from "../people/mutations.ts";
import { isSessionOpen } from "../sessions/data.ts";
import { createSession, revokeSession } from "../sessions/mutations.ts";
import { issueToken } from "../tokens/mutations.ts";
import { ownFactorOptions, ownPasskeyOptions, readOwnSecurity } from "./own/data.ts";
import {
  addPasskey,
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  removePasskey,
  renewRecoveryCodes,
} from "./own/mutations.ts";
import { whyNoPasskeys } from "./passkeys/relying-party.ts";
import { showFactor } from "./step-up/mutations.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
});
afterAll(() => installation.close());

let sessions = 0;
/** A console session of the person, without a second factor unless it says so. */
async function newSession(userId: string, secondFactorAt?: Date): Promise<{ cookie: string; own: Context }> {
  const cookie = `session-${++sessions}`;
  const expires = new Date(Date.now() + 3_600_000);
  await createSession({
    ctx,
    input: { userId, provider: "oidc", sessionToken: cookie, expires, secondFactorAt },
  });
  return { cookie, own: await contextOf(cookie) };
}

/** Somebody of an identity provider, signed in a moment ago. */
async function newPerson(): Promise<{ userId: string; cookie: string; own: Context }> {
  const email = `person-${++sessions}@acme.example`;
  const { id: userId } = await createPerson({ ctx, input: { email, name: "Somebody" } });
  return { userId, ...(await newSession(userId)) };
}

async function newPasskey(own: Context, name = "key") {
  const authenticator = new SoftwareAuthenticator(config().publicUrl);
  const options = await ownPasskeyOptions({ ctx: own });
  const added = await addPasskey({ ctx: own, input: { name, response: authenticator.create(options) } });
  return { authenticator, ...added };
}

const demanding = async (run: () => Promise<void>, uses: ("recordings" | "exports" | "access")[]) => {
  const before = config();
  installConfig({ ...before, secondFactor: { ...before.secondFactor, requiredFor: uses } });
  try {
    await run();
  } finally {
    installConfig(before);
  }
};

const grant = (own: Context) =>
  createGrant({
    ctx: own,
    input: { role: "developer", subjectKind: "group", subject: `g-${++sessions}`, cluster: null },
  });

test("what a setting names is open for who showed a second factor a moment ago, in that session alone", async () => {
  const person = await newLocalPerson(installation, { consoleRole: "administrator" });
  const [one, other] = [await newSession(person.userId), await newSession(person.userId)];
  await demanding(async () => {
    await expect(grant(one.own)).rejects.toMatchObject({ code: "second_factor_required", httpStatus: 403 });
    const answer = await showFactorRoute(
      pageRequest({ code: await person.freshCode() }, { cookie: one.cookie }),
      noParams,
    );
    expect(answer.status).toBe(200);
    await grant(await contextOf(one.cookie));
    await expect(grant(await contextOf(other.cookie))).rejects.toMatchObject({
      code: "second_factor_required",
    });
    // It counts for a while.
    const long = new Date(Date.now() - config().secondFactor.withinMs - 1_000);
    await installation.prisma.session.updateMany({
      where: { userId: person.userId },
      data: { secondFactorAt: long },
    });
    await expect(grant(await contextOf(one.cookie))).rejects.toMatchObject({
      code: "second_factor_required",
    });
  }, ["access"]);
  await grant(await contextOf(other.cookie));
});

test("ending somebody else's session is a change of people, ending one's own is none", async () => {
  const administrator = await newLocalPerson(installation, { consoleRole: "administrator" });
  const [one, two] = [await newSession(administrator.userId), await newSession(administrator.userId)];
  const id = (await newPerson()).own.credential!.id;
  await demanding(async () => {
    await expect(revokeSession({ ctx: one.own, input: { id } })).rejects.toMatchObject({
      code: "second_factor_required",
    });
    expect(await isSessionOpen(id)).toBe(true);
    await revokeSession({ ctx: one.own, input: { id: two.own.credential!.id } });
  }, ["access"]);
  await revokeSession({ ctx: one.own, input: { id } });
  expect(await isSessionOpen(id)).toBe(false);
});

test("a use that no setting names demands none, and applications have none to show", async () => {
  const person = await newLocalPerson(installation, { consoleRole: "administrator" });
  const { own } = await newSession(person.userId);
  await demanding(async () => {
    await grant(own);
  }, ["recordings", "exports"]);
  const application: Context["actor"] = {
    kind: "application",
    id: person.userId,
    name: "siem",
    consoleRole: "administrator",
  };
  await demanding(async () => {
    await grant({ ...own, actor: application });
  }, ["access"]);
});

test("a token has the second factor that its session had when it was made, and a token made with it the same", async () => {
  const person = await newLocalPerson(installation);
  const { own, cookie } = await newSession(person.userId);
  const before = await issueToken({ ctx: own, input: { name: "before" } });
  await showFactor({ ctx: own, input: { code: await person.freshCode() } });
  const shown = (await contextOf(cookie)).credential?.secondFactorAt;
  const after = await issueToken({ ctx: own, input: { name: "after" } });
  expect(shown).toBeInstanceOf(Date);
  expect((await authenticateToken(before.token))?.secondFactorAt).toBeNull();
  expect((await authenticateToken(after.token))?.secondFactorAt).toEqual(shown);
  const credential = {
    kind: "token" as const,
    id: after.id,
    expiresAt: new Date(after.expiresAt),
    secondFactorAt: shown,
  };
  const made = await issueToken({ ctx: { ...own, credential }, input: { name: "made with it" } });
  expect((await authenticateToken(made.token))?.secondFactorAt).toEqual(shown);
  await expect(showFactor({ ctx: { ...own, credential }, input: { code: "123456" } })).rejects.toMatchObject({
    code: "permission_denied",
  });
});

test("guessing codes in a session ends after five; each failure is an event, and so is the one that is right", async () => {
  const person = await newLocalPerson(installation);
  const { own } = await newSession(person.userId);
  const before = await lastEventNo(installation);
  const show = (code: string) => showFactor({ ctx: own, input: { code } });
  for (let guess = 0; guess < 5; guess++)
    await expect(show("000000")).rejects.toMatchObject({ code: "invalid_argument" });
  const right = await person.freshCode();
  await expect(show(right)).rejects.toMatchObject({ code: "resource_exhausted" });
  await installation.pool.query("update attempt_counts set locked_until = now() - interval '1 s'");
  await show(right);
  const events = await readEvents(installation, before);
  expect(events.map(({ entityType, status }) => `${entityType} ${status}`)).toEqual([
    ...Array(5).fill("Mfa Failed"),
    "Mfa Succeeded",
  ]);
  expect(events[0]).toMatchObject({ actorKind: "user", entityName: person.email });
  await expect(show(right)).rejects.toMatchObject({ code: "invalid_argument" });
});

test("somebody of an identity provider sets up an app: it counts once confirmed, and its codes but once", async () => {
  const { own, cookie } = await newPerson();
  const { secret, qrCode } = await beginAuthenticator({ ctx: own });
  expect(qrCode.path).toMatch(/^M/);
  await expect(showFactor({ ctx: own, input: { code: appCode(secret) } })).rejects.toMatchObject({
    code: "invalid_argument",
  });
  await expect(confirmAuthenticator({ ctx: own, input: { code: "000000" } })).rejects.toMatchObject({
    details: [{ field: "code" }],
  });
  const code = appCode(secret);
  const { recoveryCodes } = await confirmAuthenticator({ ctx: own, input: { code } });
  expect(new Set(recoveryCodes).size).toBe(10);
  await expect(showFactor({ ctx: own, input: { code } })).rejects.toMatchObject({
    code: "invalid_argument",
  });
  await showFactor({ ctx: own, input: { code: appCode(secret, 1) } });
  // Another takes its place when it is confirmed, and not before.
  const now = await contextOf(cookie);
  const next = await beginAuthenticator({ ctx: now });
  expect(await readOwnSecurity({ ctx: now })).toMatchObject({
    isLocal: false,
    authenticator: { createdAt: expect.any(String) },
  });
  expect(await confirmAuthenticator({ ctx: now, input: { code: appCode(next.secret) } })).toEqual({
    recoveryCodes: [],
  });
  await removeAuthenticator({ ctx: now });
  expect(await readOwnSecurity({ ctx: now })).toMatchObject({
    authenticator: null,
    recoveryCodes: { left: 10, of: 10 },
  });
});

test("whoever finds an open session cannot make its person's second factor their own", async () => {
  const { userId, own } = await newPerson();
  await installation.prisma.session.updateMany({
    where: { userId },
    data: { createdAt: new Date(Date.now() - 3_600_000) },
  });
  await expect(beginAuthenticator({ ctx: own })).rejects.toMatchObject({ code: "permission_denied" });
  await expect(ownPasskeyOptions({ ctx: own })).rejects.toMatchObject({ code: "permission_denied" });
  const local = await newLocalPerson(installation);
  const found = await newSession(local.userId);
  const changes = [beginAuthenticator, removeAuthenticator, renewRecoveryCodes, ownPasskeyOptions];
  for (const change of changes) {
    await expect(change({ ctx: found.own })).rejects.toMatchObject({ code: "second_factor_required" });
  }
});

test("new recovery codes are in place of those before", async () => {
  const person = await newLocalPerson(installation);
  const { own, cookie } = await newSession(person.userId, new Date());
  const { recoveryCodes } = await renewRecoveryCodes({ ctx: own });
  await expect(showFactor({ ctx: own, input: { code: person.recoveryCodes[0]! } })).rejects.toMatchObject({
    code: "invalid_argument",
  });
  await showFactor({ ctx: own, input: { code: recoveryCodes[0]! } });
  expect(await readOwnSecurity({ ctx: await contextOf(cookie) })).toMatchObject({
    recoveryCodes: { left: 9, of: 10 },
  });
});

test("a local person keeps one second factor at least", async () => {
  const person = await newLocalPerson(installation);
  const { own } = await newSession(person.userId, new Date());
  await expect(removeAuthenticator({ ctx: own })).rejects.toMatchObject({ code: "conflict" });
  const { passkey } = await newPasskey(own);
  await removeAuthenticator({ ctx: own });
  await expect(removePasskey({ ctx: own, input: { id: passkey.id } })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a passkey is shown in a session: asked for there, at this address, by its holder, once", async () => {
  const { own, cookie, userId } = await newPerson();
  const { authenticator, recoveryCodes } = await newPasskey(own);
  expect(recoveryCodes).toHaveLength(10);
  const show = async (passkey: Passkey, as = own) => showFactor({ ctx: as, input: { passkey } });
  const options = await ownFactorOptions({ ctx: own });
  const answer = authenticator.get(options);
  await show(answer);
  expect((await contextOf(cookie)).credential?.secondFactorAt).toBeInstanceOf(Date);
  const refused = { code: "invalid_argument", details: [{ field: "passkey" }] };
  const before = await lastEventNo(installation);
  // The same challenge again.
  await expect(show(answer)).rejects.toMatchObject(refused);
  const another = await newSession(userId);
  const attacks: [Passkey, Context][] = [
    [authenticator.get(await ownFactorOptions({ ctx: own }), { origin: "https://evil.example" }), own],
    [authenticator.get(await ownFactorOptions({ ctx: own }), { rpId: "evil.example" }), own],
    [authenticator.get({ ...options, challenge: "bm9ib2R5IGFza2Vk" }), own],
    // Asked for in another session of the same person; to sign in; to make one.
    [authenticator.get(await ownFactorOptions({ ctx: own })), another.own],
    [authenticator.get({ ...(await passkeySignInOptions()), rpId: "localhost" }), own],
    [
      authenticator.get({
        ...(await ownPasskeyOptions({ ctx: await contextOf(cookie) })),
        rpId: "localhost",
      }),
      own,
    ],
  ];
  for (const [passkey, as] of attacks) {
    await installation.pool.query("delete from attempt_counts");
    await expect(show(passkey, as)).rejects.toMatchObject(refused);
  }
  expect((await contextOf(another.cookie)).credential?.secondFactorAt).toBeNull();
  const events = await readEvents(installation, before);
  expect(events.filter(({ entityType, status }) => entityType === "Mfa" && status === "Failed")).toHaveLength(
    7,
  );
});

type Passkey = ReturnType<SoftwareAuthenticator["get"]>;

test("a passkey of somebody else, and one that says it is somebody else's, count for nothing", async () => {
  const [one, other] = [await newPerson(), await newPerson()];
  const { authenticator: others } = await newPasskey(other.own);
  const options = async () => ({ ...(await ownFactorOptions({ ctx: one.own })), rpId: "localhost" });
  const asOther = { userHandle: Buffer.from(one.userId).toString("base64url") };
  for (const passkey of [others.get(await options()), others.get(await options(), asOther)]) {
    await expect(showFactor({ ctx: one.own, input: { passkey } })).rejects.toMatchObject({
      code: "invalid_argument",
    });
  }
  // What was made in one session is not taken in another, nor made for another address.
  const made = new SoftwareAuthenticator(config().publicUrl).create(
    await ownPasskeyOptions({ ctx: one.own }),
  );
  await expect(
    addPasskey({ ctx: (await newPerson()).own, input: { name: "x", response: made } }),
  ).rejects.toMatchObject({ code: "invalid_argument" });
  const elsewhere = new SoftwareAuthenticator("https://evil.example").create(
    await ownPasskeyOptions({ ctx: one.own }),
  );
  await expect(addPasskey({ ctx: one.own, input: { name: "x", response: elsewhere } })).rejects.toMatchObject(
    { code: "invalid_argument" },
  );
});

test("a passkey signs a local person in, and nobody else", async () => {
  const local: LocalPerson = await newLocalPerson(installation);
  const { authenticator } = await newPasskey((await newSession(local.userId, new Date())).own);
  const { authenticator: ofProvider } = await newPasskey((await newPerson()).own);
  const signIn = async (key: SoftwareAuthenticator, deviation = {}) => {
    const response = key.get({ ...(await passkeySignInOptions()), rpId: "localhost" }, deviation);
    return signInByPasskey(pageRequest({ response }), noParams);
  };
  const answer = await signIn(authenticator);
  expect(answer.status).toBe(204);
  expect(await contextOf(cookieOf(answer)!)).toMatchObject({
    actor: { email: local.email },
    credential: { secondFactorAt: expect.any(Date) },
  });
  const before = await lastEventNo(installation);
  const refused = [
    await signIn(ofProvider),
    await signIn(new SoftwareAuthenticator(config().publicUrl)),
    await signIn(authenticator, { origin: "https://evil.example" }),
  ];
  const told = await Promise.all(
    refused.map(async (each) => [each.status, cookieOf(each), (await each.json()).message]),
  );
  for (const each of told) expect(each).toEqual([401, null, expect.stringContaining("not accepted")]);
  expect((await readEvents(installation, before)).map(({ status }) => status)).toEqual([
    "Failed",
    "Failed",
    "Failed",
  ]);
});

test.each([
  ["http://localhost:3000", null],
  ["https://audit.example.com", null],
  ["http://127.0.0.1:3000", /host name/],
  ["https://[::1]:3000", /host name/],
  ["http://audit.example.com", /https/],
])("at %s passkeys can be, or it is said why not", (publicUrl, why) => {
  if (why === null) expect(whyNoPasskeys(publicUrl)).toBeNull();
  else expect(whyNoPasskeys(publicUrl)).toMatch(why);
});
