import { randomBytes } from "node:crypto";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGrant, revokeGrant } from "../../../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../../../lib/access/roles/mutations.ts";
import { registerCluster } from "../../../../lib/clusters/mutations.ts";
import { installConfig } from "../../../../lib/config.ts";
import { systemContext } from "../../../../lib/context.ts";
import { createApplication } from "../../../../lib/identity/applications/mutations.ts";
import { authenticateToken } from "../../../../lib/identity/authenticate.ts";
import { stopFailedAuthentication } from "../../../../lib/identity/failed-authentication/record.ts";
import { MOST_KEPT_OF_NETWORK } from "../../../../lib/identity/oauth/device/begin-device-request.ts";
import { createPerson, setPersonEnabled } from "../../../../lib/identity/people/mutations.ts";
import { createSession, revokeSession } from "../../../../lib/identity/sessions/mutations.ts";
import { sessionCookieName } from "../../../../lib/identity/sessions/token.ts";
import { issueToken } from "../../../../lib/identity/tokens/mutations.ts";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../../test/installation.ts";
import { type RouteServer, serveRoutes } from "../../../../test/route-server.ts";
import { GET as logins } from "../logins/route.ts";
import { DELETE as endOthers } from "../sessions/others/route.ts";
import { GET as metadata } from "../token/metadata/route.ts";
import { POST as revoke } from "../token/revoke/route.ts";
import { POST as token } from "../token/route.ts";
import { POST as authorize } from "./authorize/route.ts";
import { POST as answerDevice } from "./device/answer/route.ts";
import { POST as findDevice } from "./device/find/route.ts";
import { POST as device } from "./device/route.ts";

// A client of the standards over real sockets: panva's openid-client, as the command line is one.

const ctx = systemContext("test");
const PATIENT = { timeout: 15_000 };
const REDIRECT = "http://127.0.0.1:45678/callback";
let installation: TestInstallation;
let server: RouteServer;
let known: client.Configuration;

beforeAll(async () => {
  installation = await createTestInstallation(NO_DEMO);
  await updateBuiltInRoles({ ctx });
  server = await serveRoutes({
    "GET /.well-known/oauth-authorization-server": metadata,
    "POST /api/v1/token": token,
    "POST /api/v1/token/revoke": (request) => revoke(request),
    "POST /api/v1/oauth/device": (request) => device(request),
    "POST /api/v1/oauth/device/find": findDevice,
    "POST /api/v1/oauth/device/answer": answerDevice,
    "POST /api/v1/oauth/authorize": authorize,
    "GET /api/v1/logins": logins,
    "DELETE /api/v1/sessions/others": endOthers,
  });
  installConfig({ ...installation.config, publicUrl: server.url });
  known = await client.discovery(new URL(server.url), "kubewitness-cli", undefined, client.None(), {
    algorithm: "oauth2",
    execute: [client.allowInsecureRequests],
  });
});
afterAll(async () => {
  await server.close();
  await stopFailedAuthentication();
  await installation.close();
});

interface Browser {
  userId: string;
  email: string;
  sessionId: string;
  /** What a page of the console sends. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}
interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of several routes
  body: any;
}

let made = 0;
async function newBrowser(): Promise<Browser> {
  const name = `person-${++made}`;
  const email = `${name}@acme.example`;
  const { id: userId } = await createPerson({ ctx, input: { email, name, groups: [] } });
  const sessionToken = randomBytes(32).toString("base64url");
  const expires = new Date(Date.now() + 3_600_000);
  await createSession({ ctx, input: { userId, provider: "oidc", sessionToken, expires } });
  const [session] = await installation.prisma.session.findMany({ where: { userId } });
  const cookie = `${sessionCookieName(server.url)}=${sessionToken}`;
  return { userId, email, sessionId: session!.id, send: (...asked) => send({ cookie }, ...asked) };
}

async function send(
  credential: Record<string, string>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { origin: server.url, "sec-fetch-site": "same-origin" },
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...credential, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json().catch(() => null) };
}

const asked = async (verifier: string, extra: Record<string, unknown> = {}) => ({
  response_type: "code",
  client_id: "kubewitness-cli",
  redirect_uri: REDIRECT,
  state: "the state",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  device_name: "alice-laptop",
  ...extra,
});

/** The person approves in the browser; the address that it is led to. */
async function approve(browser: Browser, verifier: string, extra?: Record<string, unknown>): Promise<URL> {
  const request = await asked(verifier, extra);
  const { status, body } = await browser.send("POST", "/api/v1/oauth/authorize", {
    request,
    answer: "approve",
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return new URL(body.redirectTo);
}

const redeem = (back: URL, verifier: string, parameters?: Record<string, string>) =>
  client.authorizationCodeGrant(
    known,
    back,
    { pkceCodeVerifier: verifier, expectedState: "the state" },
    parameters,
  );

async function login(browser: Browser, extra?: Record<string, unknown>) {
  const verifier = client.randomPKCECodeVerifier();
  return redeem(await approve(browser, verifier, extra), verifier);
}

const refresh = (token: string, parameters?: Record<string, string>) =>
  client.refreshTokenGrant(known, token, parameters);
const comeFrom = async (address: string) => {
  server.from = address;
};
const refused = { error: "invalid_grant" };

describe("by a browser on the same machine", () => {
  test("signs in, uses the API, refreshes silently, signs out", async () => {
    const browser = await newBrowser();
    expect(known.serverMetadata()).toMatchObject({
      authorization_endpoint: `${server.url}/oauth/authorize`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
    const first = await login(browser);
    expect(first).toMatchObject({ token_type: "bearer", expires_in: 8 * 3_600 });
    expect(first.scope).toBeUndefined();
    const bearer = { authorization: `Bearer ${first.access_token}` };
    expect((await send(bearer, "GET", "/api/v1/logins")).body.logins).toMatchObject([
      { name: "alice-laptop", flow: "code", createdFrom: "127.0.0.1", scopes: null },
    ]);
    const second = await refresh(first.refresh_token!);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    // What runs with the token before goes on.
    expect(await authenticateToken(first.access_token)).not.toBeNull();
    await client.tokenRevocation(known, second.refresh_token!);
    for (const { access_token } of [first, second])
      await expect.poll(() => authenticateToken(access_token), PATIENT).toBeNull();
    await expect(refresh(second.refresh_token!)).rejects.toMatchObject(refused);
    expect((await browser.send("GET", "/api/v1/logins")).body.logins).toEqual([]);
  });

  test("is on the record, with no secret", async () => {
    const browser = await newBrowser();
    const before = await lastEventNo(installation);
    const verifier = client.randomPKCECodeVerifier();
    const back = await approve(browser, verifier);
    const tokens = await redeem(back, verifier);
    const next = await refresh(tokens.refresh_token!);
    await client.tokenRevocation(known, next.refresh_token!);
    const events = (await readEvents(installation, before)).filter(
      ({ actorName }) => actorName === browser.email,
    );
    expect(events.map(({ operation, entityType }) => `${operation} ${entityType}`)).toEqual([
      "Approve Login",
      "Login Login",
      "Create ApiKey",
      "Revoke Session",
    ]);
    const text = JSON.stringify(events);
    for (const secret of [
      back.searchParams.get("code")!,
      verifier,
      tokens.access_token,
      tokens.refresh_token!,
      next.refresh_token!,
    ])
      expect(text).not.toContain(secret);
  });

  test("a cluster's token counts for that cluster alone, and is no token of the API", async () => {
    const cluster = await registerCluster({
      ctx,
      input: {
        name: "prod",
        endpoint: "https://192.0.2.1:6443",
        credential: { kind: "token", token: "s3cret" },
      },
    });
    const browser = await newBrowser();
    const { refresh_token: first } = await login(browser);
    const ofProd = { resource: "urn:kubewitness:cluster:prod" };
    // No grant reaches it.
    await expect(refresh(first!, ofProd)).rejects.toMatchObject({ error: "invalid_target" });
    const grant = await createGrant({
      ctx,
      input: { role: "developer", subjectKind: "user", subject: browser.email, cluster: "prod" },
    });
    const refresh_token = first;
    const bound = await refresh(refresh_token!, { resource: "urn:kubewitness:cluster:prod" });
    expect(await authenticateToken(bound.access_token)).toMatchObject({
      clusterId: cluster.id,
      scopes: ["kubernetes"],
    });
    const bearer = { authorization: `Bearer ${bound.access_token}` };
    expect((await send(bearer, "GET", "/api/v1/logins")).status).toBe(403);
    for (const resource of ["urn:kubewitness:cluster:none", "urn:kubewitness:cluster:", "https://prod"])
      await expect(refresh(bound.refresh_token!, { resource })).rejects.toMatchObject({
        error: "invalid_target",
      });
    // What was refused so has used nothing up.
    const free = await refresh(bound.refresh_token!);
    expect((await authenticateToken(free.access_token))?.clusterId).toBeUndefined();
    await revokeGrant({ ctx, input: { id: grant.id } });
    await expect(refresh(free.refresh_token!, ofProd)).rejects.toMatchObject({ error: "invalid_target" });
  });

  test("has no more than the scopes that were approved", async () => {
    const tokens = await login(await newBrowser(), { scope: "kubernetes audit:read" });
    expect(tokens.scope).toBe("kubernetes audit:read");
    expect((await refresh(tokens.refresh_token!, { scope: "audit:read" })).scope).toBe("audit:read");
    const { refresh_token } = await login(await newBrowser(), { scope: "audit:read" });
    await expect(refresh(refresh_token!, { scope: "kubernetes" })).rejects.toMatchObject({
      error: "invalid_scope",
    });
  });

  test("carries the second factor that was shown in the session", async () => {
    const browser = await newBrowser();
    const secondFactorAt = new Date();
    await installation.prisma.session.update({ where: { id: browser.sessionId }, data: { secondFactorAt } });
    const { refresh_token } = await login(browser);
    const { access_token } = await refresh(refresh_token!);
    expect(await authenticateToken(access_token)).toMatchObject({ secondFactorAt });
  });

  test("hears that it was refused", async () => {
    const request = await asked(client.randomPKCECodeVerifier());
    const { body } = await (await newBrowser()).send("POST", "/api/v1/oauth/authorize", {
      request,
      answer: "refuse",
    });
    const back = new URL(body.redirectTo);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: "access_denied",
      state: "the state",
      iss: server.url,
    });
  });
});

describe("what must not be possible", () => {
  test.each([
    ["another host", { redirect_uri: "https://evil.example/callback" }],
    ["a name of loopback", { redirect_uri: "http://localhost:45678/callback" }],
    ["another path", { redirect_uri: "http://127.0.0.1:45678/callback/../x" }],
    ["a user's part", { redirect_uri: "http://127.0.0.1:45678@evil.example/callback" }],
    ["a query", { redirect_uri: "http://127.0.0.1:45678/callback?x=1" }],
    ["a port that there is not", { redirect_uri: "http://127.0.0.1:99999/callback" }],
    ["a line's end", { redirect_uri: "http://127.0.0.1:45678/callback\n" }],
    ["TLS", { redirect_uri: "https://127.0.0.1:45678/callback" }],
    ["plain PKCE", { code_challenge_method: "plain" }],
    ["PKCE without a method", { code_challenge_method: undefined }],
    ["no PKCE", { code_challenge: undefined }],
    ["a token in place of a code", { response_type: "token" }],
    ["another client", { client_id: "somebody" }],
    ["a scope that there is not", { scope: "everything" }],
  ])("%s in what is asked for", async (_what, wrong) => {
    const request = await asked(client.randomPKCECodeVerifier(), wrong);
    const answer = await (await newBrowser()).send("POST", "/api/v1/oauth/authorize", {
      request,
      answer: "approve",
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_argument" } });
    expect(JSON.stringify(answer.body)).not.toContain("kwa_");
  });

  test("a page of another site, or a token, that approves", async () => {
    const browser = await newBrowser();
    const request = await asked(client.randomPKCECodeVerifier());
    const body = { request, answer: "approve" };
    for (const headers of [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
      { origin: "null" },
      {},
    ] as Record<string, string>[]) {
      const answer = await browser.send("POST", "/api/v1/oauth/authorize", body, headers);
      expect(answer.status).toBe(403);
      expect((await browser.send("POST", "/api/v1/oauth/device/answer", {}, headers)).status).toBe(403);
    }
    const { access_token } = await login(browser);
    const key = await issueToken({ ctx, input: { name: "key", userId: browser.userId } });
    for (const bearer of [access_token, key.token]) {
      const answer = await send(
        { authorization: `Bearer ${bearer}` },
        "POST",
        "/api/v1/oauth/authorize",
        body,
      );
      expect(answer.status).toBe(403);
    }
    expect((await send({}, "POST", "/api/v1/oauth/authorize", body)).status).toBe(401);
  });

  test("a code twice: what was made of it ends, too", async () => {
    const verifier = client.randomPKCECodeVerifier();
    const back = await approve(await newBrowser(), verifier);
    const tokens = await redeem(back, verifier);
    await expect(redeem(back, verifier)).rejects.toMatchObject(refused);
    await expect.poll(() => authenticateToken(tokens.access_token), PATIENT).toBeNull();
    await expect(refresh(tokens.refresh_token!)).rejects.toMatchObject(refused);
  });

  test("a code by many at once", async () => {
    const verifier = client.randomPKCECodeVerifier();
    const back = await approve(await newBrowser(), verifier);
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => redeem(back, verifier)));
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  test("a code with another verifier or redirect, and then the right one", async () => {
    const browser = await newBrowser();
    const verifier = client.randomPKCECodeVerifier();
    const back = await approve(browser, verifier);
    await expect(redeem(back, client.randomPKCECodeVerifier())).rejects.toMatchObject(refused);
    await expect(redeem(back, verifier)).rejects.toMatchObject(refused);
    const other = await approve(browser, verifier);
    other.port = "45679";
    await expect(redeem(other, verifier)).rejects.toMatchObject(refused);
  });

  test("a code that is too old, or whose session has ended meanwhile", async () => {
    const verifier = client.randomPKCECodeVerifier();
    const browser = await newBrowser();
    const old = await approve(browser, verifier);
    await installation.pool.query(
      "update authorization_codes set expires_at = now() - interval '1 s' where used_at is null",
    );
    await expect(redeem(old, verifier)).rejects.toMatchObject(refused);
    const late = await approve(browser, verifier);
    await revokeSession({ ctx, input: { id: browser.sessionId } });
    await expect(redeem(late, verifier)).rejects.toMatchObject(refused);
  });

  test("an application with the grants of the command line, and the command line with a secret", async () => {
    const { id, secret } = await createApplication({ ctx, input: { name: "mixed" } });
    const form = (parameters: Record<string, string>) =>
      fetch(`${server.url}/api/v1/token`, { method: "POST", body: new URLSearchParams(parameters) }).then(
        (answer) => answer.json(),
      );
    const { refresh_token } = await login(await newBrowser());
    const grant = { grant_type: "refresh_token", refresh_token: refresh_token! };
    expect(await form({ ...grant, client_id: id })).toMatchObject({ error: "unauthorized_client" });
    expect(await form({ ...grant, client_id: id, client_secret: secret })).toMatchObject({
      error: "invalid_client",
    });
    expect(await form(grant)).toMatchObject({ error: "invalid_client" });
    expect(await form({ grant_type: "client_credentials", client_id: "kubewitness-cli" })).toMatchObject({
      error: "invalid_client",
    });
    const other = await issueToken({ ctx, input: { name: "key", userId: (await newBrowser()).userId } });
    expect(
      await fetch(`${server.url}/api/v1/token/revoke`, {
        method: "POST",
        body: new URLSearchParams({ client_id: "kubewitness-cli", token: other.token }),
      }).then((answer) => answer.json()),
    ).toMatchObject({ error: "unauthorized_client" });
    expect(await authenticateToken(other.token)).not.toBeNull();
    // None of this used it up.
    await refresh(refresh_token!);
  });
});

describe("a refresh token", () => {
  test("of many at once that name a cluster: none waits for another's connection to the database", async () => {
    const browser = await newBrowser();
    const credential = { kind: "token", token: "s3cret" } as const;
    const cluster = await registerCluster({
      ctx,
      input: { name: "busy", endpoint: "https://192.0.2.1:6443", credential },
    });
    const to = { subjectKind: "user", subject: browser.email, cluster: "busy" } as const;
    await createGrant({ ctx, input: { role: "developer", ...to } });
    const logins: string[] = [];
    for (let made = 0; made < 12; made += 1) logins.push((await login(browser)).refresh_token!);
    const resource = "urn:kubewitness:cluster:busy";
    const bound = await Promise.all(logins.map((token) => refresh(token, { resource })));
    for (const { access_token } of bound)
      expect((await authenticateToken(access_token))?.clusterId).toBe(cluster.id);
  });

  test("that comes again after the next was used ends its login, and that is an event", async () => {
    const browser = await newBrowser();
    const first = await login(browser);
    const second = await refresh(first.refresh_token!);
    const third = await refresh(second.refresh_token!);
    const before = await lastEventNo(installation);
    await expect(refresh(first.refresh_token!)).rejects.toMatchObject(refused);
    await expect(refresh(third.refresh_token!)).rejects.toMatchObject(refused);
    for (const { access_token } of [first, second, third])
      await expect.poll(() => authenticateToken(access_token), PATIENT).toBeNull();
    expect(await readEvents(installation, before)).toMatchObject([
      {
        operation: "Revoke",
        entityType: "Session",
        entityName: "alice-laptop",
        after: { reason: expect.stringContaining("came again") },
      },
    ]);
  });

  test("may come again at once where its answer was lost, and not once that was used", async () => {
    const first = await login(await newBrowser());
    const lost = await refresh(first.refresh_token!);
    const again = await refresh(first.refresh_token!);
    await expect.poll(() => authenticateToken(lost.access_token), PATIENT).toBeNull();
    await authenticateToken(again.access_token, { from: "127.0.0.1" });
    await expect(refresh(first.refresh_token!)).rejects.toMatchObject(refused);
    await expect(refresh(again.refresh_token!)).rejects.toMatchObject(refused);
  });

  test.each([
    ["from another network", () => comeFrom("203.0.113.7")],
    [
      "later",
      () =>
        installation.pool.query(
          "update command_line_logins set rotated_at = rotated_at - interval '1 minute'",
        ),
    ],
  ])("that comes again %s ends its login", async (_how, change) => {
    const first = await login(await newBrowser());
    const second = await refresh(first.refresh_token!);
    await change();
    await expect(refresh(first.refresh_token!)).rejects.toMatchObject(refused);
    server.from = null;
    await expect(refresh(second.refresh_token!)).rejects.toMatchObject(refused);
  });

  test("of whose halves one is somebody's guess is unknown, and harms nobody", async () => {
    const { refresh_token } = await login(await newBrowser());
    for (const wrong of ["kwr_x", refresh_token!.slice(0, -1), "", `${refresh_token}0`])
      await expect(refresh(wrong || "kwr_")).rejects.toMatchObject(refused);
    await refresh(refresh_token!);
  });

  test.each<[string, (browser: Browser) => Promise<unknown>]>([
    [
      "its person is disabled",
      ({ userId }) => setPersonEnabled({ ctx, input: { id: userId, enabled: false } }),
    ],
    ["its session is revoked", ({ sessionId }) => revokeSession({ ctx, input: { id: sessionId } })],
    ["its person ends all others", ({ send: sent }) => sent("DELETE", "/api/v1/sessions/others")],
    [
      "it was not used for too long",
      ({ userId }) =>
        installation.pool.query(
          "update command_line_logins set last_used_at = now() - interval '4 days' where user_id = $1",
          [userId],
        ),
    ],
    [
      "it is too old",
      ({ userId }) =>
        installation.pool.query(
          "update command_line_logins set created_at = now() - interval '8 days' where user_id = $1",
          [userId],
        ),
    ],
  ])("counts no more once %s", async (_why, end) => {
    const browser = await newBrowser();
    const { refresh_token } = await login(browser);
    await end(browser);
    await expect(refresh(refresh_token!)).rejects.toMatchObject(refused);
    const enabled = await installation.prisma.user.findUniqueOrThrow({ where: { id: browser.userId } });
    if (!enabled.enabled) {
      await setPersonEnabled({ ctx, input: { id: browser.userId, enabled: true } });
      await expect(refresh(refresh_token!)).rejects.toMatchObject(refused);
    }
  });
});

describe("by a device without a browser", () => {
  const begin = () => client.initiateDeviceAuthorization(known, { device_name: "build-host" });
  const poll = (deviceCode: string) =>
    client.genericGrantRequest(known, "urn:ietf:params:oauth:grant-type:device_code", {
      device_code: deviceCode,
    });
  /** As if a client had waited. */
  const waitLong = () =>
    installation.pool.query("update device_requests set polled_at = polled_at - interval '1 minute'");

  test("signs in once somebody has seen what asks, and from where", async () => {
    const begun = await begin();
    expect(begun).toMatchObject({
      verification_uri: `${server.url}/oauth/device`,
      verification_uri_complete: `${server.url}/oauth/device?user_code=${begun.user_code}`,
      expires_in: 600,
      interval: 5,
    });
    const browser = await newBrowser();
    const typed = begun.user_code.toLowerCase().replace("-", " ");
    const found = await browser.send("POST", "/api/v1/oauth/device/find", { userCode: typed });
    expect(found.body).toMatchObject({
      name: "build-host",
      sourceIp: "127.0.0.1",
      sameAddress: true,
      scopes: null,
    });
    server.from = "203.0.113.9";
    const elsewhere = await browser.send("POST", "/api/v1/oauth/device/find", { userCode: typed });
    server.from = null;
    expect(elsewhere.body.sameAddress).toBe(false);
    const waiting = client.pollDeviceAuthorizationGrant(known, { ...begun, interval: 1 });
    const answer = { userCode: typed, answer: "approve" };
    expect((await browser.send("POST", "/api/v1/oauth/device/answer", answer)).status).toBe(204);
    const tokens = await waiting;
    expect(await authenticateToken(tokens.access_token)).toMatchObject({ actor: { id: browser.userId } });
    await refresh(tokens.refresh_token!);
    await expect(poll(begun.device_code)).rejects.toMatchObject(refused);
    expect((await browser.send("POST", "/api/v1/oauth/device/answer", answer)).status).toBe(404);
  });

  test("is told to wait, to slow down, that it was refused, and that it is too late", async () => {
    const begun = await begin();
    await expect(poll(begun.device_code)).rejects.toMatchObject({ error: "authorization_pending" });
    await expect(poll(begun.device_code)).rejects.toMatchObject({ error: "slow_down" });
    const { rows } = await installation.pool.query(
      "select max(interval_seconds) as seconds from device_requests",
    );
    expect(rows).toEqual([{ seconds: 10 }]);
    const answer = { userCode: begun.user_code, answer: "refuse" };
    await (await newBrowser()).send("POST", "/api/v1/oauth/device/answer", answer);
    await waitLong();
    await expect(poll(begun.device_code)).rejects.toMatchObject({ error: "access_denied" });
    const late = await begin();
    await installation.pool.query("update device_requests set expires_at = now() - interval '1 s'");
    await expect(poll(late.device_code)).rejects.toMatchObject({ error: "expired_token" });
  });

  test("codes cannot be guessed, and a code of one's own forgives no guess", async () => {
    const own = await begin();
    const browser = await newBrowser();
    const find = (userCode: string) => browser.send("POST", "/api/v1/oauth/device/find", { userCode });
    const statuses: number[] = [];
    for (const guess of [
      "BBBB-BBBB",
      own.user_code,
      "CCCC-CCCC",
      own.user_code,
      "DDDD-DDDD",
      own.user_code,
      "FFFF-FFFF",
    ])
      statuses.push((await find(guess)).status);
    expect(statuses).toEqual([404, 200, 404, 200, 404, 429, 429]);
    expect(
      (
        await browser.send("POST", "/api/v1/oauth/device/answer", {
          userCode: own.user_code,
          answer: "approve",
        })
      ).status,
    ).toBe(429);
  });

  test("strangers cannot fill the table", async () => {
    server.from = "198.51.100.20";
    const outcomes: string[] = [];
    for (let begun = 0; begun <= MOST_KEPT_OF_NETWORK; begun += 1)
      outcomes.push(
        await begin().then(
          () => "begun",
          (error) => error.error,
        ),
      );
    server.from = null;
    expect(outcomes.filter((outcome) => outcome === "begun")).toHaveLength(MOST_KEPT_OF_NETWORK);
    expect(outcomes.at(-1)).toBe("temporarily_unavailable");
    await begin();
  });
});
