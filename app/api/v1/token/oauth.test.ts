import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemContext } from "../../../../lib/context.ts";
import { MOST_TOKENS_A_MINUTE } from "../../../../lib/identity/application-tokens/request-rate.ts";
import { createApplication } from "../../../../lib/identity/applications/mutations.ts";
import { authenticateToken } from "../../../../lib/identity/authenticate.ts";
import { stopFailedAuthentication } from "../../../../lib/identity/failed-authentication/record.ts";
import { createPerson } from "../../../../lib/identity/people/mutations.ts";
import { issueToken } from "../../../../lib/identity/tokens/mutations.ts";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../../test/installation.ts";
import { POST as introspect } from "./introspect/route.ts";
import { GET as metadata } from "./metadata/route.ts";
import { POST as revoke } from "./revoke/route.ts";
import { POST as token } from "./route.ts";

// A client of the standards, which knows nothing of this product: panva's openid-client.

const ctx = systemContext("test");
const PATIENT = { timeout: 15_000 };
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(async () => {
  await stopFailedAuthentication();
  await installation.close();
});

const ROUTES: Record<string, (request: Request) => Promise<Response>> = {
  "/.well-known/oauth-authorization-server": (request) => metadata(request, NO_PARAMS),
  "/api/v1/token": (request) => token(request, NO_PARAMS),
  "/api/v1/token/revoke": revoke,
  "/api/v1/token/introspect": introspect,
};
const NO_PARAMS = { params: Promise.resolve({}) };

const serve: client.CustomFetch = (url, { headers, method, body }) => {
  const route = ROUTES[new URL(url).pathname]!;
  return route(new Request(url, { headers, method, body: body as BodyInit }));
};

let made = 0;
async function newClient(authentication = client.ClientSecretBasic, scopes?: string[]) {
  const application = await createApplication({ ctx, input: { name: `oauth-${++made}`, scopes } });
  const { id, secret } = application;
  const discovered = await client.discovery(
    new URL(installation.config.publicUrl),
    id,
    undefined,
    authentication(secret),
    { algorithm: "oauth2", execute: [client.allowInsecureRequests], [client.customFetch]: serve },
  );
  return { application, discovered };
}

describe("a client of the standards", () => {
  test.each([
    ["HTTP Basic", client.ClientSecretBasic],
    ["the form", client.ClientSecretPost],
  ])("finds its way, and proves itself by %s", async (_how, authentication) => {
    const { application, discovered } = await newClient(authentication, ["audit:read", "audit:export"]);
    const granted = await client.clientCredentialsGrant(discovered, { scope: "audit:read" });
    expect(granted).toMatchObject({ token_type: "bearer", scope: "audit:read", expires_in: 3_600 });
    const known = await client.tokenIntrospection(discovered, granted.access_token);
    expect(known).toMatchObject({
      active: true,
      scope: "audit:read",
      client_id: application.id,
      sub: application.id,
      username: application.name,
      iss: installation.config.publicUrl,
    });
    expect(known.exp! - known.iat!).toBe(3_600);
    await client.tokenRevocation(discovered, granted.access_token);
    await expect.poll(() => authenticateToken(granted.access_token), PATIENT).toBeNull();
    expect(await client.tokenIntrospection(discovered, granted.access_token)).toEqual({ active: false });
    // One that has ended is no error (RFC 7009, section 2.2), nor is one that never was.
    await client.tokenRevocation(discovered, granted.access_token);
    await client.tokenRevocation(discovered, "kw_nothing");
  });

  test("is told in the words of RFC 6749 what is wrong", async () => {
    const { discovered } = await newClient(client.ClientSecretBasic, ["audit:read"]);
    await expect(client.clientCredentialsGrant(discovered, { scope: "access:write" })).rejects.toMatchObject({
      error: "invalid_scope",
    });
  });
});

describe("somebody else's token", () => {
  test("is nothing that is told of, nor revoked, and the attempt is an event", async () => {
    const mine = await newClient();
    const other = await newClient();
    const { access_token: theirs } = await client.clientCredentialsGrant(other.discovered);
    const person = await createPerson({ ctx, input: { email: "p@acme.example", name: "P", groups: [] } });
    const key = await issueToken({ ctx, input: { name: "key", userId: person.id } });
    for (const foreign of [theirs, key.token]) {
      expect(await client.tokenIntrospection(mine.discovered, foreign)).toEqual({ active: false });
      await expect(client.tokenRevocation(mine.discovered, foreign)).rejects.toMatchObject({
        error: "unauthorized_client",
      });
      expect(await authenticateToken(foreign)).not.toBeNull();
    }
    const refused = (await readEvents(installation)).filter(
      ({ operation, status }) => operation === "Revoke" && status === "Failed",
    );
    expect(refused.map(({ actorName }) => actorName)).toEqual(Array(2).fill(mine.application.name));
  });

  test("is not shown to who proves nothing, nor to a session's cookie", async () => {
    const { discovered } = await newClient();
    const { access_token } = await client.clientCredentialsGrant(discovered);
    for (const headers of [{}, { cookie: "next-auth.session-token=x" }, { authorization: "Bearer kw_x" }]) {
      const request = new Request("http://localhost:3000/api/v1/token/introspect", {
        method: "POST",
        body: new URLSearchParams({ token: access_token }),
        headers: headers as Record<string, string>,
      });
      const answer = await introspect(request);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: "invalid_client" });
    }
  });
});

test("a person asks of a key of their own with another", async () => {
  const { id: userId } = await createPerson({
    ctx,
    input: { email: "q@acme.example", name: "Q", groups: [] },
  });
  const key = await issueToken({ ctx, input: { name: "key", userId, scopes: ["kubernetes"] } });
  const asking = await issueToken({ ctx, input: { name: "asking", userId } });
  const request = new Request("http://localhost:3000/api/v1/token/introspect", {
    method: "POST",
    body: new URLSearchParams({ token: key.token }),
    headers: { authorization: `Bearer ${asking.token}` },
  });
  const answer = await introspect(request);
  expect(await answer.json()).toMatchObject({
    active: true,
    scope: "kubernetes",
    username: "q@acme.example",
    jti: key.id,
  });
});

test("an application that asks too often waits, and keeps no other waiting", async () => {
  const [busy, other] = [await newClient(), await newClient()];
  const ask = () => client.clientCredentialsGrant(busy.discovered);
  await ask();
  for (let asked = 1; asked < MOST_TOKENS_A_MINUTE; asked += 1) await ask();
  await expect(ask()).rejects.toMatchObject({ status: 429, error: "temporarily_unavailable" });
  await client.clientCredentialsGrant(other.discovered);
});
