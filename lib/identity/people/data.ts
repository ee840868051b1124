import type { User } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { issuerInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { consoleRoleOf } from "../actor-row.ts";
import type { GroupView, PersonView } from "./schema.ts";

/** Loads a person's groups along with the person, and whose word they come by. */
export const WITH_GROUPS = {
  memberships: { include: { group: true }, orderBy: { group: { name: "asc" } } },
  accounts: { select: { issuer: true } },
} as const;

export type PersonRow = User & {
  memberships: { group: { id: string; name: string; issuer: string | null } }[];
  accounts: { issuer: string | null }[];
};

/** Every person, by e-mail address. */
export async function listPeople({ ctx }: { ctx: Context }): Promise<PersonView[]> {
  requirePermission(ctx, "people:read");
  const people = await database().user.findMany({ include: WITH_GROUPS, orderBy: { email: "asc" } });
  return people.map(viewPerson);
}

/** Every group, by name. */
export async function listGroups({ ctx }: { ctx: Context }): Promise<GroupView[]> {
  requirePermission(ctx, "people:read");
  const groups = await database().group.findMany({
    include: { _count: { select: { members: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const current = issuerInEffect(config());
  return groups.map(({ id, name, source, issuer, _count }) => ({
    id,
    name,
    members: _count.members,
    formerIssuer: issuer === current ? null : issuer,
    source: source === "local" ? "local" : "claim",
  }));
}

/** @throws AppError `not_found` where nobody has that id. */
export async function requirePerson(id: string): Promise<void> {
  const known = await database().user.findUnique({ where: { id }, select: { id: true } });
  if (!known) throw new AppError("not_found", "There is no person with that id.");
}

export function viewPerson(row: PersonRow): PersonView {
  return {
    id: row.id,
    name: row.name || row.email || "",
    email: row.email ?? "",
    enabled: row.enabled,
    disabledBy: row.disabledBy === null ? null : viewDisabledBy(row.disabledBy),
    consoleRole: consoleRoleOf(row.consoleRole),
    groups: groupNames(row),
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    formerIssuer: formerIssuerOf(row),
  };
}

/** Of the identity provider in effect: another's groups are other groups. */
export const groupNames = (row: PersonRow) => currentGroups(row).map(({ name }) => name);

export function currentGroups(row: PersonRow) {
  const current = issuerInEffect(config());
  return row.memberships.map(({ group }) => group).filter(({ issuer }) => issuer === current);
}

/** The issuer that the person signed in with, where that is not the one in effect; null otherwise. */
function formerIssuerOf({ accounts }: PersonRow): string | null {
  const current = issuerInEffect(config());
  if (accounts.some(({ issuer }) => issuer === current)) return null;
  return accounts[0]?.issuer ?? null;
}

const viewDisabledBy = (text: string) =>
  text === "identity_provider" ? ("identity_provider" as const) : ("administrator" as const);

/** The person as the one who acts: at sign-in nobody else does. */
export function actingAs(ctx: Context, row: PersonRow): Context {
  const { id, name, email, consoleRole, groups } = viewPerson(row);
  return { ...ctx, actor: { kind: "user", id, name, email, consoleRole, groups } };
}
