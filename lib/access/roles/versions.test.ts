import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import type { Context } from "../../context.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { createGrant, revokeGrant } from "../grants/mutations.ts";
import { checkRole } from "./check-role.ts";
import { getRole, listRoles } from "./data.ts";
import {
  createRole,
  deleteRole,
  replaceRole,
  restoreRole,
  updateBuiltInRoles,
  updateRole,
} from "./mutations.ts";
import { getRoleVersion, listRoleVersions } from "./versions.ts";

const system: Context = {
  actor: { kind: "system", name: "test" },
  sourceIp: null,
  userAgent: null,
  requestId: "00000000-0000-4000-8000-000000000001",
};
let installation: TestInstallation;
let ctx: Context;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx: system });
  const input = { email: "ann@acme.example", name: "Ann", groups: [] };
  const { id, name, email } = await createPerson({ ctx: system, input });
  const actor = {
    kind: "user",
    id,
    name,
    email,
    consoleRole: "administrator",
    groups: [],
    groupIds: [],
  } as const;
  ctx = { ...system, actor };
});
afterAll(() => installation.close());

const yamlOf = (name: string, verbs: string) => `
apiVersion: kubewitness.io/v1
kind: Role
metadata: { name: ${name} }
spec:
  rules:
    - { effect: allow, apiGroups: [""], resources: [pods], verbs: [${verbs}] }
`;

async function roleNamed(name: string) {
  const role = (await listRoles({ ctx })).find((each) => each.name === name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

const eventsSince = async (no: number) =>
  (await readEvents(installation, no)).map(({ operation, status, entityName }) => [
    operation,
    status,
    entityName,
  ]);

test("each change of a role is a version with author, reason and what changed", async () => {
  const made = await createRole({ ctx, input: { yaml: yamlOf("viewer", "get"), reason: "for support" } });
  expect(made).toMatchObject({ name: "viewer", builtIn: false, version: 1, warnings: [] });
  expect(made.yaml).toContain("name: viewer\n");
  const second = { id: made.id, version: 1, yaml: yamlOf("viewer", "get, list"), reason: "lists too" };
  expect(await replaceRole({ ctx, input: second })).toMatchObject({ version: 2 });
  await updateRole({ ctx, input: { id: made.id, record: "required" } });
  const back = { id: made.id, version: 3, restore: 1 };
  expect(await restoreRole({ ctx, input: back })).toMatchObject({ version: 4, record: "best_effort" });

  const { versions, next } = await listRoleVersions({ ctx, input: { id: made.id, limit: 3 } });
  expect(versions.map(({ version, change, reason, author }) => [version, change, reason, author])).toEqual([
    [4, "Restore", "Version 1 again", "ann@acme.example"],
    [3, "Update", null, "ann@acme.example"],
    [2, "Update", "lists too", "ann@acme.example"],
  ]);
  expect(next).toBe(2);
  const rest = await listRoleVersions({ ctx, input: { id: made.id, limit: 3, before: next! } });
  expect(rest).toMatchObject({
    versions: [{ version: 1, change: "Create", reason: "for support" }],
    next: null,
  });

  const changed = await getRoleVersion({ ctx, input: { id: made.id, version: 2 } });
  expect(changed.diff).toContain("\n+        - list\n");
  expect(changed.document.spec.rules[0]?.verbs).toEqual(["get", "list"]);
  expect(await getRoleVersion({ ctx, input: { id: made.id, version: 4, against: 1 } })).toMatchObject({
    diff: "",
  });
  expect((await getRoleVersion({ ctx, input: { id: made.id, version: 1 } })).against).toBeNull();
});

test("a change to a version that is no more is refused, and so is one of two at once", async () => {
  const { id } = await createRole({ ctx, input: { yaml: yamlOf("raced", "get") } });
  const changes = ["list", "watch", "delete"].map((verb) =>
    replaceRole({ ctx, input: { id, version: 1, yaml: yamlOf("raced", verb) } }),
  );
  const settled = await Promise.allSettled(changes);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const refused = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(refused.reason).toMatchObject({ code: "conflict", message: /it is at version 2, not 1/ });
  expect((await listRoleVersions({ ctx, input: { id, limit: 10 } })).versions).toHaveLength(2);
});

describe("refused, with an event of it and nothing changed", () => {
  test("a document, at its field and line", async () => {
    const before = await lastEventNo(installation);
    const yaml = yamlOf("broken", "get").replace("apiGroups", "apiGroup");
    await expect(createRole({ ctx, input: { yaml } })).rejects.toMatchObject({
      code: "invalid_argument",
      message: "line 7, column 24: spec.rules.0.apiGroup: no field of this name is known",
      details: [
        { field: "spec.rules.0.apiGroup", position: { line: 7, column: 24 } },
        { field: "spec.rules.0.apiGroups", position: { line: 7, column: 7 } },
      ],
    });
    expect(await eventsSince(before)).toEqual([["Create", "Failed", null]]);
    expect((await listRoles({ ctx })).map(({ name }) => name)).not.toContain("broken");
  });

  test("a name that is taken", async () => {
    await expect(createRole({ ctx, input: { yaml: yamlOf("developer", "get") } })).rejects.toMatchObject({
      code: "conflict",
      details: [{ field: "metadata.name", got: "developer" }],
    });
  });

  test("a change of a role that comes with the program, but of its recording", async () => {
    const { id, version } = await roleNamed("developer");
    const before = await lastEventNo(installation);
    const change = { id, version, yaml: yamlOf("developer", "get") };
    await expect(replaceRole({ ctx, input: change })).rejects.toMatchObject({
      code: "conflict",
      message: /comes with Kubewitness.*Copy it/,
    });
    await expect(deleteRole({ ctx, input: { id } })).rejects.toMatchObject({ code: "conflict" });
    expect((await eventsSince(before)).map(([operation, status]) => [operation, status])).toEqual([
      ["Update", "Failed"],
      ["Delete", "Failed"],
    ]);
    expect(await roleNamed("developer")).toMatchObject({ version });
  });

  test("a role that is granted is not deleted, and is where the grant is taken back", async () => {
    const { id } = await createRole({ ctx, input: { yaml: yamlOf("granted", "get") } });
    const subject = { subjectKind: "user" as const, subject: "ann@acme.example" };
    const grant = await createGrant({ ctx, input: { role: "granted", ...subject, cluster: null } });
    await expect(deleteRole({ ctx, input: { id } })).rejects.toMatchObject({
      code: "conflict",
      message: /granted to user ann@acme.example/,
    });
    await revokeGrant({ ctx, input: { id: grant.id } });
    await deleteRole({ ctx, input: { id } });
    await expect(getRole({ ctx, input: { id } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("whoever may not change access", async () => {
    const auditor: Context = { ...ctx, actor: { ...ctx.actor, consoleRole: "auditor" } as Context["actor"] };
    const input = { yaml: yamlOf("of-an-auditor", "get") };
    await expect(createRole({ ctx: auditor, input })).rejects.toMatchObject({ code: "permission_denied" });
    expect(await checkRole({ ctx: auditor, input })).toMatchObject({ problems: [] });
  });
});

test("the event of a change has the role before and after, and why", async () => {
  const { id } = await createRole({ ctx, input: { yaml: yamlOf("told", "get") } });
  const before = await lastEventNo(installation);
  await replaceRole({ ctx, input: { id, version: 1, yaml: yamlOf("told", "list"), reason: "ticket 4711" } });
  const [event] = await readEvents(installation, before);
  expect(event).toMatchObject({
    operation: "Update",
    entityName: "told",
    before: { version: 1, rules: [{ verbs: ["get"] }] },
    after: { version: 2, rules: [{ verbs: ["list"] }], reason: "ticket 4711" },
  });
});

test("a name that no cluster has is a warning, a pattern is none", async () => {
  const rule = "{ effect: allow, clusters: [prod-*, nowhere]";
  const yaml = yamlOf("far", "get").replace("{ effect: allow", rule);
  const { document, problems } = await checkRole({ ctx, input: { yaml } });
  expect(document).not.toBeNull();
  expect(problems).toMatchObject([{ severity: "warning", field: "spec.rules.0.clusters.1" }]);
  expect((await createRole({ ctx, input: { yaml } })).warnings).toMatchObject([{ severity: "warning" }]);
});
