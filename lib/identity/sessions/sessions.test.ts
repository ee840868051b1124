import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../test/installation.ts";
import { installConfig } from "../../config.ts";
import { type Context, systemContext } from "../../context.ts";
import { holdMaker } from "../credential-chain/chain.ts";
import { createPerson } from "../people/mutations.ts";
import { contextFromRequest } from "../request-context.ts";
import { watchAccess } from "../watch-access.ts";
import { isSessionOpen, listSessions, listSessionsOf } from "./data.ts";
import { findSession, noteSessionUse } from "./find-session.ts";
import { createSession, revokeOtherSessions, revokeSession } from "./mutations.ts";
import { UNATTENDED_HEADER } from "./schema.ts";
import { sessionCookieName } from "./token.ts";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const system = systemContext("test");
let installation: TestInstallation;
let made = 0;

beforeAll(async () => {
  installation = await createTestInstallation();
});
beforeEach(() => installConfig(installation.config));
afterAll(() => installation.close());

const limit = (sessions: { idleMs?: number; lifetimeMs?: number }) =>
  installConfig({
    ...installation.config,
    sessions: { ...installation.config.sessions, ...sessions },
  });

async function newPerson(): Promise<string> {
  made += 1;
  return (await createPerson({ ctx: system, input: { email: `p${made}@acme.example`, name: "P" } })).id;
}

async function signIn(userId: string): Promise<{ cookie: string; ctx: Context; id: string }> {
  const sessionToken = crypto.randomUUID();
  const from = { ...system, sourceIp: "203.0.113.9", userAgent: FIREFOX };
  const expires = new Date(Date.now() + 12 * 3_600_000);
  await createSession({ ctx: from, input: { userId, provider: "oidc", sessionToken, expires } });
  const found = (await findSession(sessionToken))!;
  return { cookie: sessionToken, ctx: { ...from, ...found }, id: found.credential.id };
}

/** As if it had been so for that long. */
const age = (id: string, column: "last_seen_at" | "created_at", milliseconds: number) =>
  installation.pool.query(
    `update sessions set ${column} = now() - $2::float8 * interval '1 millisecond' where id = $1`,
    [id, milliseconds],
  );
const lastSeen = async (id: string) =>
  (await installation.prisma.session.findUniqueOrThrow({ where: { id } })).lastSeenAt.getTime();

const request = (cookie: string, headers: Record<string, string> = {}) =>
  new Request("http://localhost:3000/api/v1/me", {
    headers: { cookie: `${sessionCookieName("http://localhost:3000")}=${cookie}`, ...headers },
  });

test("one's sessions are listed with device, address, provider and times, the one that asks first", async () => {
  const userId = await newPerson();
  const first = await signIn(userId);
  const second = await signIn(userId);
  const stranger = await signIn(await newPerson());
  const listed = await listSessions({ ctx: first.ctx });
  expect(listed.map(({ id, current }) => [id, current])).toEqual([
    [first.id, true],
    [second.id, false],
  ]);
  expect(listed[0]).toMatchObject({
    device: "Firefox on Windows",
    sourceIp: "203.0.113.9",
    provider: "oidc",
    createdAt: expect.any(String),
    lastSeenAt: expect.any(String),
  });
  expect(JSON.stringify(listed)).not.toContain(first.cookie);
  expect(await listSessionsOf({ ctx: system, input: { id: userId } })).toHaveLength(2);
  await expect(listSessionsOf({ ctx: stranger.ctx, input: { id: userId } })).rejects.toMatchObject({
    code: "permission_denied",
  });
});

test("that it is in use is written once a minute at most, with the address", async () => {
  const { cookie, id, ctx } = await signIn(await newPerson());
  await age(id, "last_seen_at", 50_000);
  const before = await lastSeen(id);
  await findSession(cookie, { seen: { sourceIp: "198.51.100.1" } });
  expect(await lastSeen(id)).toBe(before);
  await age(id, "last_seen_at", 70_000);
  await findSession(cookie, { seen: { sourceIp: "198.51.100.1" } });
  expect(await lastSeen(id)).toBeGreaterThan(before);
  const [row] = await listSessions({ ctx });
  expect(row).toMatchObject({ sourceIp: "203.0.113.9", lastSeenIp: "198.51.100.1" });
});

test("what a page asks for with nobody at it is no use; a terminal's typing is", async () => {
  const { cookie, id } = await signIn(await newPerson());
  await age(id, "last_seen_at", 300_000);
  const before = await lastSeen(id);
  expect((await contextFromRequest(request(cookie, { [UNATTENDED_HEADER]: "1" }))).actor.kind).toBe("user");
  expect(await lastSeen(id)).toBe(before);
  await noteSessionUse({ id, sourceIp: "198.51.100.2" });
  expect(await lastSeen(id)).toBeGreaterThan(before);
  await age(id, "last_seen_at", 300_000);
  await contextFromRequest(request(cookie));
  expect(await lastSeen(id)).toBeGreaterThan(before);
});

test("one that nobody uses ends, and use does not bring it back", async () => {
  const { cookie, id, ctx } = await signIn(await newPerson());
  await age(id, "last_seen_at", 59 * 60_000);
  expect(await findSession(cookie)).not.toBeNull();
  await age(id, "last_seen_at", 61 * 60_000);
  expect(await findSession(cookie, { seen: { sourceIp: null } })).toBeNull();
  await noteSessionUse({ id, sourceIp: null });
  expect(await findSession(cookie)).toBeNull();
  expect(await isSessionOpen(id)).toBe(false);
  expect((await contextFromRequest(request(cookie))).actor.kind).toBe("anonymous");
  await expect(installation.prisma.$transaction((tx) => holdMaker(tx, ctx))).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("a shorter lifetime holds for sessions that run, however much they are used", async () => {
  const { cookie, id } = await signIn(await newPerson());
  await age(id, "created_at", 3_600_000);
  expect(await findSession(cookie, { seen: { sourceIp: null } })).not.toBeNull();
  limit({ lifetimeMs: 2 * 3_600_000 });
  const left = (await findSession(cookie))!.credential.expiresAt.getTime() - Date.now();
  expect(Math.abs(left - 3_600_000)).toBeLessThan(60_000);
  limit({ lifetimeMs: 1_800_000 });
  expect(await findSession(cookie, { seen: { sourceIp: null } })).toBeNull();
});

test("an answer that is sent for long ends with the session's lifetime", async () => {
  const { cookie, id } = await signIn(await newPerson());
  await age(id, "created_at", 12 * 3_600_000 - 5_000);
  const asked = request(cookie);
  const watch = watchAccess(asked, await contextFromRequest(asked));
  try {
    await expect
      .poll(() => watch.signal.aborted && watch.signal.reason.message, { timeout: 20_000 })
      .toMatch(/the session expired|does not count/);
  } finally {
    watch.stop();
  }
});

test("all others end at once, each with its event; a token ends none", async () => {
  const userId = await newPerson();
  const kept = await signIn(userId);
  const [one, two] = [await signIn(userId), await signIn(userId)];
  const stranger = await signIn(await newPerson());
  const watch = watchAccess(request(one.cookie), one.ctx);
  const byToken: Context = {
    ...kept.ctx,
    credential: { ...kept.ctx.credential!, kind: "token" },
  };
  await expect(revokeOtherSessions({ ctx: byToken })).rejects.toMatchObject({ code: "permission_denied" });
  expect(await revokeOtherSessions({ ctx: kept.ctx })).toEqual({ ended: 2, logins: 0 });
  await expect.poll(() => watch.signal.aborted).toBe(true);
  expect(await findSession(one.cookie)).toBeNull();
  expect(await findSession(two.cookie)).toBeNull();
  expect(await findSession(kept.cookie)).not.toBeNull();
  expect(await findSession(stranger.cookie)).not.toBeNull();
  const events = (await readEvents(installation)).slice(-2);
  expect(events.map(({ entityType, operation, entityId }) => [entityType, operation, entityId])).toEqual([
    ["Session", "Revoke", one.id],
    ["Session", "Revoke", two.id],
  ]);
  expect(await revokeOtherSessions({ ctx: kept.ctx })).toEqual({ ended: 0, logins: 0 });
});

test("nobody ends another's session, nor learns whether there is one", async () => {
  const { id } = await signIn(await newPerson());
  const stranger = await signIn(await newPerson());
  const refused = { code: "not_found" };
  await expect(revokeSession({ ctx: stranger.ctx, input: { id } })).rejects.toMatchObject(refused);
  expect(await isSessionOpen(id)).toBe(true);
});
