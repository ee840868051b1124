import { recordEvent } from "../../audit/events/record.ts";
import { type Refusal, recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { requireRoom, requireUngranted } from "../scopes/named.ts";
import { announceAccessChange } from "../table/announce.ts";
import { readDepartment, viewDepartment, WITH_PROJECTS } from "./data.ts";
import { CreateDepartmentInput, type DepartmentView, UpdateDepartmentInput } from "./schema.ts";

const entityType = "Department";

/**
 * Makes a department.
 * @throws AppError `conflict` where the name is taken, `invalid_argument` that names a project that is not known, `resource_exhausted`
 * where there are too many.
 */
export function createDepartment({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateDepartmentInput;
}): Promise<DepartmentView> {
  return recordIfRefused(ctx, { action: "Create", entityType, entityName: input.name, after: input }, () => {
    requirePermission(ctx, "projects:write");
    const { projects, ...data } = CreateDepartmentInput.parse(input);
    return inTransaction(database(), async (tx) => {
      requireRoom(await tx.department.count(), "departments");
      const holds = { create: await findProjects(tx, projects) };
      const created = tx.department.create({
        data: { ...data, projects: holds, updatedAt: new Date() },
        include: WITH_PROJECTS,
      });
      const after = viewDepartment(await refuseDuplicate(created, { field: "name", value: data.name }), 0);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Create", ...entityOf(after), after });
      return after;
    });
  });
}

/**
 * Changes a department: what its grants cover is another from then on, and what runs by them beside it ends within seconds.
 * @throws AppError `not_found`; `conflict` where the name is taken; `invalid_argument` that names a project that is not known.
 */
export function updateDepartment({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateDepartmentInput;
}): Promise<DepartmentView> {
  const { id, ...change } = input;
  const refusal: Refusal = { action: "Update", entityType, entityId: id, after: change };
  return recordIfRefused(ctx, refusal, () => {
    requirePermission(ctx, "projects:write");
    const { projects, ...data } = UpdateDepartmentInput.parse(change);
    return inTransaction(database(), async (tx) => {
      await lockDepartment(tx, id);
      const before = await readDepartment(tx, id);
      refusal.entityName = before.name;
      const holds = projects && { deleteMany: {}, create: await findProjects(tx, projects) };
      const updated = tx.department.update({
        where: { id },
        data: { ...data, projects: holds, updatedAt: new Date() },
        include: WITH_PROJECTS,
      });
      const row = await refuseDuplicate(updated, { field: "name", value: data.name ?? before.name });
      const after = viewDepartment(row, before.grants);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Update", ...entityOf(after), before, after });
      return after;
    });
  });
}

/**
 * Deletes a department that no grant names; its projects stay.
 * @throws AppError `not_found`; `conflict`, which names the grants.
 */
export function deleteDepartment({
  ctx,
  input: { id },
}: {
  ctx: Context;
  input: { id: string };
}): Promise<void> {
  const refusal: Refusal = { action: "Delete", entityType, entityId: id };
  return recordIfRefused(ctx, refusal, () => {
    requirePermission(ctx, "projects:write");
    return inTransaction(database(), async (tx) => {
      await lockDepartment(tx, id);
      const before = await readDepartment(tx, id);
      refusal.entityName = before.name;
      await requireUngranted(tx, "departmentId", { id, what: `The department ${before.name}` });
      await tx.department.delete({ where: { id } });
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Delete", ...entityOf(before), before });
    });
  });
}

/** Grants that name it meanwhile wait. */
async function lockDepartment(tx: Transaction, id: string): Promise<void> {
  await tx.$queryRaw`select 1 from departments where id = ${id}::uuid for update`;
}

/** The projects that are named, each once. What is id and name alike is the id. */
async function findProjects(tx: Transaction, texts: readonly string[]): Promise<{ projectId: string }[]> {
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    select id, name from projects where id::text = any(${[...texts]}) or name = any(${[...texts]}) for share`;
  const found = texts.map((text, index) => {
    const row = rows.find(({ id }) => id === text) ?? rows.find(({ name }) => name === text);
    return row?.id ?? refuseProject(text, index);
  });
  return [...new Set(found)].map((projectId) => ({ projectId }));
}

function refuseProject(got: string, index: number): never {
  const detail = {
    field: `projects.${index}`,
    got: JSON.stringify(got),
    takes: "the name or id of a project",
  };
  throw new AppError("invalid_argument", `${detail.field}: got ${detail.got}; takes ${detail.takes}`, {
    details: [detail],
  });
}

const entityOf = ({ id, name }: DepartmentView) => ({ entityType, entityId: id, entityName: name }) as const;
