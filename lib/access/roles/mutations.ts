import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { PolicyRule } from "../policy/schema.ts";
import { announceAccessChange } from "../table/announce.ts";
import { BUILT_IN_ROLES, type BuiltInRole } from "./built-in.ts";
import { storedRole, viewRole } from "./data.ts";
import { type RoleView, UpdateRoleInput } from "./schema.ts";

/**
 * Changes what a role says of the recording of its sessions, of a built-in one, too. Sessions that are running go on as they began.
 * @throws AppError `not_found`.
 */
export async function updateRole({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateRoleInput;
}): Promise<RoleView> {
  requirePermission(ctx, "access:write");
  const { id, ...rest } = input;
  const data = UpdateRoleInput.parse(rest);
  return inTransaction(database(), async (tx) => {
    const before = await tx.role.findUnique({ where: { id } });
    if (!before) throw new AppError("not_found", "There is no role with that id.");
    const row = await tx.role.update({ where: { id }, data });
    await announceAccessChange(tx);
    await recordEvent(tx, ctx, {
      action: "Update",
      entityType: "Role",
      entityId: row.id,
      entityName: row.name,
      before: storedRole(before),
      after: storedRole(row),
    });
    return viewRole(row);
  });
}

/**
 * Brings the built-in roles in the database to what this version says, but for what an administrator chose of recording; each that differs is an event. Called at start.
 */
export async function updateBuiltInRoles({ ctx }: { ctx: Context }): Promise<void> {
  requirePermission(ctx, "access:write");
  await inTransaction(database(), async (tx) => {
    // Replicas start together.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('kubewitness/built-in-roles'))`;
    for (const role of BUILT_IN_ROLES) await updateBuiltInRole(tx, ctx, role);
  });
}

async function updateBuiltInRole(tx: Transaction, ctx: Context, role: BuiltInRole): Promise<void> {
  const before = await tx.role.findUnique({ where: { name: role.name } });
  const data = { ...role, rules: role.rules, builtin: true };
  if (before && isUnchanged(storedRole(before), role)) return;
  const row = before
    ? await tx.role.update({ where: { id: before.id }, data })
    : await tx.role.create({ data });
  await announceAccessChange(tx);
  await recordEvent(tx, ctx, {
    action: before ? "Update" : "Create",
    entityType: "Role",
    entityId: row.id,
    entityName: row.name,
    before: before ? storedRole(before) : null,
    after: storedRole(row),
  });
}

function isUnchanged(before: ReturnType<typeof storedRole>, role: BuiltInRole): boolean {
  const { id: _id, builtIn, record: _record, recordInput: _recordInput, ...rest } = before;
  // Stored by a version that knew less of rules, they mean the same.
  const rules = z.array(PolicyRule).safeParse(rest.rules);
  return builtIn && rules.success && isDeepStrictEqual({ ...rest, rules: rules.data }, role);
}
