import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../test/installation.ts";
import { readAudit } from "../audit/query/audit-query.ts";
import { systemContext } from "../context.ts";
import { issueApplicationToken } from "../identity/application-tokens/mutations.ts";
import { createApplication } from "../identity/applications/mutations.ts";
import { authenticateToken } from "../identity/authenticate.ts";
import { findSession } from "../identity/sessions/find-session.ts";
import { createSession } from "../identity/sessions/mutations.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(() => installation.close());

/** Of this database alone: others of the server are other files'. */
const cancelSlowReads = () =>
  installation.prisma
    .$queryRaw`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;

test("reads of the record that take long keep nobody from signing in, nor a token from being known", async () => {
  const { id, secret } = await createApplication({ ctx, input: { name: "reader" } });
  const { id: userId } = await installation.prisma.user.create({
    data: { email: "ada@example.com", issuer: "demo" },
  });
  const slow = Array.from({ length: 14 }, () =>
    readAudit((run) => run("SELECT pg_sleep(60)", []), 60_000).then(
      () => null,
      (error: unknown) => error,
    ),
  );
  await expect.poll(() => installation.pool.totalCount).toBe(10);
  await expect.poll(() => installation.pool.waitingCount).toBe(4);

  const grant = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
  const { accessToken } = await issueApplicationToken({ ctx, input: grant });
  expect(await authenticateToken(accessToken)).toMatchObject({ actor: { kind: "application", id } });
  const sessionToken = randomBytes(32).toString("base64url");
  await createSession({
    ctx,
    input: { userId, provider: "oidc", sessionToken, expires: new Date(Date.now() + 60_000) },
  });
  expect(await findSession(sessionToken)).toMatchObject({ actor: { id: userId } });

  // All of that while the reads went on; those that found no connection are told why.
  const waited = await Promise.race(slow);
  expect(waited).toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 5,
    message: expect.stringMatching(/^All 10 connections for reading the record are in use\./),
  });
  // One that still waited would get the place of one that is cancelled.
  await expect.poll(() => installation.pool.waitingCount).toBe(0);
  await cancelSlowReads();
  await Promise.all(slow);
}, 60_000);
