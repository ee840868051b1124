import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGrant } from "../../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../../lib/access/roles/mutations.ts";
import { systemContext } from "../../../lib/context.ts";
import { authenticateToken } from "../../../lib/identity/authenticate.ts";
import { setPersonEnabled } from "../../../lib/identity/people/mutations.ts";
import { createScimToken, revokeScimToken } from "../../../lib/identity/scim/tokens/mutations.ts";
import { findSession } from "../../../lib/identity/sessions/find-session.ts";
import { createSession, revokeSession } from "../../../lib/identity/sessions/mutations.ts";
import { admitPerson } from "../../../lib/identity/sign-in/mutations.ts";
import { issueToken } from "../../../lib/identity/tokens/mutations.ts";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { type ScimServer, startScimServer } from "./testing/scim-server.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ISSUER = "https://login.example";
const PROVIDER = {
  id: "oidc",
  formerIssuer: null,
  allowedDomains: [],
  linkVerifiedEmail: false,
  nameSetting: (field: string) => field,
};
const ctx = systemContext("test");

let installation: TestInstallation;
let server: ScimServer;
let token: string;
let partnerToken: string;
let made = 0;
const unique = (what: string) => `${what}${++made}`;

beforeAll(async () => {
  const partner = { id: "partner", kind: "oidc", issuer: "https://partner.example" };
  installation = await createTestInstallation({
    ...NO_DEMO,
    OIDC_ADMINISTRATOR_GROUPS: "admins",
    KUBEWITNESS_PROVIDERS: JSON.stringify([{ ...partner, clientId: "c", clientSecret: "s" }]),
  });
  await updateBuiltInRoles({ ctx });
  token = (await createScimToken({ ctx, input: { name: "Entra", provider: "oidc" } })).token;
  partnerToken = (await createScimToken({ ctx, input: { name: "Partner", provider: "partner" } })).token;
  server = await startScimServer(() => token);
});
afterAll(async () => {
  await server.close();
  await installation.close();
});

const filtered = (kind: string, filter: string, more = "") =>
  server.send("GET", `${kind}?filter=${encodeURIComponent(filter)}${more}`);
const patch = (path: string, ...Operations: object[]) =>
  server.send("PATCH", path, { body: { schemas: [PATCH], Operations } });

async function newUser(given: object = {}) {
  const name = unique("ann");
  const userName = `${name}@acme.example`;
  const body = { schemas: [USER], userName, externalId: `ext-${name}`, active: true, ...given };
  const answer = await server.send("POST", "Users", { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
async function newGroup(displayName = unique("team"), more: object = {}) {
  const answer = await server.send("POST", "Groups", { body: { schemas: [GROUP], displayName, ...more } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
const signIn = (email: string, subject: string, groups: string[] = []) =>
  admitPerson({
    ctx,
    input: {
      provider: PROVIDER,
      identity: {
        issuer: ISSUER,
        subject,
        email,
        name: "Ann",
        emailVerified: true,
        groups: { names: groups, leftOut: null },
      },
      refreshToken: null,
    },
  });
async function openSession(userId: string): Promise<string> {
  const sessionToken = crypto.randomUUID();
  const expires = new Date(Date.now() + 3_600_000);
  await createSession({ ctx, input: { userId, provider: "oidc", sessionToken, expires } });
  return sessionToken;
}
const memberIds = async (id: string) =>
  (await server.send("GET", `Groups/${id}`)).body.members.map(({ value }: { value: string }) => value);

describe("what Entra ID sends", () => {
  test("the connection's test: a filter for somebody who is not there", async () => {
    const answer = await filtered("Users", `userName eq "${crypto.randomUUID()}"`);
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });
    expect(answer.headers.get("content-type")).toContain("application/scim+json");
  });

  test("a person with Entra's body, found again, changed by Entra's PATCH, deactivated by a text", async () => {
    const userName = `${unique("Lena")}@Acme.example`;
    const created = await server.send("POST", "Users", {
      body: {
        schemas: [USER, ENTERPRISE],
        externalId: "58342554",
        userName,
        active: true,
        displayName: "Lena Hoffmann",
        emails: [{ primary: true, type: "work", value: userName }],
        meta: { resourceType: "User" },
        name: { formatted: "Lena Hoffmann", familyName: "Hoffmann", givenName: "Lena" },
        roles: [],
        [ENTERPRISE]: { department: "SRE", manager: { value: "1" } },
      },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { userName, active: true, externalId: "58342554", [ENTERPRISE]: { department: "SRE" } },
    });
    expect(created.headers.get("location")).toBe(created.body.meta.location);
    const { id } = created.body;
    for (const filter of [
      `userName eq "${userName.toUpperCase()}"`,
      `externalId eq "58342554" and active eq true`,
      `emails[type eq "work" and value co "@acme"] and userName sw "${userName.slice(0, 4)}"`,
      `${USER}:userName eq "${userName}" and not (active eq "False")`,
    ]) {
      const found = await filtered("Users", filter);
      expect(
        found.body.Resources?.map((each: { id: string }) => each.id),
        filter,
      ).toContain(id);
    }
    const changed = await patch(
      `Users/${id}`,
      { op: "Replace", path: "displayName", value: "Helena H." },
      { op: "Add", path: `${ENTERPRISE}:department`, value: "Platform" },
      { op: "Replace", path: 'emails[type eq "work"].value', value: `new-${userName}` },
      { op: "Add", value: { "name.givenName": "Helena" } },
    );
    expect(changed).toMatchObject({
      status: 200,
      body: {
        displayName: "Helena H.",
        name: { givenName: "Helena", familyName: "Hoffmann" },
        emails: [{ value: `new-${userName}`.toLowerCase() }],
        [ENTERPRISE]: { department: "Platform" },
        userName,
      },
    });
    const off = await patch(`Users/${id}`, { op: "Replace", path: "active", value: "False" });
    expect(off).toMatchObject({ status: 200, body: { active: false } });
    expect((await server.send("GET", `Users/${id}`)).body.active).toBe(false);
    const events = (await readEvents(installation)).filter(({ entityId }) => entityId === id);
    expect(events.map(({ operation }) => operation)).toEqual(["Create", "Update", "Update", "Disable"]);
    expect(new Set(events.map(({ actorName }) => actorName))).toEqual(new Set(["SCIM: Entra"]));
    expect(events[0]).toMatchObject({ sourceIp: "203.0.113.30" });
  });

  test("members are added and taken out in each of Entra's forms; lists come without members", async () => {
    const group = await newGroup(undefined, { externalId: crypto.randomUUID() });
    const [one, two, three] = [await newUser(), await newUser(), await newUser()];
    const added = await patch(`Groups/${group.id}`, {
      op: "Add",
      path: "members",
      value: [{ value: one.id }, { value: two.id }],
    });
    expect(added.status).toBe(204);
    await patch(`Groups/${group.id}`, { op: "Add", value: { members: [{ value: three.id }] } });
    expect(await memberIds(group.id)).toEqual([one.id, two.id, three.id]);
    await patch(`Groups/${group.id}`, { op: "Remove", path: "members", value: [{ value: one.id }] });
    await patch(`Groups/${group.id}`, { op: "Remove", path: `members[value eq "${two.id}"]` });
    expect(await memberIds(group.id)).toEqual([three.id]);
    const listed = await filtered(
      "Groups",
      `displayName eq "${group.displayName}"`,
      "&excludedAttributes=members",
    );
    expect(listed.body.Resources).toEqual([expect.not.objectContaining({ members: expect.anything() })]);
    const ofMember = await filtered("Groups", `id eq "${group.id}" and members eq "${three.id}"`);
    expect(ofMember.body.totalResults).toBe(1);
    expect(
      (await filtered("Groups", `id eq "${group.id}" and members eq "${two.id}"`)).body.totalResults,
    ).toBe(0);
    expect((await server.send("GET", `Users/${three.id}`)).body.groups).toEqual([
      { value: group.id, display: group.displayName },
    ]);
  });

  test("a group that sign-ins named by its id is that group, with what is granted to it", async () => {
    const objectId = crypto.randomUUID();
    const email = `${unique("eve")}@acme.example`;
    await signIn(email, unique("sub"), [objectId]);
    await createGrant({
      ctx,
      input: {
        role: "developer",
        subjectKind: "group",
        subject: objectId,
        subjectProvider: "oidc",
        cluster: null,
      },
    });
    const before = await installation.prisma.group.findFirstOrThrow({ where: { name: objectId } });
    const group = await newGroup(unique("Payments"), { externalId: objectId });
    expect(group.id).toBe(before.id);
    expect(await memberIds(group.id)).toEqual([]);
    expect(await installation.prisma.grant.count({ where: { subjectId: group.id, revokedAt: null } })).toBe(
      1,
    );
  });
});

describe("what Okta sends", () => {
  test("a person by POST, changed by PUT, deactivated by a PATCH without a path, and back", async () => {
    const user = await newUser({
      name: { givenName: "Ann", familyName: "Ito" },
      emails: [{ primary: true, value: `${unique("x")}@acme.example`, type: "work" }],
      displayName: "Ann Ito",
      locale: "en-US",
      password: "Hunter2-never-kept",
    });
    expect(JSON.stringify(user)).not.toContain("Hunter2");
    const { meta: _meta, groups: _groups, ...resource } = user;
    const put = await server.send("PUT", `Users/${user.id}`, {
      body: { ...resource, name: { givenName: "Anna", familyName: "Ito" }, displayName: "Anna Ito" },
    });
    expect(put).toMatchObject({
      status: 200,
      body: { displayName: "Anna Ito", active: true, locale: "en-US" },
    });
    for (const active of [false, true]) {
      const answer = await patch(`Users/${user.id}`, { op: "replace", value: { active } });
      expect(answer).toMatchObject({ status: 200, body: { active } });
    }
    expect(JSON.stringify(await readEvents(installation))).not.toContain("Hunter2");
  });

  test("a group renamed keeps its id, its members and its grants; another may then have the name", async () => {
    const first = unique("Developers");
    const user = await newUser();
    const group = await newGroup(first, { members: [{ value: user.id, display: "Ann" }] });
    await createGrant({
      ctx,
      input: {
        role: "developer",
        subjectKind: "group",
        subject: first,
        subjectProvider: "oidc",
        cluster: null,
      },
    });
    const renamed = await patch(`Groups/${group.id}`, {
      op: "replace",
      value: { id: group.id, displayName: `${first} renamed` },
    });
    expect(renamed.status).toBe(204);
    expect(await server.send("GET", `Groups/${group.id}`)).toMatchObject({
      body: { displayName: `${first} renamed`, members: [{ value: user.id }] },
    });
    expect(await installation.prisma.grant.count({ where: { subjectId: group.id, revokedAt: null } })).toBe(
      1,
    );
    const other = await newGroup(first);
    expect(other.id).not.toBe(group.id);
    expect(await installation.prisma.grant.count({ where: { subjectId: other.id } })).toBe(0);
  });

  test("a group's members replaced at once, and the group deleted with its grants", async () => {
    const [one, two] = [await newUser(), await newUser()];
    const group = await newGroup(undefined, { members: [{ value: one.id }] });
    await createGrant({
      ctx,
      input: {
        role: "developer",
        subjectKind: "group",
        subject: group.displayName,
        subjectProvider: "oidc",
        cluster: null,
      },
    });
    await patch(`Groups/${group.id}`, { op: "replace", path: "members", value: [{ value: two.id }] });
    expect(await memberIds(group.id)).toEqual([two.id]);
    expect((await server.send("DELETE", `Groups/${group.id}`)).status).toBe(204);
    expect((await server.send("GET", `Groups/${group.id}`)).status).toBe(404);
    expect(await installation.prisma.grant.count({ where: { subjectId: group.id, revokedAt: null } })).toBe(
      0,
    );
  });
});

describe("a person of SCIM's and of a sign-in", () => {
  test("is one, by the address", async () => {
    const user = await newUser();
    expect((await signIn(user.userName, unique("sub"))).id).toBe(user.id);
  });

  test("is one, by externalId where that is the provider's name of them, whatever the address", async () => {
    const user = await newUser({ externalId: unique("okta-id-") });
    expect((await signIn(`${unique("other")}@acme.example`, user.externalId)).id).toBe(user.id);
  });

  test("who signed in before is found, and not made again", async () => {
    const email = `${unique("bob")}@acme.example`;
    const { id } = await signIn(email, unique("sub"));
    expect((await filtered("Users", `userName eq "${email}"`)).body.Resources[0].id).toBe(id);
    const again = await server.send("POST", "Users", { body: { schemas: [USER], userName: email } });
    expect(again).toMatchObject({ status: 409, body: { scimType: "uniqueness", status: "409" } });
    const linked = await patch(`Users/${id}`, { op: "add", path: "externalId", value: "x-1" });
    expect(linked.body).toMatchObject({ id, externalId: "x-1" });
  });

  test("a sign-in changes nobody's membership of what SCIM provisions", async () => {
    const user = await newUser();
    const group = await newGroup(undefined, { members: [{ value: user.id }] });
    const other = await newGroup();
    await signIn(user.userName, unique("sub"), [other.displayName, unique("claimed")]);
    expect(await memberIds(group.id)).toEqual([user.id]);
    expect(await memberIds(other.id)).toEqual([]);
    expect((await server.send("GET", `Users/${user.id}`)).body.groups).toHaveLength(2);
  });
});

describe("a person who is deactivated", () => {
  test("is out at once: session and token; the sign-in is refused until SCIM activates them", async () => {
    const user = await newUser();
    const subject = unique("sub");
    await signIn(user.userName, subject);
    const session = await openSession(user.id);
    const kubectl = (await issueToken({ ctx, input: { name: "t", userId: user.id } })).token;
    expect(await authenticateToken(kubectl)).not.toBeNull();
    await patch(`Users/${user.id}`, { op: "Replace", path: "active", value: "False" });
    expect(await findSession(session)).toBeNull();
    await expect.poll(() => authenticateToken(kubectl)).toBeNull();
    await expect(signIn(user.userName, subject)).rejects.toMatchObject({ code: "Deactivated" });
    await expect(setPersonEnabled({ ctx, input: { id: user.id, enabled: true } })).rejects.toMatchObject({
      code: "conflict",
    });
    await patch(`Users/${user.id}`, { op: "Replace", path: "active", value: "True" });
    expect((await signIn(user.userName, subject)).id).toBe(user.id);
  });

  test("by an administrator stays so whatever SCIM says of them", async () => {
    const user = await newUser();
    await setPersonEnabled({ ctx, input: { id: user.id, enabled: false } });
    const answer = await patch(
      `Users/${user.id}`,
      { op: "replace", path: "active", value: true },
      { op: "replace", path: "title", value: "SRE" },
    );
    expect(answer).toMatchObject({ status: 200, body: { active: false, title: "SRE" } });
  });

  test("and deleted is nobody to SCIM; the same comes back, another of the address is another", async () => {
    const user = await newUser();
    await createGrant({
      ctx,
      input: {
        role: "developer",
        subjectKind: "user",
        subject: user.userName,
        subjectProvider: "oidc",
        cluster: null,
      },
    });
    expect((await server.send("DELETE", `Users/${user.id}`)).status).toBe(204);
    expect((await server.send("GET", `Users/${user.id}`)).status).toBe(404);
    expect((await filtered("Users", `userName eq "${user.userName}"`)).body.totalResults).toBe(0);
    await expect(signIn(user.userName, unique("sub"))).rejects.toMatchObject({ code: "Deactivated" });
    expect(await installation.prisma.grant.findMany({ where: { subjectId: user.id } })).toMatchObject([
      { revokedAt: expect.any(Date), revokeReason: "SCIM deleted the user" },
    ]);
    const body = { schemas: [USER], userName: user.userName, externalId: user.externalId };
    expect((await server.send("POST", "Users", { body })).body).toMatchObject({ id: user.id, active: true });
    await server.send("DELETE", `Users/${user.id}`);
    const another = await server.send("POST", "Users", { body: { ...body, externalId: "another" } });
    expect(another.status).toBe(201);
    expect(another.body.id).not.toBe(user.id);
  });
});

describe("nobody becomes more by SCIM", () => {
  test("not by attributes, nor by a group that makes administrators at a sign-in", async () => {
    const user = await newUser({
      consoleRole: "administrator",
      roles: [{ value: "administrator", primary: true }],
      entitlements: [{ value: "administrator" }],
      groups: [{ value: "admins" }],
      issuer: "https://partner.example",
      enabled: true,
    });
    const admins = await newGroup("admins", { members: [{ value: user.id }] });
    await patch(`Users/${user.id}`, {
      op: "add",
      value: { consoleRole: "administrator", console_role: "x" },
    });
    await patch(`Users/${user.id}`, { op: "replace", path: "consoleRole", value: "administrator" });
    const row = () => installation.prisma.user.findUniqueOrThrow({ where: { id: user.id } });
    expect(await row()).toMatchObject({ consoleRole: "user", issuer: ISSUER });

    await signIn(user.userName, unique("sub"), ["admins"]);
    expect(await row()).toMatchObject({ consoleRole: "administrator" });
    await patch(`Groups/${admins.id}`, { op: "remove", path: `members[value eq "${user.id}"]` });
    expect(await row()).toMatchObject({ consoleRole: "user" });
  });

  test("nor of another provider: their people and groups are not there", async () => {
    const user = await newUser();
    const group = await newGroup();
    const as = { token: partnerToken };
    const everybody = await server.send("GET", "Users", as);
    expect(everybody.body.totalResults).toBe(0);
    for (const [method, path, body] of [
      ["GET", `Users/${user.id}`],
      ["PUT", `Users/${user.id}`, { schemas: [USER], userName: user.userName, active: false }],
      [
        "PATCH",
        `Users/${user.id}`,
        { schemas: [PATCH], Operations: [{ op: "replace", value: { active: false } }] },
      ],
      ["DELETE", `Users/${user.id}`],
      ["GET", `Groups/${group.id}`],
      ["PATCH", `Groups/${group.id}`, { schemas: [PATCH], Operations: [{ op: "remove", path: "members" }] }],
      ["DELETE", `Groups/${group.id}`],
    ] as const) {
      expect((await server.send(method, path, { ...as, body })).status, `${method} ${path}`).toBe(404);
    }
    const smuggled = await server.send("POST", "Groups", {
      ...as,
      body: { schemas: [GROUP], displayName: "mine", members: [{ value: user.id }] },
    });
    expect(smuggled).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(smuggled.body.detail).toContain(user.id);
    expect((await server.send("GET", `Users/${user.id}`)).body.active).toBe(true);
    // The same address is another person there.
    const namesake = await server.send("POST", "Users", {
      ...as,
      body: { schemas: [USER], userName: user.userName },
    });
    expect(namesake.status).toBe(201);
    expect(namesake.body.id).not.toBe(user.id);
  });

  test("a token counts for SCIM alone, until it is revoked, and a token of the API's is none", async () => {
    const made = await createScimToken({ ctx, input: { name: "short", provider: "oidc" } });
    expect((await server.send("GET", "Users?count=0", { token: made.token })).status).toBe(200);
    expect(await authenticateToken(made.token)).toBeNull();
    const before = await lastEventNo(installation);
    await revokeScimToken({ ctx, input: { id: made.id } });
    const owner = await newUser();
    const api = (await issueToken({ ctx, input: { name: "t", userId: owner.id } })).token;
    for (const refused of [made.token, api, `${made.token.slice(0, -1)}0`, "x", null]) {
      const answer = await server.send("GET", "Users", { token: refused });
      expect(answer).toMatchObject({ status: 401, body: { status: "401", detail: expect.any(String) } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
    const events = await readEvents(installation, before);
    expect(events.filter(({ status }) => status === "Failed").length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(events)).not.toContain(made.token);
  });
});

test("a SCIM token is made in a session alone, and revoked with it", async () => {
  const email = `${unique("root")}@acme.example`;
  const { id: userId } = await signIn(email, unique("sub"), ["admins"]);
  const found = (await findSession(await openSession(userId)))!;
  const own = { ...ctx, ...found };
  const byToken = { ...own, credential: { ...found.credential, kind: "token" as const } };
  const input = { name: "own", provider: "oidc" };
  await expect(createScimToken({ ctx: byToken, input })).rejects.toMatchObject({ code: "permission_denied" });
  const { token: made, id } = await createScimToken({ ctx: own, input });
  expect((await server.send("GET", "Users?count=0", { token: made })).status).toBe(200);
  await revokeSession({ ctx, input: { id: found.credential.id } });
  expect((await server.send("GET", "Users?count=0", { token: made })).status).toBe(401);
  const revoked = (await readEvents(installation)).filter(({ entityId }) => entityId === id);
  expect(revoked.map(({ operation }) => operation)).toEqual(["Create", "Revoke"]);
});

describe("what is wrong is said in SCIM's words, and nothing of it is saved", () => {
  test.each([
    [
      "a filter of 10,000 characters",
      `userName eq "${"x".repeat(10_000)}"`,
      /10\d{3} characters; takes at most 1000/,
    ],
    ["many comparisons", Array(25).fill('id eq "1"').join(" or "), /more than 20/],
    ["no value", "userName eq", /not understood/],
    ["an unknown attribute", 'consoleRole eq "administrator"', /takes id, externalid/],
    ["a column of the database", 'u.issuer eq "x"', /asks of/],
    ["a wrong type", 'meta.created gt "yesterday"', /takes such as/],
    ["deep brackets", `${"(".repeat(900)}id pr${")".repeat(90)}`, /not understood/],
  ])("%s", async (_name, filter, detail) => {
    const answer = await filtered("Users", filter);
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidFilter", status: "400" } });
    expect(answer.body.detail).toMatch(detail);
  });

  test.each([
    `userName eq "x' or '1'='1"`,
    `userName eq "x\\"; drop table users; --"`,
    `userName co "%"`,
    `displayName sw "$1"`,
    `externalId eq "') or true --"`,
  ])("a filter is a value, never SQL: %s", async (filter) => {
    expect(await filtered("Users", filter)).toMatchObject({ status: 200, body: { totalResults: 0 } });
  });

  test.each<[string, string, string, unknown, number, string | undefined]>([
    ["no user name", "POST", "Users", { schemas: [USER] }, 400, "invalidValue"],
    ["no address", "POST", "Users", { schemas: [USER], userName: "ann" }, 400, "invalidValue"],
    [
      "a user of Kubernetes' own",
      "POST",
      "Users",
      { schemas: [USER], userName: "x", emails: [{ value: "system:admin" }] },
      400,
      "invalidValue",
    ],
    ["marks of direction", "POST", "Users", { userName: "a\u202eb@acme.example" }, 400, "invalidValue"],
    [
      "active that is neither",
      "POST",
      "Users",
      { userName: "a@acme.example", active: "perhaps" },
      400,
      "invalidValue",
    ],
    ["no JSON", "POST", "Users", "{", 400, "invalidSyntax"],
    ["a list", "POST", "Users", [1], 400, "invalidSyntax"],
    [
      "__proto__",
      "POST",
      "Users",
      '{"userName":"a@b.example","__proto__":{"enabled":true}}',
      400,
      "invalidSyntax",
    ],
    [
      "a group in a group",
      "POST",
      "Groups",
      { displayName: "g", members: [{ type: "Group", value: "x" }] },
      400,
      "invalidValue",
    ],
    [
      "a member that is nobody",
      "POST",
      "Groups",
      { displayName: "g", members: [{ value: crypto.randomUUID() }] },
      400,
      "invalidValue",
    ],
    ["an address that is not", "GET", "Bulk", undefined, 404, undefined],
    ["an id that is none", "GET", "Users/1", undefined, 404, undefined],
  ])("%s", async (_name, method, path, body, status, scimType) => {
    const answer = await server.send(method, path, { body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body).toMatchObject({ status: String(status), detail: expect.any(String) });
    expect(answer.body.scimType).toBe(scimType);
    expect(await installation.prisma.group.count({ where: { name: "g" } })).toBe(0);
  });

  test.each<[object, string]>([
    [{ op: "nope", path: "active", value: true }, "invalidSyntax"],
    [{ op: "remove" }, "noTarget"],
    [{ op: "replace", path: "id", value: "1" }, "mutability"],
    [{ op: "replace", path: "__proto__.enabled", value: true }, "invalidPath"],
    [{ op: "add", path: "constructor.prototype.x", value: 1 }, "invalidPath"],
    [{ op: "replace", path: "a".repeat(500), value: 1 }, "invalidPath"],
    [{ op: "replace", path: "userName", value: "" }, "invalidValue"],
  ])("a PATCH with %j", async (operation, scimType) => {
    const user = await newUser();
    const answer = await patch(`Users/${user.id}`, { op: "replace", path: "title", value: "T" }, operation);
    expect(answer).toMatchObject({ status: 400, body: { scimType } });
    expect((await server.send("GET", `Users/${user.id}`)).body.title).toBeUndefined();
    expect(({} as { enabled?: boolean }).enabled).toBeUndefined();
  });

  test("a body that is too large is refused before it is read", async () => {
    const answer = await server.send("POST", "Users", { body: { userName: "x".repeat(1_100_000) } });
    expect(answer.status).toBe(413);
  });

  test("a change that is refused is an event, with whose it was and why", async () => {
    const user = await newUser();
    const before = await lastEventNo(installation);
    await server.send("POST", "Users", { body: { schemas: [USER], userName: user.userName } });
    await patch(`Groups/${crypto.randomUUID()}`, { op: "remove", path: "members" });
    const events = await readEvents(installation, before);
    expect(events).toMatchObject(
      [
        { action: "Create", entityType: "User", status: "Failed", actorName: "SCIM: Entra", error: /taken/ },
        { action: "Update", entityType: "Group", status: "Failed", actorName: "SCIM: Entra" },
      ].map((each) => ({ ...each, error: expect.any(String) })),
    );
  });
});

describe("lists", () => {
  test("are paged, counted, sorted and cut to what is asked", async () => {
    const prefix = unique("paged");
    for (const each of ["c", "a", "b"]) await newUser({ userName: `${prefix}-${each}@acme.example` });
    const page = (more: string) => filtered("Users", `userName sw "${prefix}"`, more);
    const names = ({ body }: { body: { Resources: { userName: string }[] } }) =>
      body.Resources.map(({ userName }) => userName.replace(`${prefix}-`, "")[0]);
    const first = await page("&sortBy=userName&count=2");
    expect(first.body).toMatchObject({ totalResults: 3, itemsPerPage: 2, startIndex: 1 });
    expect(names(first)).toEqual(["a", "b"]);
    expect(names(await page("&sortBy=userName&startIndex=3&count=2"))).toEqual(["c"]);
    expect(names(await page("&sortBy=userName&sortOrder=descending"))).toEqual(["c", "b", "a"]);
    expect((await page("&count=0")).body).toMatchObject({ totalResults: 3, Resources: [] });
    expect((await page("&startIndex=-5&count=-1")).body).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
    expect(Object.keys((await page("&attributes=userName")).body.Resources[0]).sort()).toEqual([
      "id",
      "schemas",
      "userName",
    ]);
    expect(await page("&sortBy=password")).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(await page("&count=many")).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test("what the service can do is answered", async () => {
    expect((await server.send("GET", "ServiceProviderConfig")).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
    });
    expect((await server.send("GET", "ResourceTypes")).body.totalResults).toBe(2);
    expect((await server.send("GET", "Schemas")).body.totalResults).toBe(3);
    expect((await server.send("GET", "Schemas", { token: null })).status).toBe(401);
  });
});

test("a group of 5,000 is made by one request and changed by one member, and every one of them is on the record", async () => {
  const made = await installation.pool.query<{ id: string }>(
    `insert into users (issuer, email, name) select $1, 'many-' || n || '@acme.example', 'Many ' || n from generate_series(1, 5000) n returning id`,
    [ISSUER],
  );
  const members = made.rows.map(({ id }) => ({ value: id }));
  const before = await lastEventNo(installation);
  const group = await newGroup(undefined, { members: members.slice(1) });
  await patch(`Groups/${group.id}`, { op: "add", path: "members", value: [members[0]] });
  expect(await memberIds(group.id)).toHaveLength(5_000);
  const events = (await readEvents(installation, before)).filter(({ entityType }) => entityType === "Group");
  const joined = events.flatMap(({ after }) => (after as { joined?: unknown[] }).joined ?? []);
  expect(joined).toHaveLength(5_000);
});
