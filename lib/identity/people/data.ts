import type { Group, User } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { issuersInEffect, LOCAL_ISSUER } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { consoleRoleOf } from "../actor/actor-row.ts";
import { providerOf } from "../providers/registry.ts";
import type { GroupView, PersonView } from "./schema.ts";

/** Loads a person's groups along with the person. */
export const WITH_GROUPS = {
  memberships: { include: { group: true }, orderBy: { group: { name: "asc" } } },
} as const;

export type PersonRow = User & {
  memberships: {
    group: { id: string; name: string; issuer: string | null; source: string };
  }[];
};

/** Every person, by e-mail address. */
export async function listPeople({ ctx }: { ctx: Context }): Promise<PersonView[]> {
  requirePermission(ctx, "people:read");
  const people = await database().user.findMany({
    include: WITH_GROUPS,
    orderBy: [{ email: "asc" }, { id: "asc" }],
  });
  return people.map(viewPerson);
}

/** Every group, by name. */
export async function listGroups({ ctx }: { ctx: Context }): Promise<GroupView[]> {
  requirePermission(ctx, "people:read");
  const groups = await database().group.findMany({
    include: { _count: { select: { members: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  return groups.map(({ _count, ...group }) => viewGroup({ ...group, members: _count.members }));
}

/** One person, with all of their groups. @throws AppError `not_found` */
export async function getPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<PersonView> {
  requirePermission(ctx, "people:read");
  const person = await database().user.findUnique({ where: { id: input.id }, include: WITH_GROUPS });
  if (!person) throw new AppError("not_found", "There is no person with that id.");
  return viewPerson(person);
}

/** One group. @throws AppError `not_found` */
export async function getGroup({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<GroupView> {
  requirePermission(ctx, "people:read");
  const group = await database().group.findUnique({
    where: { id: input.id },
    include: { _count: { select: { members: true } } },
  });
  if (!group) throw new AppError("not_found", "There is no group with that id.");
  return viewGroup({ ...group, members: group._count.members });
}

export function viewGroup(group: Group & { members: number }): GroupView {
  const { id, name, displayName, source, issuer, members } = group;
  return {
    id,
    name,
    displayName,
    members,
    ...viewBelonging(issuer),
    source: source === "local" || source === "scim" ? source : "claim",
  };
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
    groupIds: currentGroups(row).map(({ id }) => id),
    groupCount: currentGroups(row).length,
    source: sourceOf(row),
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    ...viewBelonging(row.issuer),
  };
}

function sourceOf({ issuer, scimProvisionedAt, confirmedAt, lastLoginAt }: User): PersonView["source"] {
  if (issuer === LOCAL_ISSUER) return "local";
  if (scimProvisionedAt !== null) return "scim";
  return confirmedAt === null && lastLoginAt === null ? "administrator" : "provider";
}

/** Of the person's own identity provider, while it is configured: another's groups are other groups. */
export const groupNames = (row: PersonRow) => currentGroups(row).map(({ name }) => name);

export function currentGroups({ memberships, issuer }: PersonRow) {
  if (!isInEffect(issuer)) return [];
  return memberships.map(({ group }) => group).filter((group) => group.issuer === issuer);
}

const isInEffect = (issuer: string | null) => issuer !== null && issuersInEffect(config()).includes(issuer);

/** Whose somebody or something is: the id of the provider that is configured, else the issuer of one that was. */
function viewBelonging(issuer: string | null): { provider: string | null; formerIssuer: string | null } {
  return { provider: providerOf(issuer)?.id ?? null, formerIssuer: isInEffect(issuer) ? null : issuer };
}

const viewDisabledBy = (text: string) =>
  text === "identity_provider" || text === "scim" ? text : ("administrator" as const);

/** The person as the one who acts: at sign-in nobody else does. */
export function actingAs(ctx: Context, row: PersonRow): Context {
  const { id, name, email, consoleRole, groups, groupIds } = viewPerson(row);
  return { ...ctx, actor: { kind: "user", id, name, email, consoleRole, groups, groupIds } };
}
