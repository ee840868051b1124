import { z } from "zod";
import type { Role } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { requirePermission } from "../permission.ts";
import { PolicyRule, RecordingPolicy } from "../policy/schema.ts";
import type { RoleView } from "./schema.ts";

const Rules = z.array(PolicyRule);

/** Every role, by name. */
export async function listRoles({ ctx }: { ctx: Context }): Promise<RoleView[]> {
  requirePermission(ctx, "access:read");
  const roles = await database().role.findMany({ orderBy: { name: "asc" } });
  return roles.map(viewRole);
}

/** A role as the API shows it. */
export function viewRole(role: Role): RoleView {
  return { ...storedRole(role), rules: Rules.parse(role.rules) };
}

/** A role as it is stored, also one whose rules another version wrote. */
export function storedRole(role: Role): Omit<RoleView, "rules"> & { rules: unknown } {
  const { id, name, description, kubernetesGroups, impersonateUsers, impersonateGroups } = role;
  return {
    id,
    name,
    description,
    builtIn: role.builtin,
    rules: role.rules,
    kubernetesGroups,
    impersonateUsers,
    impersonateGroups,
    record: RecordingPolicy.parse(role.record),
    recordInput: role.recordInput,
  };
}
