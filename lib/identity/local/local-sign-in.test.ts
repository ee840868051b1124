import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as signInByPassword } from "../../../app/api/v1/sign-in/password/route.ts";
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
import { systemContext } from "../../context.ts";
import { setPersonEnabled } from "../people/mutations.ts";
import { createSession } from "../sessions/mutations.ts";
import { changePassword } from "./password/mutations.ts";
import { offerNewSetUp, removeFactors, removeLocalPerson } from "./people/mutations.ts";

const ctx = systemContext("test");
const ADMINISTRATOR = {
  kind: "user" as const,
  name: "x",
  email: "x@acme.example",
  consoleRole: "administrator" as const,
  groups: [],
  groupIds: [],
};
let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(() => installation.close());

interface Try {
  email?: string;
  password?: string;
  code?: string;
  address?: string;
  cookie?: string;
  origin?: string;
}

async function signIn(
  person: Pick<LocalPerson, "email" | "password">,
  { address, cookie, origin, ...typed }: Try = {},
) {
  const { email, password } = person;
  const code = typed.code ?? "000000";
  const request = pageRequest({ email, password, code, ...typed }, { address, cookie, origin });
  const answer = await signInByPassword(request, noParams);
  const body = answer.status === 204 ? null : await answer.json();
  return {
    status: answer.status,
    body,
    cookie: cookieOf(answer),
    retryAfter: answer.headers.get("retry-after"),
  };
}

/** Lets the clock of a lock run out. */
const unlock = () =>
  installation.pool.query("update attempt_counts set locked_until = now() - interval '1 s'");
let addresses = 0;
const anotherAddress = () => `198.51.100.${++addresses}`;

test("address, password and code sign in, with a second factor shown, on the record", async () => {
  const person = await newLocalPerson(installation);
  const before = await lastEventNo(installation);
  const { status, cookie } = await signIn(person, { code: await person.freshCode() });
  expect(status).toBe(204);
  const own = await contextOf(cookie!);
  expect(own).toMatchObject({
    actor: { kind: "user", email: person.email },
    credential: { kind: "session", secondFactorAt: expect.any(Date) },
  });
  expect(await readEvents(installation, before)).toMatchObject([
    {
      operation: "Login",
      entityType: "Login",
      status: "Succeeded",
      requestBody: { provider: "local" },
      sourceIp: "192.0.2.1",
    },
  ]);
});

test("nothing that proves who one is stands in the database, nor on the record", async () => {
  const { secret, recoveryCodes, password } = await newLocalPerson(installation);
  const tables = [
    "local_passwords",
    "local_set_ups",
    "authenticator_apps",
    "recovery_codes",
    "audit_event_body",
    "audit_event",
  ];
  for (const table of tables) {
    const { rows } = await installation.pool.query(`select row_to_json(t)::text as row from ${table} t`);
    const text = rows.map(({ row }) => row).join();
    for (const kept of [secret, password, ...recoveryCodes]) expect(text).not.toContain(kept);
  }
  const { rows } = await installation.pool.query<{ hash: string }>("select hash from local_passwords");
  expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("a code of the app counts once, also where two come at once", async () => {
  const person = await newLocalPerson(installation);
  const code = await person.freshCode();
  const both = await Promise.all([1, 2].map(() => signIn(person, { code, address: anotherAddress() })));
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 401]);
  expect((await signIn(person, { code })).status).toBe(401);
  // The one of the step before does not count after it either.
  expect((await signIn(person, { code: appCode(person.secret, -1) })).status).toBe(401);
  expect((await signIn(person, { code: appCode(person.secret, 1) })).status).toBe(204);
});

test("a recovery code counts once, and for its person alone", async () => {
  const person = await newLocalPerson(installation);
  const other = await newLocalPerson(installation);
  const [code = "", next = ""] = person.recoveryCodes;
  expect((await signIn(other, { code })).status).toBe(401);
  const before = await lastEventNo(installation);
  expect((await signIn(person, { code: code.toUpperCase().replaceAll("-", " ") })).status).toBe(204);
  expect((await readEvents(installation, before))[0]).toMatchObject({
    entityType: "Mfa",
    operation: "Login",
    after: { factor: "recovery" },
  });
  expect((await signIn(person, { code })).status).toBe(401);
  expect((await signIn(person, { code: next })).status).toBe(204);
});

test("whether somebody is known, disabled, or has another password is answered alike, and locked alike", async () => {
  const person = await newLocalPerson(installation);
  const disabled = await newLocalPerson(installation);
  await setPersonEnabled({ ctx, input: { id: disabled.userId, enabled: false } });
  const stranger = { email: "nobody@acme.example", password: "x" };
  const rightCode = await disabled.freshCode();
  const tries = async () => [
    await signIn(stranger, { address: anotherAddress() }),
    await signIn(person, { password: "wrong", code: await person.freshCode(), address: anotherAddress() }),
    await signIn(disabled, { code: rightCode, address: anotherAddress() }),
    await signIn(person, { address: anotherAddress(), email: `other-${person.email}` }),
  ];
  const [first, ...others] = await tries();
  expect(first).toMatchObject({ status: 401, body: { code: "unauthenticated" }, cookie: null });
  for (const answer of others) expect(answer).toEqual(first);
  for (let failed = 1; failed < 5; failed++) await tries();
  const locked = await tries();
  expect(locked.map(({ status, body }) => [status, body.code])).toEqual(
    Array(4).fill([429, "resource_exhausted"]),
  );
});

test("guessing codes with the right password ends after five, for longer each time, also for the right one", async () => {
  const person = await newLocalPerson(installation);
  const before = await lastEventNo(installation);
  for (let guess = 0; guess < 5; guess++)
    expect((await signIn(person, { address: anotherAddress() })).status).toBe(401);
  const locked = await signIn(person, { code: await person.freshCode(), address: anotherAddress() });
  expect(locked).toMatchObject({ status: 429, cookie: null });
  const first = Number(locked.retryAfter);
  expect(first).toBeGreaterThan(0);
  const events = await readEvents(installation, before);
  expect(events).toHaveLength(5);
  expect(events[0]).toMatchObject({
    entityType: "Mfa",
    entityName: person.email,
    status: "Failed",
    actorKind: "anonymous",
  });
  for (let guess = 0; guess < 3; guess++) {
    await unlock();
    await signIn(person, { address: anotherAddress() });
  }
  expect(Number((await signIn(person, { address: anotherAddress() })).retryAfter)).toBeGreaterThan(first);
  await unlock();
  expect((await signIn(person, { code: await person.freshCode() })).status).toBe(204);
  expect((await signIn(person, {})).status).toBe(401);
});

test("a lock grows no longer than a quarter of an hour", async () => {
  const person = await newLocalPerson(installation);
  await signIn(person);
  await installation.pool.query(
    "update attempt_counts set failures = 500 where key like 'password/account/%'",
  );
  await signIn(person);
  expect(Number((await signIn(person)).retryAfter)).toBeLessThanOrEqual(15 * 60);
  await unlock();
  await installation.pool.query("delete from attempt_counts");
});

test("many guesses at once are no more than one after the other, from however many addresses", async () => {
  const person = await newLocalPerson(installation);
  const guesses = Array.from({ length: 25 }, () =>
    signIn(person, { password: "guess", address: anotherAddress() }),
  );
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test("one address that tries many accounts has to wait, and no other address has to", async () => {
  const person = await newLocalPerson(installation);
  const address = anotherAddress();
  const guess = (n: number) => signIn({ email: `guess-${n}@acme.example`, password: "x" }, { address });
  for (let n = 0; n < 20; n++) expect((await guess(n)).status).toBe(401);
  expect((await guess(20)).status).toBe(429);
  // Whoever signs in as themselves in between gets no more tries at others by it.
  await unlock();
  expect((await signIn(person, { address, code: await person.freshCode() })).status).toBe(204);
  expect((await guess(21)).status).toBe(401);
  expect((await guess(22)).status).toBe(429);
  expect((await signIn(person, { code: await person.freshCode(), address: anotherAddress() })).status).toBe(
    204,
  );
});

test("what is kept of attempts is bounded", async () => {
  await installation.pool.query(`
    insert into attempt_counts select 'password/account/' || n, 1, 'epoch', now() - n * interval '1 second' from generate_series(1, 21000) n`);
  await signIn({ email: "one-more@acme.example", password: "x" }, { address: anotherAddress() });
  const { rows } = await installation.pool.query("select count(*)::int as kept from attempt_counts");
  expect(rows[0].kept).toBeLessThanOrEqual(20_001);
  await installation.pool.query("delete from attempt_counts");
});

test("a session is always a new one: the cookie that was there is not taken, and its session ends", async () => {
  const attacker = await newLocalPerson(installation);
  const planted = "planted-by-somebody-else";
  const expires = new Date(Date.now() + 60_000);
  await createSession({
    ctx,
    input: { userId: attacker.userId, provider: "local", sessionToken: planted, expires },
  });
  const person = await newLocalPerson(installation);
  const { cookie } = await signIn(person, { code: await person.freshCode(), cookie: planted });
  expect(cookie).not.toBe(planted);
  expect((await contextOf(cookie!)).actor).toMatchObject({ email: person.email });
  expect((await contextOf(planted)).actor).toEqual({ kind: "anonymous" });
});

test("another site cannot sign a browser in", async () => {
  const person = await newLocalPerson(installation);
  const code = await person.freshCode();
  expect(await signIn(person, { code, origin: "https://evil.example" })).toMatchObject({
    status: 403,
    cookie: null,
  });
});

test("a changed password ends the person's other sessions, and the one before does not count", async () => {
  const person = await newLocalPerson(installation);
  const old = await signIn(person, { code: await person.freshCode() });
  const { cookie } = await signIn(person, { code: await person.freshCode() });
  const own = await contextOf(cookie!);
  const password = "another long phrase of words";
  const change = (current: string) => changePassword({ ctx: own, input: { current, password } });
  await expect(change("wrong")).rejects.toMatchObject({
    code: "invalid_argument",
    details: [{ field: "current" }],
  });
  await expect(
    changePassword({ ctx: own, input: { current: person.password, password: `${person.email}!` } }),
  ).rejects.toMatchObject({ details: [{ field: "password" }] });
  await change(person.password);
  expect((await contextOf(old.cookie!)).actor.kind).toBe("anonymous");
  expect((await contextOf(cookie!)).actor.kind).toBe("user");
  expect((await signIn(person, { code: await person.freshCode() })).status).toBe(401);
  expect((await signIn(person, { code: await person.freshCode(), password })).status).toBe(204);
});

test("a lost second factor that an administrator removes counts no more, nor where it was shown a moment ago", async () => {
  const person = await newLocalPerson(installation);
  const { cookie } = await signIn(person, { code: await person.freshCode() });
  const removeOwn = removeFactors({
    ctx: { ...(await contextOf(cookie!)), actor: { ...ADMINISTRATOR, id: person.userId } },
    input: { id: person.userId },
  });
  await expect(removeOwn).rejects.toMatchObject({ code: "invalid_argument" });
  const { setUp } = await removeFactors({ ctx, input: { id: person.userId } });
  expect(setUp).toMatchObject({ email: person.email, code: expect.any(String) });
  expect((await contextOf(cookie!)).credential).toMatchObject({ secondFactorAt: null });
  expect((await signIn(person, { code: appCode(person.secret) })).status).toBe(401);
  expect((await signIn(person, { code: person.recoveryCodes[0] })).status).toBe(401);
});

test("whoever finds an open session of an administrator's gets no one-time code for its person", async () => {
  const person = await newLocalPerson(installation, { consoleRole: "administrator" });
  const other = await newLocalPerson(installation);
  const { cookie } = await signIn(person, { code: await person.freshCode() });
  const own = await contextOf(cookie!);
  await expect(offerNewSetUp({ ctx: own, input: { id: person.userId } })).rejects.toMatchObject({
    code: "invalid_argument",
  });
  expect(await installation.prisma.localSetUp.count({ where: { userId: person.userId } })).toBe(0);
  expect(await offerNewSetUp({ ctx: own, input: { id: other.userId } })).toMatchObject({ id: other.userId });
});

test("a local person who is removed is out, and can be added anew", async () => {
  const person = await newLocalPerson(installation);
  const { cookie } = await signIn(person, { code: await person.freshCode() });
  await removeLocalPerson({ ctx, input: { id: person.userId } });
  expect((await contextOf(cookie!)).actor.kind).toBe("anonymous");
  expect((await signIn(person, { code: appCode(person.secret, 1) })).status).toBe(401);
});
