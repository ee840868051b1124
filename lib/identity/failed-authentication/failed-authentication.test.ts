import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "../../../app/api/v1/token/route.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { createApplication } from "../applications/mutations.ts";
import { attachClientAddress } from "../forwarded-client.ts";
import { contextFromRequest } from "../request-context.ts";
import { createCredential } from "../tokens/format.ts";
import { recordCountedFailures, stopFailedAuthentication } from "./record.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(async () => {
  await stopFailedAuthentication();
  await installation.close();
});

/** A request as the console's server hands it on. */
function requestFrom(address: string, headers: Record<string, string>, body?: unknown): Request {
  const received = { headers: { "user-agent": "curl/8", ...headers } };
  attachClientAddress(received as unknown as IncomingMessage, address);
  const method = body === undefined ? "GET" : "POST";
  return new Request("http://localhost:3000/api/v1/x", {
    method,
    headers: received.headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
}

const withToken = (address: string, token: string) =>
  contextFromRequest(requestFrom(address, { authorization: `Bearer ${token}` }));
const askForToken = (address: string, clientId: string, clientSecret: string) =>
  POST(requestFrom(address, {}, { grantType: "client_credentials", clientId, clientSecret }), {
    params: Promise.resolve({}),
  });

test("a bearer token that does not count is a failed login, without the token", async () => {
  const before = await lastEventNo(installation);
  const token = createCredential("token");
  await expect(withToken("203.0.113.1", token)).rejects.toMatchObject({ code: "unauthenticated" });
  const events = await readEvents(installation, before);
  expect(events).toMatchObject([
    {
      action: "Login",
      operation: "Login",
      entityType: "Login",
      status: "Failed",
      actorKind: "anonymous",
      sourceIp: "203.0.113.1",
      userAgent: "curl/8",
      error: "the bearer token is unknown, expired or revoked",
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(token.slice(3, 20));
});

test("many from one address are told in one event, and another address has its own", async () => {
  const before = await lastEventNo(installation);
  for (let i = 0; i < 60; i++) await withToken("203.0.113.2", "nonsense").catch(() => {});
  await withToken("203.0.113.3", "nonsense").catch(() => {});
  await recordCountedFailures();
  const events = await readEvents(installation, before);
  const of = (address: string) => events.filter(({ sourceIp }) => sourceIp === address);
  expect(of("203.0.113.2")).toHaveLength(11);
  expect(of("203.0.113.2").at(-1)).toMatchObject({
    action: "Login",
    status: "Failed",
    actorKind: "anonymous",
    error: expect.stringMatching(/^50 more failed authentications from this address since \d{4}-/),
  });
  expect(of("203.0.113.3")).toHaveLength(1);
});

test("an address that guesses secrets is told to wait, also with the right one; others are not", async () => {
  const { id, secret } = await createApplication({ ctx: systemContext("test"), input: { name: "guessed" } });
  const before = await lastEventNo(installation);
  for (let i = 0; i < 20; i++) expect((await askForToken("203.0.113.4", id, "wrong")).status).toBe(401);
  const refused = await askForToken("203.0.113.4", id, secret);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: "resource_exhausted" });
  const seconds = Number(refused.headers.get("retry-after"));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect((await askForToken("203.0.113.5", id, secret)).status).toBe(200);
  await recordCountedFailures();
  const failed = (await readEvents(installation, before)).filter(({ status }) => status === "Failed");
  expect(failed).toHaveLength(11);
  expect(failed[0]).toMatchObject({ entityId: id, entityName: "guessed", actorName: "guessed" });
  expect(failed.at(-1)?.error).toMatch(/^11 more /);
});

test("what was counted is told when the process ends", async () => {
  for (let i = 0; i < 12; i++) await withToken("203.0.113.6", "nonsense").catch(() => {});
  const before = await lastEventNo(installation);
  await stopFailedAuthentication();
  expect(await readEvents(installation, before)).toMatchObject([
    { sourceIp: "203.0.113.6", error: expect.stringMatching(/^2 more /) },
  ]);
});
