import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../test/installation.ts";
import { systemContext } from "../context.ts";
import { onRevocation, type RevokedSubject } from "../revocation/revocation.ts";
import { issueApplicationToken } from "./application-tokens/mutations.ts";
import {
  createApplication,
  rotateApplicationSecret,
  setApplicationEnabled,
} from "./applications/mutations.ts";
import { authenticateToken, findAuthenticatedToken } from "./authenticate.ts";
import { createPerson, setPersonEnabled, updatePersonGroups, withdrawPerson } from "./people/mutations.ts";
import { contextFromRequest } from "./request-context.ts";
import { listTokens } from "./tokens/data.ts";
import { createCredential } from "./tokens/format.ts";
import { issueToken, revokeToken } from "./tokens/mutations.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
const revoked: RevokedSubject[] = [];
let stopListening: () => void;

beforeAll(async () => {
  installation = await createTestInstallation();
  stopListening = onRevocation((subject) => revoked.push(subject));
});
afterAll(async () => {
  stopListening();
  await installation.close();
});

let made = 0;
async function newPerson(groups: string[] = []) {
  made += 1;
  const person = await createPerson({
    ctx,
    input: { email: `p${made}@acme.example`, name: `P ${made}`, groups },
  });
  const issued = await issueToken({ ctx, input: { name: "kubectl", userId: person.id } });
  const actor = { kind: "user" as const, ...person };
  const credential = { kind: "token" as const, id: issued.id, expiresAt: new Date(issued.expiresAt) };
  return { person, issued, token: issued.token, own: { ...ctx, actor, credential } };
}

/** A revocation is a notification: it counts when it has arrived. */
const diesSoon = (token: string) => expect.poll(() => authenticateToken(token)).toBeNull();
/** What is in memory may be asked for anew before the notification comes. */
const isTold = (subject: RevokedSubject) => expect.poll(() => revoked).toContainEqual(subject);

/** As if it were then, for what goes by this process's clock. */
async function at(time: number, run: () => unknown): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: time });
  try {
    await run();
  } finally {
    vi.useRealTimers();
  }
}

describe("a person's token", () => {
  test("says who it is, with the groups", async () => {
    const { person, token, issued } = await newPerson(["b", "a"]);
    expect(await authenticateToken(token)).toEqual({
      actor: {
        kind: "user",
        id: person.id,
        name: person.name,
        email: person.email,
        consoleRole: "user",
        groups: ["a", "b"],
        groupIds: [expect.any(String), expect.any(String)],
      },
      tokenId: issued.id,
      expiresAt: new Date(issued.expiresAt),
      secondFactorAt: null,
    });
  });

  test("is stored by its hash alone", async () => {
    const { token } = await newPerson();
    const { rows } = await installation.pool.query("select row_to_json(t)::text as row from access_tokens t");
    for (const { row } of rows) expect(row).not.toContain(token.slice(3, 40));
  });

  test("lives as long as the configuration permits, or shorter", async () => {
    const { own, issued } = await newPerson();
    const longest = installation.config.tokens.lifetimeMs;
    expect(Date.parse(issued.expiresAt) - Date.parse(issued.createdAt)).toBeGreaterThan(longest - 60_000);
    await expect(
      issueToken({ ctx: own, input: { name: "x", lifetimeMs: longest + 1 } }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "lifetimeMs" }],
    });
  });

  test("counts no more when its time is over", async () => {
    const { own } = await newPerson();
    const { token, expiresAt } = await issueToken({ ctx: own, input: { name: "short", lifetimeMs: 60_000 } });
    const end = Date.parse(expiresAt);
    expect(await authenticateToken(token)).not.toBeNull();
    await at(end - 1, async () => expect(await authenticateToken(token)).not.toBeNull());
    await at(end, async () => expect(await authenticateToken(token)).toBeNull());
  });

  test("is one's own to issue, list and revoke, and nobody else's", async () => {
    const [alice, bob] = [await newPerson(), await newPerson()];
    await expect(
      issueToken({ ctx: alice.own, input: { name: "x", userId: bob.person.id } }),
    ).rejects.toMatchObject({ code: "permission_denied" });
    await expect(revokeToken({ ctx: alice.own, input: { id: bob.issued.id } })).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await listTokens({ ctx: alice.own })).map(({ id }) => id)).toEqual([alice.issued.id]);
    expect(await authenticateToken(bob.token)).not.toBeNull();
  });
});

describe("a token that is in memory", () => {
  const used = (from: string | null) => ({ from });

  test("is found without waiting, but not before it was asked for, nor once it is revoked or over", async () => {
    const { token, issued, own } = await newPerson();
    expect(findAuthenticatedToken(token, used(null))).toBeNull();
    const known = await authenticateToken(token);
    expect(findAuthenticatedToken(token, used(null))).toBe(known);
    const { token: short, expiresAt } = await issueToken({
      ctx: own,
      input: { name: "short", lifetimeMs: 60_000 },
    });
    await authenticateToken(short);
    await at(Date.parse(expiresAt), () => expect(findAuthenticatedToken(short, used(null))).toBeNull());
    await revokeToken({ ctx: own, input: { id: issued.id } });
    await expect.poll(() => findAuthenticatedToken(token, used(null))).toBeNull();
  });

  test("counts from its networks alone", async () => {
    const { own } = await newPerson();
    const { token } = await issueToken({ ctx: own, input: { name: "bound", networks: ["192.0.2.0/24"] } });
    await authenticateToken(token);
    expect(findAuthenticatedToken(token, used("192.0.2.7"))).not.toBeNull();
    for (const from of ["198.51.100.1", null]) {
      expect(() => findAuthenticatedToken(token, used(from))).toThrow("bound to other networks");
    }
  });
});

describe("no token", () => {
  test.each(["", "kw_", "abc", createCredential("token"), createCredential("applicationSecret")])(
    "%s",
    async (text) => {
      expect(await authenticateToken(text)).toBeNull();
    },
  );
});

describe("a revocation counts at once and is told to the gateway", () => {
  test("of a token", async () => {
    const { token, issued, own } = await newPerson();
    expect(await authenticateToken(token)).not.toBeNull();
    await revokeToken({ ctx: own, input: { id: issued.id } });
    await diesSoon(token);
    await isTold({ kind: "token", id: issued.id });
  });

  test("of a person", async () => {
    const { token, person } = await newPerson();
    expect(await authenticateToken(token)).not.toBeNull();
    await setPersonEnabled({ ctx, input: { id: person.id, enabled: false } });
    await diesSoon(token);
    await isTold({ kind: "user", id: person.id });
    // Enabling a person brings no token back.
    await setPersonEnabled({ ctx, input: { id: person.id, enabled: true } });
    expect(await authenticateToken(token)).toBeNull();
  });

  test("of a person whom the identity provider withdraws", async () => {
    const { token, person } = await newPerson();
    await authenticateToken(token);
    await withdrawPerson({ ctx, input: { id: person.id, reason: "gone" } });
    await diesSoon(token);
  });

  test("of a group's membership, which changes the actor", async () => {
    const { token, person } = await newPerson(["stays", "goes"]);
    await authenticateToken(token);
    await updatePersonGroups({ ctx, input: { id: person.id, groups: ["stays", "comes"] } });
    await expect
      .poll(async () => (await authenticateToken(token))?.actor)
      .toMatchObject({ groups: ["comes", "stays"] });
    await isTold({ kind: "user", id: person.id });
  });
});

describe("an application", () => {
  const newApplication = async () => {
    made += 1;
    return createApplication({ ctx, input: { name: `application-${made}` } });
  };

  test("gets a token for its id and secret, in either form", async () => {
    const { id, secret, name } = await newApplication();
    for (const input of [
      { grantType: "app_token" as const, AppId: id, AppSecret: secret },
      { grantType: "client_credentials" as const, clientId: id, clientSecret: secret },
    ]) {
      const { accessToken, tokenType, expiresIn } = await issueApplicationToken({ ctx, input });
      expect([tokenType, expiresIn]).toEqual(["Bearer", 3_600]);
      expect((await authenticateToken(accessToken))?.actor).toEqual({
        kind: "application",
        id,
        name,
        consoleRole: "auditor",
      });
    }
  });

  test("gets none for anything else, alike in each case", async () => {
    const { id, secret } = await newApplication();
    const disabled = await newApplication();
    await setApplicationEnabled({ ctx, input: { id: disabled.id, enabled: false } });
    const wrong = [
      [id, createCredential("applicationSecret")],
      [id, ""],
      [crypto.randomUUID(), secret],
      ["'; drop table users; --", secret],
      [disabled.id, disabled.secret],
    ];
    const messages = new Set<string>();
    for (const [clientId = "", clientSecret = ""] of wrong) {
      const grant = { grantType: "client_credentials" as const, clientId, clientSecret };
      const error: Error = await issueApplicationToken({ ctx, input: grant }).then(
        () => expect.fail(),
        (each) => each,
      );
      expect(error).toMatchObject({ code: "unauthenticated" });
      messages.add(error.message);
    }
    expect(messages.size).toBe(1);
  });

  test("loses its tokens when it is disabled, and when its secret is rotated", async () => {
    for (const end of [
      (id: string) => setApplicationEnabled({ ctx, input: { id, enabled: false } }),
      (id: string) => rotateApplicationSecret({ ctx, input: { id } }),
    ]) {
      const { id, secret } = await newApplication();
      const input = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
      const { accessToken } = await issueApplicationToken({ ctx, input });
      expect(await authenticateToken(accessToken)).not.toBeNull();
      await end(id);
      await diesSoon(accessToken);
      await expect(issueApplicationToken({ ctx, input })).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});

describe("the context of a request", () => {
  const request = (headers: Record<string, string>) =>
    contextFromRequest(new Request("http://localhost:3000/api/v1/me", { method: "POST", headers }));

  test("with a bearer token is the token's owner, wherever the request comes from", async () => {
    const { token, person } = await newPerson();
    const headers = {
      authorization: `Bearer ${token}`,
      origin: "https://elsewhere.example",
      "user-agent": "curl/8",
    };
    expect(await request(headers)).toMatchObject({
      actor: { kind: "user", id: person.id },
      userAgent: "curl/8",
    });
  });

  test("with a token that does not count is refused, and does not fall back to the cookie", async () => {
    for (const authorization of [
      "Bearer nonsense",
      `Bearer ${createCredential("token")}`,
      "Basic dTpw",
      "Bearer",
    ]) {
      await expect(request({ authorization })).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  test("without anything is anonymous", async () => {
    expect((await request({})).actor).toEqual({ kind: "anonymous" });
  });

  test("believes no header about the client's address", async () => {
    const headers = {
      "x-forwarded-for": "1.2.3.4",
      forwarded: "for=1.2.3.4",
      "x-kubewitness-client": "1.2.3.4",
    };
    expect((await request(headers)).sourceIp).toBeNull();
  });
});
