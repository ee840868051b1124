import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { registerCluster, removeCluster } from "../clusters/mutations.ts";
import type { ClusterView } from "../clusters/schema.ts";
import { type Actor, type Context, systemContext } from "../context.ts";
import type { Fresh } from "../db/keep-fresh.ts";
import { createApplication } from "../identity/applications/mutations.ts";
import { listGroups } from "../identity/people/data.ts";
import { createPerson } from "../identity/people/mutations.ts";
import { decide } from "./decide.ts";
import { listGrants, listOwnGrants } from "./grants/data.ts";
import { createGrant, revokeGrant } from "./grants/mutations.ts";
import { listRoles } from "./roles/data.ts";
import { updateBuiltInRoles } from "./roles/mutations.ts";
import { onDecisionTable } from "./table/current.ts";
import { startDecisionTable } from "./table/refresh.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
let table: Fresh;
let cluster: ClusterView;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  table = await startDecisionTable({ pollMs: 200 });
  cluster = await newCluster("prod");
});
afterAll(async () => {
  await table.stop();
  await installation.close();
});

const newCluster = (name: string) =>
  registerCluster({ ctx, input: { name, endpoint: "https://192.0.2.1", credential: { kind: "none" } } });

let made = 0;
async function newPerson(groups: string[] = []): Promise<Extract<Actor, { kind: "user" }>> {
  made += 1;
  const email = `p${made}@acme.example`;
  const { id, name } = await createPerson({ ctx, input: { email, name: email, groups } });
  const ids = new Map((await listGroups({ ctx })).map((group) => [group.name, group.id]));
  const groupIds = groups.map((group) => ids.get(group)!);
  return { kind: "user", id, name, email, consoleRole: "user", groups, groupIds };
}

const GET_POD = {
  isResourceRequest: true,
  path: "/api/v1/namespaces/payments/pods/web",
  verb: "get",
  apiGroup: "",
  namespace: "payments",
  resource: "pods",
  subresource: "",
  name: "web",
};
const decideFor = (actor: Actor, on: { id: string; name: string } = cluster) =>
  decide({
    actor,
    cluster: on,
    attributes: GET_POD,
    circumstances: {
      time: Date.now(),
      clientAddress: null,
      accessMethod: "CLI",
      sessionKind: null,
      secondFactorAt: null,
    },
    impersonation: null,
  });
const roleOf = (actor: Actor, on?: { id: string; name: string }) => {
  const decision = decideFor(actor, on);
  return decision.allowed ? decision.role : null;
};
const becomes = (actor: Actor, role: string | null, on?: { id: string; name: string }) =>
  expect.poll(() => roleOf(actor, on)).toBe(role);

describe("the built-in roles", () => {
  test("are there, and change nothing at the second start", async () => {
    const before = await lastEventNo(installation);
    await Promise.all([updateBuiltInRoles({ ctx }), updateBuiltInRoles({ ctx })]);
    expect(await lastEventNo(installation)).toBe(before);
    const names = (await listRoles({ ctx })).map(({ name, builtIn }) => `${name} ${builtIn}`);
    expect(names).toEqual(["cluster-admin true", "developer true", "read-only true"]);
  });

  test.each([
    ["no rules", []],
    ["a rule that is not understood here", [{ effect: "allow", verbs: ["get"], weekdays: [1] }]],
  ])("are brought back when another version left them with %s", async (_what, rules) => {
    await installation.pool.query(
      "update roles set rules = $1, updated_at = now() where name = 'read-only'",
      [JSON.stringify(rules)],
    );
    const before = await lastEventNo(installation);
    await updateBuiltInRoles({ ctx });
    expect(await readEvents(installation, before)).toMatchObject([
      { operation: "Update", entityType: "Role", entityName: "read-only", before: { rules } },
    ]);
  });
});

describe("a grant", () => {
  test("counts within moments, and stops to when it is revoked, which is told with the table that knows it", async () => {
    const person = await newPerson();
    expect(roleOf(person)).toBeNull();
    const input = { role: "developer", subjectKind: "user" as const, subject: person.email, cluster: "prod" };
    const grant = await createGrant({ ctx, input: { ...input, namespaces: ["payments"] } });
    await becomes(person, "developer");
    expect(grant).toMatchObject({
      subject: { id: person.id, name: person.email },
      cluster: { name: "prod" },
    });
    const told: (string | null)[] = [];
    const unsubscribe = onDecisionTable(() => told.push(roleOf(person)));
    await revokeGrant({ ctx, input: { id: grant.id } });
    await expect.poll(() => told).toContain(null);
    unsubscribe();
    await expect(revokeGrant({ ctx, input: { id: grant.id } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("counts for a group before anybody brought it, and for applications", async () => {
    const input = { role: "read-only", cluster: null };
    await createGrant({ ctx, input: { ...input, subjectKind: "group", subject: "newcomers" } });
    await becomes(await newPerson(["newcomers"]), "read-only");
    const application = await createApplication({ ctx, input: { name: "scanner" } });
    await createGrant({ ctx, input: { ...input, subjectKind: "application", subject: "scanner" } });
    const { id, name, consoleRole } = application;
    await becomes({ kind: "application", id, name, consoleRole }, "read-only");
  });

  test("counts for a group whose name looks like an id, as Entra ID names them, before and after somebody brought it", async () => {
    const name = crypto.randomUUID();
    const input = { role: "read-only", subjectKind: "group" as const, cluster: "prod" };
    const granted = await createGrant({ ctx, input: { ...input, subject: name } });
    expect(granted.subject).toMatchObject({ kind: "group", name });
    await becomes(await newPerson([name]), "read-only");
    const again = await createGrant({ ctx, input: { ...input, subject: name } });
    const byId = await createGrant({ ctx, input: { ...input, subject: granted.subject.id } });
    expect([again.subject.id, byId.subject.id]).toEqual([granted.subject.id, granted.subject.id]);
    // Whoever names a group by another's id takes no grant that was meant for that.
    await newPerson([granted.subject.id]);
    await expect(
      createGrant({ ctx, input: { ...input, subject: granted.subject.id } }),
    ).rejects.toMatchObject({
      details: [{ field: "subject", takes: expect.stringContaining("one group's id and another's name") }],
    });
    for (const { id } of [granted, again, byId]) await revokeGrant({ ctx, input: { id } });
  });

  test("that ends by the clock ends, which the decision foretells", async () => {
    const person = await newPerson();
    const end = Date.now() + 60_000;
    const expiresAt = new Date(end).toISOString();
    const input = {
      role: "read-only",
      subjectKind: "user" as const,
      subject: person.id,
      cluster: null,
      expiresAt,
    };
    await createGrant({ ctx, input });
    await becomes(person, "read-only");
    expect(decideFor(person)).toMatchObject({ until: end });
    vi.useFakeTimers({ toFake: ["Date"], now: end - 1 });
    try {
      expect(roleOf(person)).toBe("read-only");
      vi.setSystemTime(end);
      expect(roleOf(person)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  test("ends with its cluster, whose name may be given again", async () => {
    const person = await newPerson();
    const first = await newCluster("again");
    const input = { role: "read-only", subjectKind: "user" as const, subject: person.id };
    await createGrant({ ctx, input: { ...input, cluster: first.id } });
    await becomes(person, "read-only", first);
    await removeCluster({ ctx, input: { id: first.id } });
    await becomes(person, null, first);
    const second = await newCluster("again");
    expect(second.id).not.toBe(first.id);
    expect(roleOf(person, second)).toBeNull();
  });

  test("counts also where its announcement is lost", async () => {
    const person = await newPerson();
    const { rows } = await installation.pool.query("select id from roles where name = 'developer'");
    // As a replica would whose notification does not arrive.
    const grant = "insert into grants (role_id, subject_kind, subject_id) values ($1, 'user', $2)";
    await installation.pool.query(grant, [rows[0].id, person.id]);
    await becomes(person, "developer");
    await installation.pool.query("update grants set revoked_at = now() where subject_id = $1", [person.id]);
    await becomes(person, null);
  });

  test.each([
    ["an effect", { effect: "perhaps" }],
    ["a condition", { effect: "allow", verbs: ["*"], apiGroups: ["*"], resources: ["*"], weekdays: [1] }],
  ])("of a role whose rules have %s that is not known here denies", async (what, rule) => {
    const person = await newPerson();
    const input = { subjectKind: "user" as const, subject: person.id, cluster: null };
    await createGrant({ ctx, input: { ...input, role: "read-only" } });
    await becomes(person, "read-only");
    const role = "insert into roles (name, rules, kubernetes_groups) values ($1, $2, '{}')";
    const name = `newer-${what}`;
    await installation.pool.query(role, [name, JSON.stringify([rule])]);
    await createGrant({ ctx, input: { ...input, role: name } });
    await becomes(person, null);
  });

  test.each([
    [{ role: "nobody" }, "role"],
    [{ subject: "nobody@acme.example" }, "subject"],
    [{ cluster: "nowhere" }, "cluster"],
    [{ expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt"],
  ])("with %o names what is wrong", async (wrong, field) => {
    const person = await newPerson();
    const input = {
      role: "developer",
      subjectKind: "user" as const,
      subject: person.id,
      cluster: "prod",
      ...wrong,
    };
    const before = await lastEventNo(installation);
    await expect(createGrant({ ctx, input })).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field, got: Object.values(wrong)[0] }],
    });
    expect(await readEvents(installation, before)).toMatchObject([
      {
        operation: "Create",
        entityType: "AccessGrant",
        status: "Failed",
        error: expect.stringContaining(field),
      },
    ]);
  });

  test("is seen by those who may, and one's own by everybody", async () => {
    const person = await newPerson(["seers"]);
    const own: Context = { ...ctx, actor: person };
    await createGrant({
      ctx,
      input: { role: "developer", subjectKind: "group", subject: "seers", cluster: "prod" },
    });
    expect(await listOwnGrants({ ctx: own })).toMatchObject([
      { role: { name: "developer" }, subject: { name: "seers" } },
    ]);
    await expect(listGrants({ ctx: own })).rejects.toMatchObject({ code: "permission_denied" });
    expect((await listGrants({ ctx })).grants.length).toBeGreaterThan(1);
  });
});

describe("who may not", () => {
  const contexts = (person: Extract<Actor, { kind: "user" }>): [Context, string][] => [
    [{ ...ctx, actor: { kind: "anonymous" } }, "unauthenticated"],
    [{ ...ctx, actor: person }, "permission_denied"],
    [{ ...ctx, actor: { ...person, consoleRole: "auditor" } }, "permission_denied"],
  ];

  test("grant, revoke, or change clusters, and events say that they tried", async () => {
    const person = await newPerson();
    const input = { role: "cluster-admin", subjectKind: "user" as const, subject: person.id, cluster: null };
    const grant = await createGrant({ ctx, input: { ...input, role: "read-only" } });
    const before = await lastEventNo(installation);
    for (const [as, code] of contexts(person)) {
      await expect(createGrant({ ctx: as, input })).rejects.toMatchObject({ code });
      await expect(revokeGrant({ ctx: as, input: { id: grant.id } })).rejects.toMatchObject({ code });
      await expect(removeCluster({ ctx: as, input: { id: cluster.id } })).rejects.toMatchObject({ code });
      await expect(updateBuiltInRoles({ ctx: as })).rejects.toMatchObject({ code });
    }
    const events = await readEvents(installation, before);
    expect(events.filter(({ status }) => status === "Succeeded")).toEqual([]);
    // Whom nobody knows gets no further than to be refused.
    const tried = events.filter(({ entityType }) => entityType === "AccessGrant");
    expect(tried.map(({ operation, actorKind }) => `${actorKind} ${operation}`)).toEqual([
      "user Create",
      "user Revoke",
      "user Create",
      "user Revoke",
    ]);
  });
});
