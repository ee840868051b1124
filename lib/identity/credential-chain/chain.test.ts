import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { installConfig } from "../../config.ts";
import { type Context, systemContext } from "../../context.ts";
import { issueApplicationToken } from "../application-tokens/mutations.ts";
import { createApplication, rotateApplicationSecret } from "../applications/mutations.ts";
import type { ApplicationWithSecret } from "../applications/schema.ts";
import { authenticateToken } from "../authenticate.ts";
import { createPerson, setPersonEnabled } from "../people/mutations.ts";
import { contextFromRequest } from "../request-context.ts";
import { createSession, endSession, revokeSession } from "../sessions/mutations.ts";
import { sessionCookieName } from "../sessions/token.ts";
import { findTokenOwner } from "../tokens/find-owner.ts";
import { hashCredential } from "../tokens/format.ts";
import { issueToken, revokeToken } from "../tokens/mutations.ts";

const ctx = systemContext("test");
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation({
    ...NO_DEMO,
    OIDC_ADMINISTRATOR_GROUPS: "admins",
  });
});
afterAll(() => installation.close());

let made = 0;
async function newPerson(): Promise<string> {
  const name = `p${++made}`;
  const person = await createPerson({
    ctx,
    input: { email: `${name}@acme.example`, name, groups: ["admins"] },
  });
  return person.id;
}

/** What a request with that token or cookie may do, as a route handler gets it. */
const contextOf = (headers: Record<string, string>) =>
  contextFromRequest(new Request("http://localhost:3000/api/v1/me", { headers }));
const withToken = (token: string) => contextOf({ authorization: `Bearer ${token}` });

async function newSession(userId: string) {
  const sessionToken = randomBytes(32).toString("base64url");
  const expires = new Date(Date.now() + 3_600_000);
  await createSession({ ctx, input: { userId, provider: "oidc", sessionToken, expires } });
  const own = await contextOf({
    cookie: `${sessionCookieName(installation.config.publicUrl)}=${sessionToken}`,
  });
  return { sessionToken, own, id: own.credential!.id };
}

const issue = (own: Context, lifetimeMs?: number) =>
  issueToken({ ctx: own, input: { name: "made", lifetimeMs } });
const buy = ({ id, secret }: ApplicationWithSecret) =>
  issueApplicationToken({
    ctx,
    input: { grantType: "client_credentials", clientId: id, clientSecret: secret },
  });
const diesSoon = (token: string) => expect.poll(() => authenticateToken(token)).toBeNull();

describe("a token that was made with a token", () => {
  test("ends when that does, however long a life is asked for", async () => {
    const userId = await newPerson();
    const parent = await issueToken({ ctx, input: { name: "short", lifetimeMs: 60_000, userId } });
    const own = await withToken(parent.token);
    await expect(issue(own, 7 * 86_400_000)).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "lifetimeMs", takes: expect.stringContaining("the token that asks ends then") }],
    });
    const child = await issue(own);
    const grandchild = await issue(await withToken(child.token));
    for (const each of [child, grandchild]) {
      expect(Date.parse(each.expiresAt)).toBeLessThanOrEqual(Date.parse(parent.expiresAt));
    }
    expect([child.madeWith, grandchild.madeWith]).toEqual([parent.id, child.id]);
  });

  test("is revoked with it, and so is what was made with it in turn", async () => {
    const userId = await newPerson();
    const parent = await issueToken({ ctx, input: { name: "stolen", userId } });
    const child = await issue(await withToken(parent.token));
    const grandchild = await issue(await withToken(child.token));
    const beside = await issueToken({ ctx, input: { name: "beside", userId } });
    expect(await authenticateToken(grandchild.token)).not.toBeNull();
    await revokeToken({ ctx, input: { id: parent.id } });
    await diesSoon(parent.token);
    await diesSoon(child.token);
    await diesSoon(grandchild.token);
    expect(await authenticateToken(beside.token)).not.toBeNull();
    const [event] = (await readEvents(installation)).filter(({ operation }) => operation === "Revoke");
    expect(event).toMatchObject({ entityId: parent.id, after: { endedWithIt: 2 } });
  });

  test("is not made with one that has been revoked since", async () => {
    const parent = await issueToken({ ctx, input: { name: "gone", userId: await newPerson() } });
    const own = await withToken(parent.token);
    await revokeToken({ ctx, input: { id: parent.id } });
    await expect(issue(own)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("does not slip past a revocation that runs at the same time", async () => {
    const parent = await issueToken({ ctx, input: { name: "raced", userId: await newPerson() } });
    const own = await withToken(parent.token);
    const attempts = Array.from({ length: 12 }, () => issue(own).catch(() => null));
    await revokeToken({ ctx, input: { id: parent.id } });
    await Promise.all(attempts);
    const { rows } = await installation.pool.query(
      "select count(*)::int as counting from access_tokens where $1 = any(ancestors) and revoked_at is null",
      [parent.id],
    );
    expect(rows).toEqual([{ counting: 0 }]);
  });

  test("stands in a chain whose length is bounded", async () => {
    let { token } = await issueToken({ ctx, input: { name: "first", userId: await newPerson() } });
    for (let length = 0; length < 8; length++) token = (await issue(await withToken(token))).token;
    await expect(issue(await withToken(token))).rejects.toMatchObject({ code: "permission_denied" });
  });
});

test("so many tokens of one person count at once, and no more", async () => {
  const userId = await newPerson();
  await installation.pool.query(
    `insert into access_tokens (user_id, name, token_hash, expires_at)
     select $1::uuid, 'filler', sha256(concat($1::text, n)::bytea), now() + interval '1 hour' from generate_series(1, 200) n`,
    [userId],
  );
  await expect(issueToken({ ctx, input: { name: "more", userId } })).rejects.toMatchObject({
    code: "conflict",
  });
});

describe("a token that was made in a session", () => {
  test("goes on after signing out, and ends when the session is revoked", async () => {
    const userId = await newPerson();
    const [left, stolen] = [await newSession(userId), await newSession(userId)];
    const kept = await issue(left.own);
    const taken = await issue(stolen.own);
    const below = await issue(await withToken(taken.token));
    await endSession({ ctx, input: left });
    await revokeSession({ ctx, input: { id: stolen.id } });
    await diesSoon(taken.token);
    await diesSoon(below.token);
    expect(await authenticateToken(kept.token)).not.toBeNull();
    await expect(issue(left.own)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(issue(stolen.own)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("can be ended by its person and by an administrator, by nobody else", async () => {
    const session = await newSession(await newPerson());
    const stranger = await newSession(await newPerson());
    const actor = { ...stranger.own.actor, consoleRole: "user" } as Context["actor"];
    await expect(
      revokeSession({ ctx: { ...stranger.own, actor }, input: { id: session.id } }),
    ).rejects.toMatchObject({ code: "not_found" });
    await revokeSession({ ctx: session.own, input: { id: session.id } });
  });
});

describe("an application's secret", () => {
  test("that was made with a token buys nothing that outlives it", async () => {
    const parent = await issueToken({
      ctx,
      input: { name: "admin", lifetimeMs: 60_000, userId: await newPerson() },
    });
    const own = await withToken(parent.token);
    const application = await createApplication({
      ctx: own,
      input: { name: `a${++made}`, consoleRole: "administrator" },
    });
    expect(application.secretExpiresAt).toBe(parent.expiresAt);
    const bought = await buy(application);
    expect(bought.expiresIn).toBeLessThanOrEqual(60);
    const below = await createApplication({
      ctx: await withToken(bought.accessToken),
      input: { name: `a${++made}` },
    });
    const boughtBelow = await buy(below);
    await revokeToken({ ctx, input: { id: parent.id } });
    await diesSoon(bought.accessToken);
    await diesSoon(boughtBelow.accessToken);
    await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(buy(below)).rejects.toMatchObject({ code: "unauthenticated" });
    const rotated = await rotateApplicationSecret({ ctx, input: { id: application.id } });
    expect(rotated.secretExpiresAt).toBeNull();
    expect((await buy(rotated)).expiresIn).toBe(3_600);
  });

  test("ends with the person whose token made it", async () => {
    const userId = await newPerson();
    const parent = await issueToken({ ctx, input: { name: "admin", userId } });
    const input = { name: `a${++made}` };
    const application = await createApplication({ ctx: await withToken(parent.token), input });
    const { accessToken } = await buy(application);
    await setPersonEnabled({ ctx, input: { id: userId, enabled: false } });
    await diesSoon(accessToken);
    await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("that was made in a session lasts, until the session is revoked", async () => {
    const session = await newSession(await newPerson());
    const application = await createApplication({ ctx: session.own, input: { name: `a${++made}` } });
    expect(application.secretExpiresAt).toBeNull();
    const { accessToken } = await buy(application);
    await revokeSession({ ctx, input: { id: session.id } });
    await diesSoon(accessToken);
    await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

test("what was made with the token of somebody whose identity provider is configured no more does not count, until it is again", async () => {
  const parent = await issueToken({ ctx, input: { name: "parent", userId: await newPerson() } });
  const own = await withToken(parent.token);
  const application = await createApplication({
    ctx: own,
    input: { name: `a${++made}`, consoleRole: "administrator" },
  });
  const { accessToken } = await buy(application);
  const owner = () => findTokenOwner(hashCredential(accessToken));
  expect(await owner()).toMatchObject({ actor: { kind: "application" } });
  const { config } = installation;
  installConfig({ ...config, providers: [{ ...config.providers[0]!, issuer: "https://other.example" }] });
  try {
    expect(await owner()).toBeNull();
    await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
    const reason = expect.stringContaining("identity provider of that token's person is not configured");
    expect((await readEvents(installation)).at(-1)).toMatchObject({
      entityId: application.id,
      error: reason,
    });
    await expect(issue(own)).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("identity provider is not configured any more"),
    });
  } finally {
    installConfig(config);
  }
  expect(await owner()).toMatchObject({ actor: { kind: "application" } });
});
