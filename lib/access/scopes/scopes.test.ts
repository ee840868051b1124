import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { createDepartment, updateDepartment } from "../departments/mutations.ts";
import { createGrant } from "../grants/mutations.ts";
import { CreateGrantInput } from "../grants/schema.ts";
import { listProjects } from "../projects/data.ts";
import { createProject, deleteProject, updateProject } from "../projects/mutations.ts";
import { CreateProjectInput } from "../projects/schema.ts";
import { updateBuiltInRoles } from "../roles/mutations.ts";
import { loadGrantRows, readAccessFingerprint } from "../table/load.ts";

const ctx = systemContext("test");
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
});
afterAll(() => installation.close());

const members = (namespaces = ["a"]) => [{ clusters: ["prod-*"], namespaces }];
const grantOn = (scope: object) =>
  createGrant({ ctx, input: { role: "developer", subjectKind: "group", subject: "g", ...scope } });

test("a grant without a cluster names none, to whoever knows only clusters", async () => {
  const { id } = await createProject({ ctx, input: { name: "none", members: members() } });
  const grant = await grantOn({ project: "none" });
  expect(grant).toMatchObject({
    cluster: null,
    project: { id, name: "none" },
    clusterIds: [],
    namespaces: [],
  });
  const { rows } = await installation.pool.query("select cluster_id, namespaces from grants where id = $1", [
    grant.id,
  ]);
  expect(rows).toEqual([{ cluster_id: "00000000-0000-0000-0000-000000000000", namespaces: [] }]);
  await expect(
    installation.pool.query("update grants set cluster_id = null where id = $1", [grant.id]),
  ).rejects.toThrow("grants_one_scope");
});

test("one place is given, and every cluster is said", () => {
  const refusal = (scope: object) =>
    CreateGrantInput.safeParse({ role: "r", subjectKind: "group", subject: "g", ...scope }).error?.issues.map(
      ({ path }) => path.join("."),
    );
  expect(refusal({})).toEqual(["cluster"]);
  expect(refusal({ cluster: null })).toBeUndefined();
  expect(refusal({ project: "p" })).toBeUndefined();
  expect(refusal({ project: "p", department: "d" })).toEqual(["department"]);
  expect(refusal({ cluster: "c", nodePool: "n" })).toEqual(["cluster"]);
  expect(refusal({ project: "p", namespaces: ["a"] })).toEqual(["namespaces"]);
});

test("what is not there is named by its field", async () => {
  await expect(grantOn({ project: "nobody's" })).rejects.toMatchObject({ details: [{ field: "project" }] });
  await expect(grantOn({ nodePool: crypto.randomUUID() })).rejects.toMatchObject({
    details: [{ field: "nodePool" }],
  });
  await expect(createDepartment({ ctx, input: { name: "d", projects: ["nobody's"] } })).rejects.toMatchObject(
    { code: "invalid_argument", details: [{ field: "projects.0" }] },
  );
});

test("a member says which clusters and which namespaces, as Kubernetes names them", () => {
  const refusal = (member: object) =>
    CreateProjectInput.safeParse({ name: "p", members: [member] }).error?.issues[0]?.path.join(".");
  expect(refusal({ namespaces: ["a"] })).toBe("members.0.clusters");
  expect(refusal({ clusters: ["a"] })).toBe("members.0.namespaces");
  expect(refusal({ clusters: ["a"], namespaces: ["A"] })).toBe("members.0.namespaces.0");
  expect(refusal({ clusters: ["a"], namespaceLabels: { "-": "x" } })).toBe("members.0.namespaceLabels.-");
  expect(refusal({ clusterLabels: { env: "no blank" }, namespaces: ["a"] })).toBe(
    "members.0.clusterLabels.env",
  );
  expect(refusal({ clusters: ["a"], namespaces: ["*"] })).toBeUndefined();
});

describe("changes", () => {
  test("are seen by the poll, each of them", async () => {
    const seen = [await readAccessFingerprint()];
    const look = async () => seen.push(await readAccessFingerprint());
    const project = await createProject({ ctx, input: { name: "seen", members: members() } });
    await look();
    const department = await createDepartment({ ctx, input: { name: "seen", projects: ["seen"] } });
    await look();
    await updateProject({ ctx, input: { id: project.id, members: members(["b"]) } });
    await look();
    const other = await createProject({ ctx, input: { name: "other", members: members() } });
    await look();
    await updateDepartment({ ctx, input: { id: department.id, projects: [other.id] } });
    await look();
    await deleteProject({ ctx, input: { id: project.id } });
    await look();
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("of members that another version wrote let the grant cover nothing that is known", async () => {
    const { id } = await createProject({ ctx, input: { name: "newer", members: members() } });
    const { id: grantId } = await grantOn({ project: id });
    await installation.pool.query(`update projects set members = '[{"zones": ["a"]}]' where id = $1`, [id]);
    const row = (await loadGrantRows()).find((each) => each.grantId === grantId);
    expect(row?.scope).toEqual({ kind: "project", name: "newer", parts: null });
    await installation.pool.query("delete from projects where id = $1", [id]);
    const orphan = (await loadGrantRows()).find((each) => each.grantId === grantId);
    expect(orphan?.scope).toMatchObject({ parts: null });
  });
});

test("lists are searched and paged", async () => {
  for (const name of ["page-1", "page-2", "page-3"])
    await createProject({ ctx, input: { name, members: members() } });
  const names = async (input: object) => {
    const { projects, total } = await listProjects({ ctx, input });
    return [projects.map(({ name }) => name), total];
  };
  expect(await names({ search: "PAGE-", limit: 2 })).toEqual([["page-1", "page-2"], 3]);
  expect(await names({ search: "page-", limit: 2, offset: 2 })).toEqual([["page-3"], 3]);
  expect(await names({ search: "%" })).toEqual([[], 0]);
});
