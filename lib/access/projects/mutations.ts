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
import { readProject, viewProject, WITH_DEPARTMENTS } from "./data.ts";
import { CreateProjectInput, type ProjectView, UpdateProjectInput } from "./schema.ts";

const entityType = "Project";

/**
 * Makes a project.
 * @throws AppError `conflict` where the name is taken, `resource_exhausted` where there are too many.
 */
export function createProject({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateProjectInput;
}): Promise<ProjectView> {
  return recordIfRefused(ctx, { action: "Create", entityType, entityName: input.name, after: input }, () => {
    requirePermission(ctx, "projects:write");
    const data = CreateProjectInput.parse(input);
    return inTransaction(database(), async (tx) => {
      requireRoom(await tx.project.count(), "projects");
      const created = tx.project.create({ data, include: WITH_DEPARTMENTS });
      const after = viewProject(await refuseDuplicate(created, { field: "name", value: data.name }), 0);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Create", ...entityOf(after), after });
      return after;
    });
  });
}

/**
 * Changes a project: what its grants cover is another from then on, and what runs by them beside it ends within seconds.
 * @throws AppError `not_found`; `conflict` where the name is taken.
 */
export function updateProject({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateProjectInput;
}): Promise<ProjectView> {
  const { id, ...change } = input;
  const refusal: Refusal = { action: "Update", entityType, entityId: id, after: change };
  return recordIfRefused(ctx, refusal, () => {
    requirePermission(ctx, "projects:write");
    const data = UpdateProjectInput.parse(change);
    return inTransaction(database(), async (tx) => {
      await lockProject(tx, id);
      const before = await readProject(tx, id);
      refusal.entityName = before.name;
      const updated = tx.project.update({ where: { id }, data, include: WITH_DEPARTMENTS });
      const row = await refuseDuplicate(updated, { field: "name", value: data.name ?? before.name });
      const after = viewProject(row, before.grants);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Update", ...entityOf(after), before, after });
      return after;
    });
  });
}

/**
 * Deletes a project that no grant and no department names.
 * @throws AppError `not_found`; `conflict`, which names them.
 */
export function deleteProject({
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
      await lockProject(tx, id);
      const before = await readProject(tx, id);
      refusal.entityName = before.name;
      await requireUngranted(tx, "projectId", { id, what: `The project ${before.name}` });
      requireInNoDepartment(before);
      await tx.project.delete({ where: { id } });
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Delete", ...entityOf(before), before });
    });
  });
}

/** Grants and departments that name it meanwhile wait. */
async function lockProject(tx: Transaction, id: string): Promise<void> {
  await tx.$queryRaw`select 1 from projects where id = ${id}::uuid for update`;
}

function requireInNoDepartment({ name, departments }: ProjectView): void {
  if (departments.length === 0) return;
  const named = departments.map((department) => department.name).join(", ");
  throw new AppError(
    "conflict",
    `The project ${name} is in ${departments.length === 1 ? "the department" : "the departments"} ${named}. Take it out first.`,
  );
}

const entityOf = ({ id, name }: ProjectView) => ({ entityType, entityId: id, entityName: name }) as const;
