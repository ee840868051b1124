import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { currentGroups, type PersonRow } from "./data.ts";
import { changeMany } from "./many-memberships.ts";

export interface MembershipChange {
  joined: string[];
  left: string[];
}

/** Of more changes at once there is one event for all: thousands of them would keep everybody else's waiting. */
const MOST_EVENTS = 100;

/**
 * Makes the person a member of exactly `groups`, within the caller's transaction: creates groups that are new, and writes an event
 * for each group that was created, joined or left; one for all where they are many. Who is in a group that SCIM provisions is SCIM's to say: nobody joins or leaves it here.
 */
export async function syncMemberships(
  tx: Transaction,
  ctx: Context,
  { person, groups }: { person: PersonRow; groups: readonly string[] },
): Promise<MembershipChange> {
  const known = currentGroups(person);
  const before = new Set(known.filter(({ source }) => source !== "scim").map(({ name }) => name));
  const provisioned = await namesOfProvisioned(tx, { issuer: person.issuer, groups });
  const after = new Set(groups.filter((name) => !provisioned.has(name)));
  const joined = [...after].filter((name) => !before.has(name)).sort();
  const left = [...before].filter((name) => !after.has(name)).sort();
  const former = formerGroups(person);
  if (joined.length + left.length + former.length > MOST_EVENTS) {
    await changeMany(tx, ctx, { person, joined, left, former });
    return { joined, left };
  }
  for (const group of former) await leaveGroup(tx, ctx, { person, group });
  for (const name of joined) await join(tx, ctx, { person, name });
  for (const name of left) await leave(tx, ctx, { person, name });
  return { joined, left };
}

/** What sign-ins may call the groups that SCIM provisions: names as ids, names as people have them, or ids of the provider's. */
async function namesOfProvisioned(
  tx: Transaction,
  { issuer, groups }: { issuer: string | null; groups: readonly string[] },
): Promise<Set<string | null>> {
  if (groups.length === 0) return new Set();
  const named = { in: [...groups] };
  const found = await tx.group.findMany({
    where: {
      issuer,
      source: "scim",
      OR: [{ name: named }, { displayName: named }, { scimExternalId: named }],
    },
    select: { name: true, displayName: true, scimExternalId: true },
  });
  return new Set(
    found.flatMap(({ name, displayName, scimExternalId }) => [name, displayName, scimExternalId]),
  );
}

interface Membership {
  person: PersonRow;
  name: string;
}

/** Those of an identity provider that does not vouch for the person any more. */
function formerGroups(person: PersonRow): { id: string; name: string }[] {
  const current = new Set(currentGroups(person).map(({ id }) => id));
  return person.memberships.map(({ group }) => group).filter(({ id }) => !current.has(id));
}

/** A group of the person's identity provider. */
function groupNamed({ person, name }: Membership) {
  if (person.issuer === null) throw new Error(`the person ${person.id} belongs to no identity provider`);
  return { issuer_name: { issuer: person.issuer, name } };
}

async function join(tx: Transaction, ctx: Context, membership: Membership): Promise<void> {
  const { person } = membership;
  const known = await tx.group.findUnique({ where: groupNamed(membership) });
  const group = known ?? (await createGroup(tx, ctx, membership));
  await tx.groupMember.create({ data: { groupId: group.id, userId: person.id } });
  await recordEvent(tx, ctx, membershipEvent(group, person, true));
}

async function leave(tx: Transaction, ctx: Context, membership: Membership): Promise<void> {
  const group = await tx.group.findUniqueOrThrow({ where: groupNamed(membership) });
  await leaveGroup(tx, ctx, { person: membership.person, group });
}

async function leaveGroup(
  tx: Transaction,
  ctx: Context,
  { person, group }: { person: PersonRow; group: { id: string; name: string } },
): Promise<void> {
  await tx.groupMember.delete({ where: { groupId_userId: { groupId: group.id, userId: person.id } } });
  await recordEvent(tx, ctx, membershipEvent(group, person, false));
}

/** Two sign-ins may bring the same new group at once. */
async function createGroup(
  tx: Transaction,
  ctx: Context,
  membership: Membership,
): Promise<{ id: string; name: string }> {
  const { name, person } = membership;
  const data = [{ name, issuer: person.issuer, source: "claim" }];
  const created = await tx.group.createMany({ data, skipDuplicates: true });
  const group = await tx.group.findUniqueOrThrow({ where: groupNamed(membership) });
  if (created.count > 0) {
    await recordEvent(tx, ctx, {
      action: "Create",
      entityType: "Group",
      entityId: group.id,
      entityName: name,
      after: { id: group.id, name, source: "claim" },
    });
  }
  return group;
}

function membershipEvent(group: { id: string; name: string }, person: PersonRow, member: boolean) {
  const of = (isMember: boolean) => ({ person: person.email, personId: person.id, member: isMember });
  return {
    action: "Update" as const,
    entityType: "Group" as const,
    entityId: group.id,
    entityName: group.name,
    before: of(!member),
    after: of(member),
  };
}
