import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Prisma, type Role } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { requirePermission } from "../permission.ts";
import { PolicyRule } from "../policy/schema.ts";
import { requireUngranted } from "../scopes/named.ts";
import { announceAccessChange } from "../table/announce.ts";
import { BUILT_IN_ROLES, type BuiltInRole } from "./built-in.ts";
import { dataOf, insertRole, lockRole, requireOwn, requireVersionOf, writeRole } from "./change-role.ts";
import { readWritten } from "./check-role.ts";
import { detailRole, storedRole, viewRole } from "./data.ts";
import type { RoleDocument } from "./document/schema.ts";
import { documentOf, requireDocument } from "./document/stored-document.ts";
import {
  CreateRoleInput,
  ReplaceRoleInput,
  RestoreRoleInput,
  type RoleDetail,
  type RoleView,
  UpdateRoleInput,
} from "./schema.ts";
import { requireVersion } from "./versions.ts";

type Verb<Input, Output> = (given: { ctx: Context; input: Input }) => Promise<Output>;

const entityType = "Role";
const entityOf = ({ id, name }: Role) => ({ entityType, entityId: id, entityName: name }) as const;

/**
 * Makes a role of a document. It allows nothing until it is granted.
 * @throws AppError `invalid_argument`, which names each field and its line; `conflict` where the name is taken.
 */
export const createRole: Verb<CreateRoleInput, RoleDetail> = ({ ctx, input }) =>
  recordIfRefused(ctx, { action: "Create", entityType, after: input }, async () => {
    requirePermission(ctx, "access:write");
    const { reason, ...written } = CreateRoleInput.parse(input);
    const document = readWritten(written);
    const role = await inTransaction(database(), async (tx) => {
      const after = await insertRole(tx, ctx, document, { reason });
      await recordEvent(tx, ctx, {
        action: "Create",
        ...entityOf(after),
        after: { ...storedRole(after), reason },
      });
      return after;
    });
    return detailRole(role);
  });

/**
 * Puts another document in a role's place. What runs by it and would be decided otherwise ends within seconds.
 * @throws AppError `not_found`; `invalid_argument`; `conflict` where the role is another by now, is built in, or the name is taken.
 */
export const replaceRole: Verb<{ id: string } & ReplaceRoleInput, RoleDetail> = ({
  ctx,
  input: { id, ...input },
}) =>
  recordIfRefused(ctx, { action: "Update", entityType, entityId: id, after: input }, async () => {
    requirePermission(ctx, "access:write");
    const { reason, version, ...written } = ReplaceRoleInput.parse(input);
    const document = readWritten(written);
    return putDocument(ctx, { id, version, document, reason, operation: "Update" });
  });

/**
 * Makes an earlier version of a role the newest again.
 * @throws AppError as of `replaceRole`; `not_found` also for the version.
 */
export const restoreRole: Verb<{ id: string } & RestoreRoleInput, RoleDetail> = ({
  ctx,
  input: { id, ...input },
}) =>
  recordIfRefused(
    ctx,
    { action: "Update", operation: "Restore", entityType, entityId: id, after: input },
    async () => {
      requirePermission(ctx, "access:write");
      const { reason, version, restore } = RestoreRoleInput.parse(input);
      const { document } = await requireVersion(id, restore);
      const words = reason ?? `Version ${restore} again`;
      return putDocument(ctx, {
        ...{ id, version, document: requireDocument(document), reason: words, operation: "Restore" },
      });
    },
  );

interface Put {
  id: string;
  version: number;
  document: RoleDocument;
  reason: string | null;
  operation: "Update" | "Restore";
}

async function putDocument(
  ctx: Context,
  { id, version, document, reason, operation }: Put,
): Promise<RoleDetail> {
  const role = await inTransaction(database(), async (tx) => {
    const before = await lockRole(tx, id);
    requireOwn(before);
    requireVersionOf(before, version);
    const after = await writeRole(tx, ctx, { before, data: dataOf(document), change: operation, reason });
    await recordEvent(tx, ctx, {
      ...{ action: "Update", operation, ...entityOf(after) },
      before: storedRole(before),
      after: { ...storedRole(after), reason },
    });
    return after;
  });
  return detailRole(role);
}

/**
 * Deletes a role that no grant names. Its versions go with it; Event History keeps what it was.
 * @throws AppError `not_found`; `conflict` where grants name it, or it is built in.
 */
export const deleteRole: Verb<{ id: string }, void> = ({ ctx, input: { id } }) =>
  recordIfRefused(ctx, { action: "Delete", entityType, entityId: id }, async () => {
    requirePermission(ctx, "access:write");
    await inTransaction(database(), async (tx) => {
      const before = await lockRole(tx, id);
      requireOwn(before);
      await requireUngranted(tx, "roleId", { id, what: `The role ${before.name}` });
      // Grants that were taken back; their events stay.
      await tx.grant.deleteMany({ where: { roleId: id } });
      await tx.role.delete({ where: { id } });
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Delete", ...entityOf(before), before: storedRole(before) });
    });
  });

/**
 * Changes what a role says of the recording of its sessions and of how people may ask for it, of a built-in one, too. Sessions that are running go
 * on as they began.
 * @throws AppError `not_found`.
 */
export const updateRole: Verb<{ id: string } & UpdateRoleInput, RoleView> = ({
  ctx,
  input: { id, ...input },
}) =>
  recordIfRefused(ctx, { action: "Update", entityType, entityId: id, after: input }, async () => {
    requirePermission(ctx, "access:write");
    const { requests, ...recording } = UpdateRoleInput.parse(input);
    const data = { ...recording, ...(requests !== undefined && { requests: requests ?? Prisma.DbNull }) };
    return inTransaction(database(), async (tx) => {
      const before = await lockRole(tx, id);
      const after = await writeRole(tx, ctx, { before, data, change: "Update", reason: null });
      await recordEvent(tx, ctx, {
        ...{ action: "Update", ...entityOf(after) },
        before: storedRole(before),
        after: storedRole(after),
      });
      return viewRole(after);
    });
  });

/**
 * Brings the built-in roles in the database to what this version says, but for what an administrator chose of recording and requests; each that differs is an event. Called at start.
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
  if (before && isUnchanged(before, role)) return;
  const after = before
    ? await writeRole(tx, ctx, {
        before,
        data: { ...role, rules: role.rules, builtin: true },
        change: "Update",
        reason: "The version of Kubewitness that was started",
      })
    : await insertRole(tx, ctx, documentOfBuiltIn(role), { builtin: true });
  await recordEvent(tx, ctx, {
    ...{ action: before ? "Update" : "Create", ...entityOf(after) },
    before: before ? storedRole(before) : null,
    after: storedRole(after),
  });
}

function documentOfBuiltIn(role: BuiltInRole): RoleDocument {
  const rest = {
    record: "best_effort",
    recordInput: false,
    kubernetesUser: null,
    auditReads: null,
    requests: null,
  };
  return requireDocument(documentOf({ ...rest, ...role }));
}

function isUnchanged(before: Role, role: BuiltInRole): boolean {
  const { name, description, kubernetesGroups, impersonateUsers, impersonateGroups } = before;
  // Stored by a version that knew less of rules, they mean the same.
  const rules = z.array(PolicyRule).safeParse(before.rules);
  const stored = { name, description, kubernetesGroups, impersonateUsers, impersonateGroups };
  return before.builtin && rules.success && isDeepStrictEqual({ ...stored, rules: rules.data }, role);
}
