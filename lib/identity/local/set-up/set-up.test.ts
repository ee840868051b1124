import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST as begin } from "../../../../app/api/v1/sign-in/set-up/begin/route.ts";
import { POST as finish } from "../../../../app/api/v1/sign-in/set-up/finish/route.ts";
import { POST as open } from "../../../../app/api/v1/sign-in/set-up/route.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../../test/installation.ts";
import { appCode, contextOf, cookieOf, noParams, pageRequest } from "../../../../test/local-people.ts";
import { installConfig } from "../../../config.ts";
import { systemContext } from "../../../context.ts";
import { followProviders } from "../../provider-changes/mutations.ts";
import { addLocalPerson, createAdministrator } from "../people/mutations.ts";
import { offerFirstVisit } from "./first-visit.ts";

const ctx = systemContext("test");
const PASSWORD = "a phrase that nobody guesses";
const VISITOR = { email: "first@acme.example", name: "First Visitor", password: PASSWORD };
let installation: TestInstallation;
beforeAll(async () => {
  // Without an identity provider, as the first visit finds it.
  const settings = { KUBEWITNESS_DEMO: "false", KUBEWITNESS_LOCAL_FIRST_VISIT: "true" };
  installation = await createTestInstallation(settings);
  await followProviders({ ctx });
});
beforeEach(async () => {
  installConfig(installation.config);
  await installation.prisma.user.deleteMany();
  await installation.prisma.localSetUp.deleteMany();
  await installation.pool.query("delete from attempt_counts");
});
afterAll(() => installation.close());

type Route = (request: Request, route: typeof noParams) => Promise<Response>;
async function send(route: Route, body: object) {
  const answer = await route(pageRequest(body), noParams);
  return { status: answer.status, cookie: cookieOf(answer), body: await answer.json() };
}

/** The whole way of a visitor with a code; answers what the last step did. */
async function setUp(code: string, who: object) {
  const begun = await send(begin, { code, ...who });
  return send(finish, { code, appCode: appCode(begun.body.secret) });
}

test("the first visitor with the code of the log becomes an administrator, once", async () => {
  const offer = await offerFirstVisit();
  const { code, url } = offer!;
  expect(url).toBe(`http://localhost:3000/signin/set-up#${code}`);
  expect(await send(open, { code })).toMatchObject({
    status: 200,
    body: { isFirstVisit: true, email: null },
  });
  const before = await lastEventNo(installation);
  const done = await setUp(code, VISITOR);
  expect(done).toMatchObject({ status: 200, body: { recoveryCodes: expect.any(Array) } });
  expect(await contextOf(done.cookie!)).toMatchObject({
    actor: { email: VISITOR.email, consoleRole: "administrator" },
    credential: { secondFactorAt: expect.any(Date) },
  });
  const events = await readEvents(installation, before);
  expect(events.map(({ operation, entityType }) => `${operation} ${entityType}`)).toEqual([
    "Create User",
    "Enable Mfa",
    "Login Login",
  ]);
  expect(await send(open, { code })).toMatchObject({ status: 400, body: { details: [{ field: "code" }] } });
  expect(await offerFirstVisit()).toBeNull();
});

test("of two first visitors one becomes an administrator", async () => {
  const codes = [(await offerFirstVisit())!.code, (await offerFirstVisit())!.code];
  const answers = await Promise.all(
    codes.map((code, at) => setUp(code, { ...VISITOR, email: `visitor-${at}@acme.example` })),
  );
  expect(answers.map(({ status }) => status).toSorted()).not.toEqual([200, 200]);
  expect(await installation.prisma.user.count()).toBe(1);
});

test("nothing of a set-up counts before the app's code is right, and ten wrong ones end it", async () => {
  const { code } = (await offerFirstVisit())!;
  expect(await send(finish, { code, appCode: "123456" })).toMatchObject({ status: 409 });
  await send(begin, { code, ...VISITOR });
  for (let guess = 0; guess < 10; guess++) {
    expect(await send(finish, { code, appCode: "000000" })).toMatchObject({ status: 400, cookie: null });
  }
  expect(await send(finish, { code, appCode: "000000" })).toMatchObject({
    body: { details: [{ field: "code" }] },
  });
  expect(await installation.prisma.user.count()).toBe(0);
  expect(await installation.prisma.localPassword.count()).toBe(0);
});

test("guessing one-time codes is bounded, and told alike whether one expired or never was", async () => {
  const { code } = (await offerFirstVisit())!;
  await installation.pool.query("update local_set_ups set expires_at = now() - interval '1 s'");
  const expired = await send(open, { code });
  expect(expired.status).toBe(400);
  for (let guess = 1; guess < 20; guess++)
    expect(await send(open, { code: `guess-${guess}` })).toEqual(expired);
  expect((await send(open, { code: "one-more" })).status).toBe(429);
});

test("there is no first visit where nobody said so, in the demo, or where an administrator is there", async () => {
  const { config } = installation;
  installConfig({ ...config, local: { ...config.local, firstVisit: false } });
  expect(await offerFirstVisit()).toBeNull();
  installConfig({ ...config, demo: true });
  expect(await offerFirstVisit()).toBeNull();
  installConfig(config);
  const { code } = (await offerFirstVisit())!;
  const begun = await send(begin, { code, ...VISITOR });
  await createAdministrator({ ctx, input: { email: "root@acme.example", name: "Root" } });
  expect(await send(finish, { code, appCode: appCode(begun.body.secret) })).toMatchObject({
    status: 409,
    cookie: null,
  });
  expect(await offerFirstVisit()).toBeNull();
});

test("an administrator of the machine makes one, and gives the same one a new code", async () => {
  const input = { email: "root@acme.example", name: "Root" };
  const first = await createAdministrator({ ctx, input });
  const second = await createAdministrator({ ctx, input });
  expect(second.id).toBe(first.id);
  expect((await send(open, { code: first.code })).status).toBe(400);
  expect(await send(open, { code: second.code })).toMatchObject({
    body: { isFirstVisit: false, email: input.email },
  });
  expect((await setUp(second.code, { password: PASSWORD })).status).toBe(200);
});

test("a set-up anew ends the sessions that were begun with what counted before", async () => {
  const input = { email: "found@acme.example", name: "Found" };
  const before = await setUp((await createAdministrator({ ctx, input })).code, { password: PASSWORD });
  const { code } = await createAdministrator({ ctx, input });
  expect((await contextOf(before.cookie!)).actor.kind).toBe("user");
  const after = await setUp(code, { password: `${PASSWORD} anew` });
  expect((await contextOf(before.cookie!)).actor.kind).toBe("anonymous");
  expect((await contextOf(after.cookie!)).actor).toMatchObject({ email: input.email });
});

test("what is wrong is told at its field, and nothing is kept", async () => {
  const { code } = await addLocalPerson({ ctx, input: { email: "wrong@acme.example", name: "Wrong Input" } });
  const fieldOf = async (body: object) => (await send(begin, { code, ...body })).body.details[0].field;
  expect(await fieldOf({ password: "short" })).toBe("password");
  expect(await fieldOf({ password: "aaaaaaaaaaaaaaaa" })).toBe("password");
  expect(await fieldOf({ password: "wrong@acme.example" })).toBe("password");
  const visit = (await offerFirstVisit())!.code;
  expect((await send(begin, { code: visit, password: PASSWORD })).body.details[0].field).toBe("email");
  const { rows } = await installation.pool.query(
    "select 1 from local_set_ups where password_hash is not null",
  );
  expect(rows).toEqual([]);
});
