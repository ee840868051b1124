import { z } from "zod";
import type { Role } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { PolicyRule, RecordingPolicy } from "../policy/schema.ts";
import { RoleRequests } from "./document/schema.ts";
import { documentOf, requireDocument } from "./document/stored-document.ts";
import { writeDocument } from "./document/write-document.ts";
import type { RoleDetail, RoleView } from "./schema.ts";
import { findUnknownClusters } from "./unknown-clusters.ts";

const Rules = z.array(PolicyRule);

/** Every role, by name. */
export async function listRoles({ ctx }: { ctx: Context }): Promise<RoleView[]> {
  requirePermission(ctx, "access:read");
  const roles = await database().role.findMany({ orderBy: { name: "asc" } });
  return roles.map(viewRole);
}

/** One role, with its document. @throws AppError `not_found`. */
export async function getRole({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<RoleDetail> {
  requirePermission(ctx, "access:read");
  const role = await database().role.findUnique({ where: { id: input.id } });
  if (!role) throw roleNotFound();
  return detailRole(role);
}

export const roleNotFound = () => new AppError("not_found", "There is no role with that id.");

/** A role as the API shows it. */
export function viewRole(role: Role): RoleView {
  return { ...storedRole(role), rules: Rules.parse(role.rules) };
}

/** A role with its document. */
export async function detailRole(role: Role): Promise<RoleDetail> {
  const document = requireDocument(documentOf(role));
  const warnings = await findUnknownClusters(document);
  return {
    ...viewRole(role),
    document,
    yaml: writeDocument(document),
    warnings: warnings.map(({ path, message }) => ({
      severity: "warning",
      field: path.join("."),
      message,
      position: null,
    })),
  };
}

/** A role as it is stored, also one whose rules another version wrote. */
export function storedRole(role: Role): Omit<RoleView, "rules"> & { rules: unknown } {
  const { id, name, description, kubernetesUser, kubernetesGroups, impersonateUsers, impersonateGroups } =
    role;
  return {
    id,
    name,
    description,
    builtIn: role.builtin,
    rules: role.rules,
    kubernetesUser,
    kubernetesGroups,
    impersonateUsers,
    impersonateGroups,
    record: RecordingPolicy.parse(role.record),
    recordInput: role.recordInput,
    auditReads: role.auditReads,
    requests: role.requests === null ? null : RoleRequests.parse(role.requests),
    version: role.version,
  };
}
