import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { type Context, systemContext } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { authenticateToken } from "../authenticate.ts";
import { createPerson, setPersonEnabled } from "../people/mutations.ts";
import { findSession } from "../sessions/find-session.ts";
import { createSession } from "../sessions/mutations.ts";
import { extendTerminalToken, issueTerminalToken, revokeTerminalToken } from "./terminal-token.ts";

const ctx = systemContext("test");
const LIFETIME_MS = 3_600_000;
let installation: TestInstallation;
let made = 0;
let person: Context;

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_TOKENS_LIFETIME: "1h" });
});
afterAll(() => installation.close());
beforeEach(async () => {
  person = await signIn(12 * 3_600_000);
});

async function signIn(sessionMs: number): Promise<Context> {
  made += 1;
  const { id } = await createPerson({
    ctx,
    input: { email: `t${made}@acme.example`, name: "T", groups: [] },
  });
  const sessionToken = randomBytes(32).toString("hex");
  const expires = new Date(Date.now() + sessionMs);
  await createSession({ ctx, input: { userId: id, provider: "oidc", sessionToken, expires } });
  return { ...ctx, ...(await findSession(sessionToken))! };
}

const issue = (asker = person) =>
  issueTerminalToken({ ctx: asker, input: { terminalId: randomUUID(), clusterId: randomUUID() } });
const personId = () => (person.actor as { id: string }).id;

test("counts for its terminal and cluster, as the person, for minutes", async () => {
  const terminalId = randomUUID();
  const clusterId = randomUUID();
  const token = await issueTerminalToken({ ctx: person, input: { terminalId, clusterId } });
  expect(await authenticateToken(token.token)).toMatchObject({
    actor: { kind: "user", id: personId() },
    terminal: { id: terminalId, clusterId, sessionId: person.credential!.id },
  });
  expect(token.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(10 * 60_000);
});

test("is never extended beyond tokens.lifetime, nor beyond its console session", async () => {
  const long = await issue();
  expect(long.endsAt.getTime() - Date.now()).toBeLessThanOrEqual(LIFETIME_MS);
  const short = await signIn(5 * 60_000);
  const token = await issue(short);
  expect(token.endsAt).toEqual(short.credential!.expiresAt);
  expect(token.expiresAt).toEqual(token.endsAt);
  expect(await extendTerminalToken(token)).toEqual(token.endsAt);
});

test("is extended while session and person count, and not after", async () => {
  const token = await issue();
  expect(await extendTerminalToken(token)).toBeInstanceOf(Date);
  await setPersonEnabled({ ctx, input: { id: personId(), enabled: false } });
  expect(await extendTerminalToken(token)).toBeNull();

  person = await signIn(3_600_000);
  const other = await issue();
  await database().session.deleteMany({ where: { userId: personId() } });
  expect(await extendTerminalToken(other)).toBeNull();
  expect(await authenticateToken(other.token)).toBeNull();
});

test("does not count any more when it was revoked, and is not extended", async () => {
  const token = await issue();
  await revokeTerminalToken(token);
  expect(await extendTerminalToken(token)).toBeNull();
  expect(await authenticateToken(token.token)).toBeNull();
});

test("is issued to who comes with a console session that counts", async () => {
  const bearer = { kind: "token" as const, id: randomUUID(), expiresAt: new Date(Date.now() + 60_000) };
  await expect(issue({ ...person, credential: bearer })).rejects.toMatchObject({ code: "permission_denied" });
  await expect(issue(ctx)).rejects.toMatchObject({ code: "permission_denied" });
  await database().session.deleteMany({ where: { userId: personId() } });
  await expect(issue()).rejects.toMatchObject({ code: "unauthenticated" });
});
