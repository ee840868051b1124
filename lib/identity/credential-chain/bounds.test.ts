import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET as grants } from "../../../app/api/v1/grants/route.ts";
import { POST as kubeconfig } from "../../../app/api/v1/kubeconfig/route.ts";
import { GET as requests } from "../../../app/api/v1/request-audit/route.ts";
import { PATCH as settings } from "../../../app/api/v1/settings/route.ts";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { systemContext } from "../../context.ts";
import { createClientAddressReader } from "../../http/client-address.ts";
import { issueApplicationToken } from "../application-tokens/mutations.ts";
import {
  boundApplication,
  createApplication,
  endPreviousSecret,
  rotateApplicationSecret,
} from "../applications/mutations.ts";
import { authenticateToken } from "../authenticate.ts";
import { stopFailedAuthentication } from "../failed-authentication/record.ts";
import { addLocalPerson, offerNewSetUp, removeFactors } from "../local/people/mutations.ts";
import { openSetUp } from "../local/set-up/find-set-up.ts";
import { createPerson } from "../people/mutations.ts";
import { createProvider, updateProvider } from "../provider-store/mutations.ts";
import { contextFromBearer } from "../request-context.ts";
import { listTokensOf } from "../tokens/data.ts";
import { issueToken } from "../tokens/mutations.ts";
import type { IssueTokenInput } from "../tokens/schema.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
let administrator: string;
let user: string;

beforeAll(async () => {
  installation = await createTestInstallation({ OIDC_ADMINISTRATOR_GROUPS: "platform", ...NO_DEMO });
  await updateBuiltInRoles({ ctx });
  const create = (name: string, groups: string[]) =>
    createPerson({ ctx, input: { email: `${name}@acme.example`, name, groups } });
  administrator = (await create("ada", ["platform"])).id;
  user = (await create("uma", [])).id;
});
afterAll(async () => {
  await stopFailedAuthentication();
  await installation.close();
});

const keyOf = async (userId: string, input: Partial<IssueTokenInput> = {}) =>
  (await issueToken({ ctx, input: { name: "key", userId, ...input } })).token;
const withKey = (token: string, from = "192.0.2.1") =>
  contextFromBearer(`Bearer ${token}`, { ...ctx, actor: { kind: "anonymous" }, sourceIp: from });

async function ask(handler: typeof grants, token: string, body?: unknown) {
  const request = new Request("http://localhost:3000/api/v1/x", {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await handler(request, { params: Promise.resolve({}) });
  return { status: response.status, body: await response.json().catch(() => null) };
}

describe("scopes", () => {
  test("a key does what its scopes name, and is told which one is missing", async () => {
    const key = await keyOf(administrator, { scopes: ["audit:read"] });
    expect((await ask(requests, key)).status).toBe(200);
    expect(await ask(grants, key)).toMatchObject({
      status: 403,
      body: { code: "permission_denied", message: expect.stringContaining('the scope "access:read"') },
    });
    const change = { changes: [{ name: "tokens.lifetime", value: "1h" }] };
    expect(await ask(settings, key, change)).toMatchObject({ status: 403 });
    const reads = await keyOf(administrator, { scopes: ["access:read"] });
    expect((await ask(grants, reads)).status).toBe(200);
    expect(await ask(requests, reads)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('"audit:read"') },
    });
  });

  test("a scope permits nothing that its owner may not", async () => {
    const key = await keyOf(user, { scopes: ["access:read", "settings:write", "audit:read"] });
    expect(await ask(grants, key)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("the console role auditor or administrator") },
    });
    const change = { changes: [{ name: "tokens.lifetime", value: "1h" }] };
    expect((await ask(settings, key, change)).status).toBe(403);
    // One's own record is what audit:read is of a person who may not read everybody's.
    expect((await ask(requests, key)).status).toBe(200);
  });

  test("a key with scopes makes keys only with the scope for it, and no wider ones", async () => {
    const narrow = await keyOf(administrator, { scopes: ["audit:read"] });
    await expect(issueToken({ ctx: await withKey(narrow), input: { name: "below" } })).rejects.toMatchObject({
      code: "permission_denied",
      message: expect.stringContaining('"tokens:own"'),
    });
    expect((await ask(kubeconfig, narrow, {})).status).toBe(403);
    const maker = await withKey(await keyOf(administrator, { scopes: ["tokens:own", "audit:read"] }));
    for (const scopes of [null, ["access:write"], ["audit:read", "access:write"]] as never[]) {
      await expect(issueToken({ ctx: maker, input: { name: "more", scopes } })).rejects.toMatchObject({
        code: "invalid_argument",
        details: [{ field: "scopes" }],
      });
    }
    const inherited = await issueToken({ ctx: maker, input: { name: "same" } });
    expect(inherited.scopes?.sort()).toEqual(["audit:read", "tokens:own"]);
    const less = await issueToken({ ctx: maker, input: { name: "less", scopes: ["audit:read"] } });
    expect(less.scopes).toEqual(["audit:read"]);
  });

  test("a key with scopes lets nobody in as more than it has: by a local person, a one-time code or a provider", async () => {
    const key = await withKey(await keyOf(administrator, { scopes: ["people:write", "settings:write"] }));
    const { id, code } = await addLocalPerson({
      ctx,
      input: { email: "root@acme.example", name: "Root", consoleRole: "administrator" },
    });
    const provider = { kind: "oidc", issuer: "https://evil.example", clientId: "x" } as const;
    const input = { ...provider, id: "evil", clientSecret: "y", administratorGroups: ["evil"] };
    const tries = [
      () => addLocalPerson({ ctx: key, input: { email: "eve@acme.example", name: "Eve" } }),
      () => offerNewSetUp({ ctx: key, input: { id } }),
      () => removeFactors({ ctx: key, input: { id } }),
      () => createProvider({ ctx: key, input }),
      () => updateProvider({ ctx: key, input: { id: "oidc", administratorGroups: ["evil"] } }),
    ];
    for (const attempt of tries) {
      const seen = await lastEventNo(installation);
      await expect(attempt()).rejects.toMatchObject({
        code: "permission_denied",
        message: expect.stringContaining("a key without scopes"),
      });
      expect(await readEvents(installation, seen)).toMatchObject([{ status: "Failed" }]);
    }
    const anonymous = { ...ctx, actor: { kind: "anonymous" as const } };
    expect(await openSetUp({ ctx: anonymous, input: { code } })).toMatchObject({
      email: "root@acme.example",
    });
    expect(await installation.prisma.storedProvider.count()).toBe(0);
  });

  test("an application that is made with a key has no more than that, nor when it is changed or rotated with it", async () => {
    const scopes = ["applications:write", "audit:read"] as const;
    const maker = await withKey(await keyOf(administrator, { scopes: [...scopes] }));
    const input = { name: "narrow", consoleRole: "administrator" as const };
    await expect(
      createApplication({ ctx: maker, input: { ...input, scopes: ["settings:write"] } }),
    ).rejects.toMatchObject({ code: "invalid_argument" });
    const made = await createApplication({ ctx: maker, input });
    expect(made.scopes?.sort()).toEqual(["applications:write", "audit:read"]);
    await expect(
      boundApplication({ ctx: maker, input: { id: made.id, scopes: null } }),
    ).rejects.toMatchObject({ code: "invalid_argument" });
    const wide = await createApplication({ ctx, input: { name: "wide", consoleRole: "administrator" } });
    const stolen = await rotateApplicationSecret({ ctx: maker, input: { id: wide.id } });
    const bought = await buy(stolen);
    expect(bought.scope?.split(" ").sort()).toEqual(["applications:write", "audit:read"]);
  });
});

const buy = ({ id, secret }: { id: string; secret: string }, scope?: string) =>
  issueApplicationToken({
    ctx: { ...ctx, sourceIp: "192.0.2.1" },
    input: { grantType: "client_credentials", clientId: id, clientSecret: secret, scope },
  });

describe("networks", () => {
  test("a key counts from its networks alone, whatever the client says of its address", async () => {
    const token = await keyOf(administrator, { networks: ["10.0.0.0/8", "2001:db8::/32"] });
    expect((await withKey(token, "10.1.2.3")).actor).toMatchObject({ id: administrator });
    expect((await withKey(token, "2001:db8::7")).actor).toMatchObject({ id: administrator });
    const readClientAddress = createClientAddressReader([]);
    const forged = readClientAddress("203.0.113.9", "10.1.2.3")!;
    const before = await lastEventNo(installation);
    await expect(withKey(token, forged)).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringMatching(/does not count from 203\.0\.113\.9: it is bound to other networks/),
    });
    await expect(authenticateToken(token, { from: null })).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await readEvents(installation, before)).toMatchObject([
      { operation: "Login", status: "Failed", error: expect.stringContaining("203.0.113.9") },
    ]);
  });

  test("where a key was used last is shown, and from elsewhere is no use", async () => {
    const { id } = await createPerson({ ctx, input: { email: "net@acme.example", name: "Net", groups: [] } });
    const token = await keyOf(id, { networks: ["10.0.0.0/8"] });
    await withKey(token, "203.0.113.9").catch(() => undefined);
    expect(await listTokensOf({ ctx, input: { id } })).toMatchObject([{ lastUsedAt: null }]);
    const used = await keyOf(id);
    await withKey(used, "198.51.100.4");
    const tokens = await listTokensOf({ ctx, input: { id } });
    expect(tokens.map(({ lastUsedFrom }) => lastUsedFrom).sort()).toEqual(["198.51.100.4", null]);
  });

  test("a key that is made with a bound one stays within its networks", async () => {
    const maker = await withKey(await keyOf(administrator, { networks: ["10.0.0.0/8"] }), "10.0.0.1");
    for (const networks of [[], ["192.0.2.0/24"], ["10.1.0.0/16", "0.0.0.0/0"]]) {
      await expect(issueToken({ ctx: maker, input: { name: "more", networks } })).rejects.toMatchObject({
        details: [{ field: "networks" }],
      });
    }
    const below = await issueToken({ ctx: maker, input: { name: "below", networks: ["10.1.0.0/16"] } });
    expect(below.networks).toEqual(["10.1.0.0/16"]);
    expect((await issueToken({ ctx: maker, input: { name: "same" } })).networks).toEqual(["10.0.0.0/8"]);
  });

  test("an application gets no token from elsewhere, and its tokens count from there alone", async () => {
    const input = { name: "bound", networks: ["192.0.2.0/24"] };
    const application = await createApplication({ ctx, input });
    const { accessToken } = await buy(application);
    await expect(withKey(accessToken, "203.0.113.9")).rejects.toMatchObject({ code: "unauthenticated" });
    await boundApplication({ ctx, input: { id: application.id, networks: ["198.51.100.0/24"] } });
    await expect.poll(() => authenticateToken(accessToken)).toBeNull();
    await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("two secrets of an application", () => {
  test("count side by side, and what the old one bought ends with it", async () => {
    const first = await createApplication({ ctx, input: { name: "rotating" } });
    const lasting = await buy(first);
    const second = await rotateApplicationSecret({ ctx, input: { id: first.id, keepOldForMs: 600_000 } });
    expect(second.previousSecretEndsAt).not.toBeNull();
    // It would have counted for an hour.
    await expect.poll(() => authenticateToken(lasting.accessToken)).toBeNull();
    const [old, fresh] = [await buy(first), await buy(second)];
    expect(old.expiresIn).toBeLessThanOrEqual(600);
    expect(fresh.expiresIn).toBe(3_600);
    await endPreviousSecret({ ctx, input: { id: first.id } });
    await expect.poll(() => authenticateToken(old.accessToken)).toBeNull();
    await expect(buy(first)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await authenticateToken(fresh.accessToken)).not.toBeNull();
  });

  test("there are never three, and the clock ends the old one", async () => {
    const first = await createApplication({ ctx, input: { name: "thrice" } });
    const second = await rotateApplicationSecret({ ctx, input: { id: first.id, keepOldForMs: 600_000 } });
    const third = await rotateApplicationSecret({ ctx, input: { id: first.id, keepOldForMs: 600_000 } });
    await expect(buy(first)).rejects.toMatchObject({ code: "unauthenticated" });
    await buy(second);
    await installation.pool.query(
      "update applications set previous_secret_ends_at = now() - interval '1 second' where id = $1",
      [first.id],
    );
    await expect(buy(second)).rejects.toMatchObject({ code: "unauthenticated" });
    await buy(third);
  });

  test("a token has the scopes that are asked for, none beyond the application's", async () => {
    const input = { name: "scoped", scopes: ["audit:read", "recordings:read"] };
    const application = await createApplication({ ctx, input });
    expect((await buy(application)).scope).toBe("audit:read recordings:read");
    expect((await buy(application, "audit:read")).scope).toBe("audit:read");
    for (const scope of ["access:write", "audit:read access:write", "no:such"])
      await expect(buy(application, scope)).rejects.toMatchObject({ code: "invalid_scope" });
  });
});
