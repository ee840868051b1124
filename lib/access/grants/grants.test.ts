import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { updateBuiltInRoles } from "../roles/mutations.ts";
import { loadGrantRows } from "../table/load.ts";
import { listGrants } from "./data.ts";
import { createGrant, revokeGrant, updateGrant } from "./mutations.ts";
import type { ListGrantsQuery } from "./schema.ts";
import { keepGrantUses } from "./use/keep-uses.ts";
import { noteGrantUse } from "./use/noted-uses.ts";

const ctx = systemContext("test");
const MANY = 3_000;
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  await createPerson({ ctx, input: { email: "ann@acme.example", name: "Ann", groups: ["seed"] } });
  // As many as a large installation has.
  await installation.pool.query(
    `with made as (insert into groups (name, issuer, source)
       select 'team-' || lpad(n::text, 4, '0'), (select issuer from groups where name = 'seed'), 'local' from generate_series(1, $1) n returning id)
     insert into grants (role_id, subject_kind, subject_id, namespaces)
       select (select id from roles where name = 'read-only'), 'group', id, '{shop}' from made`,
    [MANY],
  );
});
afterAll(() => installation.close());

const list = (query: ListGrantsQuery) => listGrants({ ctx, query });
const grantAnn = (more: object = {}) =>
  createGrant({
    ctx,
    input: { role: "developer", subjectKind: "user", subject: "ann@acme.example", cluster: null, ...more },
  });
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("a list of thousands", () => {
  test("comes a page at a time, whole and each once", async () => {
    const names: string[] = [];
    for (let offset = 0; ; offset += 700) {
      const { grants, total } = await list({ search: "team-", limit: 700, offset });
      expect(total).toBe(MANY);
      if (grants.length === 0) break;
      names.push(...grants.map(({ subject }) => subject.name));
    }
    expect(names).toHaveLength(MANY);
    expect(new Set(names).size).toBe(MANY);
    expect(names).toEqual(names.toSorted());
  });

  test("is searched by every word, in any case, and a percent sign is one", async () => {
    expect(await list({ search: "TEAM-0042 read-only shop" })).toMatchObject({
      total: 1,
      grants: [{ subject: { name: "team-0042" } }],
    });
    expect(await list({ search: "team-0042 nowhere" })).toEqual({ total: 0, grants: [] });
    expect((await list({ search: "%" })).total).toBe(0);
  });

  test("is asked for by whose, of which role and where, and in the order that is wanted", async () => {
    const grant = await grantAnn({ expiresAt: inHours(1), reason: "ticket 4711" });
    expect((await list({ subject: grant.subject.id })).grants).toMatchObject([{ id: grant.id }]);
    expect((await list({ role: grant.role.id })).total).toBe(1);
    expect((await list({ id: grant.id })).grants).toMatchObject([{ reason: "ticket 4711" }]);
    expect((await list({ sort: "expires", limit: 1 })).grants).toMatchObject([{ id: grant.id }]);
    expect((await list({ sort: "-subject", limit: 1 })).grants).toMatchObject([
      { subject: { name: `team-${MANY}` } },
    ]);
    await expect(list({ sort: "reason; drop table grants" as "used" })).rejects.toThrow();
    await revokeGrant({ ctx, input: { id: grant.id } });
  });
});

describe("a grant", () => {
  test("is given another end, also when it is over, and never one that is", async () => {
    const { id } = await grantAnn({ expiresAt: inHours(1) });
    await installation.prisma.grant.update({
      where: { id },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    const before = await lastEventNo(installation);
    const expiresAt = inHours(2);
    expect(await updateGrant({ ctx, input: { id, expiresAt } })).toMatchObject({ id, expiresAt });
    await expect(
      updateGrant({ ctx, input: { id, expiresAt: "2020-01-01T00:00:00Z" } }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "expiresAt", got: "2020-01-01T00:00:00Z" }],
    });
    expect((await updateGrant({ ctx, input: { id, expiresAt: null } })).expiresAt).toBeNull();
    expect(await readEvents(installation, before)).toMatchObject([
      { operation: "Update", entityType: "AccessGrant", status: "Succeeded", after: { expiresAt } },
      { operation: "Update", status: "Failed", error: expect.stringContaining("expiresAt") },
      { operation: "Update", before: { expiresAt }, after: { expiresAt: null } },
    ]);
    await revokeGrant({ ctx, input: { id } });
    await expect(updateGrant({ ctx, input: { id, expiresAt } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("is revoked with a reason, which stays", async () => {
    const { id } = await grantAnn();
    const before = await lastEventNo(installation);
    await revokeGrant({ ctx, input: { id, reason: "moved to another team" } });
    expect(await installation.prisma.grant.findUniqueOrThrow({ where: { id } })).toMatchObject({
      revokedBy: "test",
      revokeReason: "moved to another team",
    });
    expect(await readEvents(installation, before)).toMatchObject([
      { operation: "Revoke", after: { reason: "moved to another team" } },
    ]);
  });

  test("says when it was used last: many uses are one write, and a turn without a new minute none", async () => {
    const { id } = await grantAnn();
    const written = async () =>
      (await installation.pool.query("select xmin::text, last_used_at from grants where id = $1", [id]))
        .rows[0];
    const fresh = await written();
    for (let i = 0; i < 1_000; i++) noteGrantUse(id);
    expect(await written()).toEqual(fresh);
    await keepGrantUses();
    const used = await written();
    expect(used.last_used_at.getTime() % 60_000).toBe(0);
    await keepGrantUses();
    expect(await written()).toEqual(used);
    expect((await list({ id })).grants[0]?.lastUsedAt).toBe(used.last_used_at.toISOString());
    await revokeGrant({ ctx, input: { id } });
  });
});

test("a grant may name the agents that carry its calls, by a tag that agents can have", async () => {
  const since = await lastEventNo(installation);
  const grant = await grantAnn({ agentTag: "eu" });
  expect((await list({ id: grant.id })).grants).toMatchObject([{ agentTag: "eu" }]);
  expect(await readEvents(installation, since)).toContainEqual(
    expect.objectContaining({ entityId: grant.id, after: expect.objectContaining({ agentTag: "eu" }) }),
  );
  expect((await loadGrantRows()).find(({ grantId }) => grantId === grant.id)).toMatchObject({
    agentTag: "eu",
  });
  await revokeGrant({ ctx, input: { id: grant.id } });
  await expect(grantAnn({ agentTag: "e u" })).rejects.toThrow(/takes a tag/);
});
