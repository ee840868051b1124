import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { registerCluster, removeCluster } from "../../clusters/mutations.ts";
import { type Actor, type Context, systemContext } from "../../context.ts";
import { addLocalPerson, removeLocalPerson } from "../../identity/local/people/mutations.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { createGrant, revokeGrant } from "../grants/mutations.ts";
import type { RoleRequests } from "../roles/document/schema.ts";
import { updateBuiltInRoles, updateRole } from "../roles/mutations.ts";
import {
  approveAccessRequest,
  createAccessRequest,
  endAccessRequest,
  refuseAccessRequest,
  withdrawAccessRequest,
} from "./changes/mutations.ts";
import { listAccessRequests, listRequestChoices, readAccessRequest, readRequestNotice } from "./data.ts";
import type { ApproveAccessRequestInput } from "./schema.ts";

const ctx = systemContext("test");
const HOUR = 3_600_000;
let installation: TestInstallation;
let asker: Context;
let approver: Context;
let stranger: Context;
let administrator: Context;
let auditor: Context;

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_REQUESTS_OPEN_PER_PERSON: "3" });
  await updateBuiltInRoles({ ctx });
  const credential = { kind: "token" as const, token: "s3cret" };
  for (const name of ["prod", "other"]) {
    await registerCluster({ ctx, input: { name, endpoint: "https://192.0.2.1:6443", credential } });
  }
  await allowRequests("developer", {
    requestable: true,
    approverRoles: ["cluster-admin"],
    maxDuration: "4h",
    breakGlass: { anyone: false, groups: ["on-call"] },
  });
  asker = await person("asker", { groups: ["on-call"] });
  approver = await person("approver");
  stranger = await person("stranger");
  administrator = await person("administrator", { consoleRole: "administrator" });
  auditor = await person("auditor", { consoleRole: "auditor" });
  const grant = { role: "cluster-admin", subjectKind: "user" as const, subject: "approver@acme.example" };
  await createGrant({ ctx, input: { ...grant, cluster: "prod" } });
});
afterAll(() => installation.close());

async function allowRequests(name: string, requests: RoleRequests) {
  const { id } = await installation.prisma.role.findUniqueOrThrow({ where: { name } });
  await updateRole({ ctx, input: { id, requests } });
}

interface Some {
  groups?: string[];
  consoleRole?: "administrator" | "auditor" | "user";
}

async function person(name: string, { groups = [], consoleRole = "user" }: Some = {}): Promise<Context> {
  const email = `${name}@acme.example`;
  const { id } = await createPerson({ ctx, input: { email, name, groups } });
  const members = await installation.prisma.groupMember.findMany({ where: { userId: id } });
  const groupIds = members.map(({ groupId }) => groupId);
  const actor: Actor = { kind: "user", id, name, email, consoleRole, groups, groupIds };
  return { ...ctx, actor, sourceIp: "203.0.113.9" };
}

const WANTED = { role: "developer", cluster: "prod", namespaces: ["payments", "shop"] };
const ask = (more: object = {}, as = asker) =>
  createAccessRequest({ ctx: as, input: { ...WANTED, durationMs: HOUR, reason: "INC-1", ...more } });

async function withdrawAll(as = asker) {
  const { requests } = await listAccessRequests({ ctx: as, query: { state: "open" } });
  for (const { id } of requests) await withdrawAccessRequest({ ctx: as, input: { id } });
}

describe("a request", () => {
  test("is approved for less than was asked, and is a grant that ends by itself", async () => {
    const before = await lastEventNo(installation);
    const { id, state } = await ask();
    expect(state).toBe("open");
    const input = { id, durationMs: HOUR / 2, namespaces: ["payments"], word: "half an hour will do" };
    const approved = await approveAccessRequest({ ctx: approver, input });
    expect(approved).toMatchObject({
      state: "active",
      answer: { by: "approver@acme.example", word: "half an hour will do" },
      grant: { cluster: { name: "prod" }, namespaces: ["payments"] },
    });
    const lasts = Date.parse(approved.grant!.expiresAt!) - Date.parse(approved.answer!.at);
    expect(lasts).toBeGreaterThan(HOUR / 2 - 5_000);
    expect(lasts).toBeLessThanOrEqual(HOUR / 2 + 5_000);
    const grant = await installation.prisma.grant.findUniqueOrThrow({ where: { id } });
    expect(grant).toMatchObject({ origin: "request", reason: "INC-1", grantedBy: "approver@acme.example" });
    const events = await readEvents(installation, before);
    expect(events.map(({ operation, entityType }) => `${operation} ${entityType}`)).toEqual([
      "Create AccessRequest",
      "Create AccessGrant",
      "Approve AccessRequest",
    ]);
    expect(events[2]).toMatchObject({
      entityId: id,
      entityName: "developer for asker@acme.example",
      clusterName: "prod",
      before: { state: "open", grant: null },
      after: { state: "active" },
    });
  });

  test("is never its own asker's to answer, not as an administrator either, and the attempt is on the record", async () => {
    const { id } = await ask({}, administrator);
    const before = await lastEventNo(installation);
    await expect(approveAccessRequest({ ctx: administrator, input: { id } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    expect(await readEvents(installation, before)).toMatchObject([
      { operation: "Approve", entityType: "AccessRequest", entityId: id, status: "Failed" },
    ]);
    expect((await readAccessRequest({ ctx: administrator, id })).mayAnswer).toBe(false);
    await withdrawAll(administrator);
  });

  test("is answered by who holds an approver's role there, and by administrators; others do not see it", async () => {
    const { id } = await ask();
    const elsewhere = await ask({ cluster: "other" });
    const see = async (as: Context) =>
      (await listAccessRequests({ ctx: as, query: { scope: "to_answer", state: "open" } })).requests.map(
        (each) => each.id,
      );
    expect(await see(approver)).toEqual([id]);
    expect(await see(administrator)).toEqual([id, elsewhere.id]);
    expect(await see(stranger)).toEqual([]);
    expect((await readRequestNotice({ ctx: approver })).toAnswer).toBe(1);
    await expect(readAccessRequest({ ctx: stranger, id })).rejects.toMatchObject({ code: "not_found" });
    await expect(approveAccessRequest({ ctx: stranger, input: { id } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(approveAccessRequest({ ctx: approver, input: { id: elsewhere.id } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(refuseAccessRequest({ ctx: auditor, input: { id, word: "no" } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    const refused = await refuseAccessRequest({ ctx: approver, input: { id, word: "not on a Friday" } });
    expect(refused).toMatchObject({ state: "refused", grant: null, answer: { word: "not on a Friday" } });
    expect((await listAccessRequests({ ctx: auditor, query: { scope: "all" } })).total).toBeGreaterThan(2);
    await expect(listAccessRequests({ ctx: asker, query: { scope: "all" } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    await withdrawAll();
  });

  test("is answered once, whoever answers at the same time", async () => {
    const { id } = await ask();
    const answers = await Promise.allSettled([
      approveAccessRequest({ ctx: approver, input: { id } }),
      approveAccessRequest({ ctx: administrator, input: { id } }),
      refuseAccessRequest({ ctx: administrator, input: { id, word: "no" } }),
      withdrawAccessRequest({ ctx: asker, input: { id } }),
    ]);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of answers) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "conflict" });
    }
    const { state } = await readAccessRequest({ ctx: asker, id });
    expect(await installation.prisma.grant.count({ where: { id } })).toBe(state === "active" ? 1 : 0);
  });

  test("is not approved for more than was asked", async () => {
    const { id } = await ask();
    const more: [string, ApproveAccessRequestInput][] = [
      ["durationMs", { durationMs: 2 * HOUR }],
      ["namespaces", { namespaces: [] }],
      ["namespaces", { namespaces: ["kube-system"] }],
      ["cluster", { cluster: "other" }],
    ];
    for (const [field, input] of more) {
      await expect(approveAccessRequest({ ctx: approver, input: { id, ...input } })).rejects.toMatchObject({
        code: "invalid_argument",
        details: [{ field }],
      });
    }
    expect((await readAccessRequest({ ctx: asker, id })).state).toBe("open");
    await withdrawAll();
  });

  test("lapses when nobody answers in time", async () => {
    const { id } = await ask();
    const answerBy = new Date(Date.now() - 1_000);
    await installation.prisma.accessRequest.update({ where: { id }, data: { answerBy } });
    expect((await readAccessRequest({ ctx: asker, id })).state).toBe("lapsed");
    await expect(approveAccessRequest({ ctx: approver, input: { id } })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("lapsed"),
    });
  });

  test("ends early by its person, its approver, or where its grant is revoked or its cluster removed", async () => {
    const end = async (how: (id: string) => Promise<unknown>) => {
      const { id } = await ask();
      await approveAccessRequest({ ctx: approver, input: { id } });
      const before = await lastEventNo(installation);
      await how(id);
      const written = (await readEvents(installation, before)).map(
        (each) => `${each.operation} ${each.entityType}`,
      );
      expect(written).toEqual(expect.arrayContaining(["Revoke AccessGrant", "End AccessRequest"]));
      return readAccessRequest({ ctx: asker, id });
    };
    expect(await end((id) => endAccessRequest({ ctx: asker, input: { id } }))).toMatchObject({
      state: "ended",
      grant: { endedBy: "asker@acme.example", endReason: null },
    });
    expect(
      await end((id) => endAccessRequest({ ctx: approver, input: { id, reason: "done" } })),
    ).toMatchObject({
      state: "ended",
      grant: { endedBy: "approver@acme.example", endReason: "done" },
    });
    expect(await end((id) => revokeGrant({ ctx: administrator, input: { id } }))).toMatchObject({
      state: "ended",
    });
    await expect(endAccessRequest({ ctx: asker, input: { id: (await ask()).id } })).rejects.toMatchObject({
      code: "conflict",
    });
    await withdrawAll();
  });

  test.each<[string, object, string]>([
    ["a role that nobody may ask for", { role: "cluster-admin" }, "role"],
    ["no such role", { role: "nothing" }, "role"],
    ["no such cluster", { cluster: "nowhere" }, "cluster"],
    ["longer than the role permits", { durationMs: 5 * HOUR }, "durationMs"],
  ])("is refused for %s, at its field", async (_what, input, field) => {
    await expect(ask(input)).rejects.toMatchObject({ code: "invalid_argument", details: [{ field }] });
  });

  test("is one of few that a person may have open, also of many asked at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => ask()));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    for (const each of asked) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "resource_exhausted" });
    }
    await withdrawAll();
    await withdrawAll();
  });

  test("is asked for and answered by no key whose scopes do not say so", async () => {
    const { id } = await ask();
    const credential = {
      kind: "token" as const,
      id: crypto.randomUUID(),
      expiresAt: new Date(Date.now() + HOUR),
      scopes: ["audit:read" as const],
    };
    await expect(ask({}, { ...asker, credential })).rejects.toMatchObject({ code: "permission_denied" });
    await expect(
      approveAccessRequest({ ctx: { ...approver, credential }, input: { id } }),
    ).rejects.toMatchObject({ code: "permission_denied" });
    await expect(listAccessRequests({ ctx: { ...asker, credential } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    await withdrawAll();
  });

  test("is a person's: an application asks for nothing", async () => {
    const actor: Actor = {
      kind: "application",
      id: crypto.randomUUID(),
      name: "siem",
      consoleRole: "administrator",
    };
    await expect(ask({}, { ...ctx, actor })).rejects.toMatchObject({ code: "permission_denied" });
  });
});

describe("break-glass", () => {
  test("is taken at once by whom the role names, for a time, and told to administrators and the person", async () => {
    const before = await lastEventNo(installation);
    const taken = await ask({ kind: "break_glass", reason: "prod is down" });
    expect(taken).toMatchObject({ kind: "break_glass", state: "active", answer: null });
    expect(await installation.prisma.grant.findUnique({ where: { id: taken.id } })).toMatchObject({
      origin: "break_glass",
      reason: "prod is down",
    });
    expect((await readEvents(installation, before)).at(-1)).toMatchObject({
      operation: "Create",
      entityType: "AccessRequest",
      after: { kind: "break_glass" },
    });
    const shown = async (as: Context) =>
      (await readRequestNotice({ ctx: as })).breakGlass.map(({ id }) => id);
    expect(await shown(asker)).toEqual([taken.id]);
    expect(await shown(administrator)).toEqual([taken.id]);
    expect(await shown(stranger)).toEqual([]);
    await endAccessRequest({ ctx: administrator, input: { id: taken.id, reason: "over" } });
    expect(await shown(asker)).toEqual([]);
  });

  test("is nobody else's", async () => {
    await expect(ask({ kind: "break_glass" }, stranger)).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "role" }],
    });
    expect((await listRequestChoices({ ctx: stranger })).roles).toMatchObject([
      { name: "developer", requestable: true, breakGlass: false, longestMs: 4 * HOUR },
    ]);
    expect((await listRequestChoices({ ctx: asker })).roles).toMatchObject([{ breakGlass: true }]);
  });

  test("for anyone is for those to whom some role is granted", async () => {
    await allowRequests("read-only", {
      requestable: false,
      approverRoles: [],
      breakGlass: { anyone: true, groups: [] },
    });
    const take = (as: Context) => ask({ kind: "break_glass", role: "read-only" }, as);
    await expect(take(stranger)).rejects.toMatchObject({ details: [{ field: "role" }] });
    expect((await take(approver)).state).toBe("active");
  });
});

test("a request on a cluster that is removed ends, or cannot be approved any more", async () => {
  const { id } = await ask({ cluster: "other" });
  const given = await ask({ cluster: "other" });
  await approveAccessRequest({ ctx: administrator, input: { id: given.id } });
  const before = await lastEventNo(installation);
  const cluster = await installation.prisma.cluster.findUniqueOrThrow({ where: { name: "other" } });
  await removeCluster({ ctx, input: { id: cluster.id } });
  expect(await readEvents(installation, before)).toContainEqual(
    expect.objectContaining({ operation: "End", entityType: "AccessRequest", entityId: given.id }),
  );
  expect(await readAccessRequest({ ctx: asker, id: given.id })).toMatchObject({
    state: "ended",
    grant: { endReason: "The cluster other was removed." },
  });
  await expect(approveAccessRequest({ ctx: administrator, input: { id } })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a request of a person who is removed has ended with its grant", async () => {
  const local = { email: "leaver@acme.example", name: "leaver" };
  const { id: userId } = await addLocalPerson({ ctx, input: local });
  const actor: Actor = {
    kind: "user",
    id: userId,
    ...local,
    consoleRole: "user",
    groups: [],
    groupIds: [],
  };
  const { id } = await ask({}, { ...asker, actor });
  await approveAccessRequest({ ctx: administrator, input: { id } });
  const before = await lastEventNo(installation);
  await removeLocalPerson({ ctx, input: { id: userId } });
  expect(await readEvents(installation, before)).toContainEqual(
    expect.objectContaining({ operation: "End", entityType: "AccessRequest", entityId: id }),
  );
  expect(await readAccessRequest({ ctx: administrator, id })).toMatchObject({
    state: "ended",
    grant: { endReason: "the person was removed" },
  });
});
