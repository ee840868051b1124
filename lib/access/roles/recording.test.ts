import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { type Actor, type Context, systemContext } from "../../context.ts";
import type { Fresh } from "../../db/keep-fresh.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { decide } from "../decide.ts";
import { createGrant } from "../grants/mutations.ts";
import { startDecisionTable } from "../table/refresh.ts";
import { listRoles } from "./data.ts";
import { updateBuiltInRoles, updateRole } from "./mutations.ts";

const ctx = systemContext("test");
const CLUSTER = { id: "00000000-0000-4000-8000-000000000001", name: "prod" };
let installation: TestInstallation;
let table: Fresh;
let ann: Extract<Actor, { kind: "user" }>;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  const input = { email: "ann@acme.example", name: "Ann", groups: [] };
  const { id, name, email } = await createPerson({ ctx, input });
  ann = { kind: "user", id, name, email, consoleRole: "user", groups: [], groupIds: [] };
  const subject = { subjectKind: "user" as const, subject: email };
  await createGrant({ ctx, input: { role: "read-only", ...subject, cluster: null } });
  await createGrant({ ctx, input: { role: "developer", ...subject, cluster: null } });
  await createGrant({ ctx, input: { role: "cluster-admin", ...subject, cluster: null } });
  table = await startDecisionTable({ pollMs: 200 });
});
afterAll(async () => {
  await table.stop();
  await installation.close();
});

async function roleNamed(name: string) {
  const role = (await listRoles({ ctx })).find((each) => each.name === name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

/** What the decision says of an exec of Ann's. */
function decideExec() {
  return decide({
    actor: ann,
    cluster: CLUSTER,
    attributes: {
      isResourceRequest: true,
      path: "/api/v1/namespaces/shop/pods/web/exec",
      verb: "create",
      apiGroup: "",
      namespace: "shop",
      resource: "pods",
      subresource: "exec",
      name: "web",
    },
    circumstances: {
      time: Date.now(),
      clientAddress: null,
      accessMethod: "CLI",
      sessionKind: "exec",
      secondFactorAt: null,
    },
    impersonation: null,
  });
}

test("until somebody says otherwise, sessions are recorded as long as it is possible, without what is typed", async () => {
  for (const role of await listRoles({ ctx }))
    expect(role).toMatchObject({ record: "best_effort", recordInput: false });
  expect(decideExec()).toMatchObject({ recording: { record: "best_effort", recordInput: false } });
});

test("a change is an event with what was before, and what the next decision says; another role's is not", async () => {
  const after = await lastEventNo(installation);
  const { id } = await roleNamed("cluster-admin");
  const changed = await updateRole({ ctx, input: { id, record: "required", recordInput: true } });
  expect(changed).toMatchObject({ name: "cluster-admin", record: "required", recordInput: true });
  expect(await readEvents(installation, after)).toMatchObject([
    {
      operation: "Update",
      entityType: "Role",
      entityId: id,
      before: { record: "best_effort", recordInput: false },
      after: { record: "required", recordInput: true },
    },
  ]);
  // Several of Ann's roles allow an exec: the role that allowed it says, which is the one that the row names.
  await expect
    .poll(decideExec, { timeout: 15_000 })
    .toMatchObject({ role: "cluster-admin", recording: { record: "required", recordInput: true } });
  await updateRole({ ctx, input: { id: (await roleNamed("developer")).id, record: "off" } });
  await table.reload();
  expect(decideExec()).toMatchObject({ recording: { record: "required" } });
});

test("a new start leaves what an administrator chose, and writes no event", async () => {
  const { id } = await roleNamed("developer");
  await updateRole({ ctx, input: { id, record: "off" } });
  await installation.prisma.role.update({ where: { id }, data: { description: "of another version" } });
  const after = await lastEventNo(installation);
  await updateBuiltInRoles({ ctx });
  await updateBuiltInRoles({ ctx });
  const role = await roleNamed("developer");
  expect(role.description).not.toBe("of another version");
  expect(role).toMatchObject({ record: "off", recordInput: false });
  expect(await readEvents(installation, after)).toHaveLength(1);
});

test("what is no policy is refused, with what is one", async () => {
  const { id } = await roleNamed("developer");
  const input = { id, record: "sometimes" } as never;
  await expect(updateRole({ ctx, input })).rejects.toThrow(
    'takes \\"required\\", \\"best_effort\\" or \\"off\\"',
  );
  await expect(updateRole({ ctx, input: { id } })).rejects.toThrow(
    "takes record, recordInput, requests or several of them",
  );
  await expect(
    updateRole({ ctx, input: { id: "00000000-0000-4000-8000-000000000009", record: "off" } }),
  ).rejects.toThrow("There is no role with that id.");
});

test("who may not change roles changes nothing", async () => {
  const { id } = await roleNamed("developer");
  const auditor: Context = { ...ctx, actor: { ...ann, consoleRole: "auditor" } };
  await expect(updateRole({ ctx: auditor, input: { id, record: "off" } })).rejects.toThrow("access:write");
});
